package com.centrovision.sync.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Collectors;

/** Code as it stands in a document: what is indented there, from a line that begins so. */
public final class DocumentedCode {
    private static final String INDENT = "    ";

    private DocumentedCode() {}

    public static String of(String document, String firstWords) {
        try (var lines = Files.lines(Path.of(document))) {
            var code = lines.dropWhile(line -> !line.startsWith(INDENT + firstWords))
                    .takeWhile(line -> line.isBlank() || line.startsWith(INDENT))
                    .map(line -> line.isBlank() ? "" : line.substring(INDENT.length()))
                    .collect(Collectors.joining("\n"));
            if (code.isEmpty()) {
                throw new IllegalArgumentException(firstWords + " is not in " + document);
            }
            return code;
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }
}
