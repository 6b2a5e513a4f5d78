package com.centrovision.sync.files;

import java.net.URLConnection;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** What kind of content a file has: what the storage says, else by its name. */
final class FileTypes {
    static final String UNKNOWN = "application/octet-stream";

    /** What Java's own list lacks. */
    private static final Map<String, String> MORE = Map.of(
            "dcm", "application/dicom",
            "webp", "image/webp",
            "heic", "image/heic",
            "mp4", "video/mp4",
            "mov", "video/quicktime",
            "docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
            "xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet");

    private FileTypes() {}

    static String of(ManifestFile file) {
        return Optional.of(file.cloudType())
                .filter(type -> !type.isEmpty() && !type.equals(UNKNOWN))
                .orElseGet(() -> of(file.localName()));
    }

    static String of(String name) {
        var end = name.substring(name.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
        return Optional.ofNullable(MORE.get(end))
                .or(() -> Optional.ofNullable(URLConnection.guessContentTypeFromName("x." + end)))
                .orElse(UNKNOWN);
    }
}
