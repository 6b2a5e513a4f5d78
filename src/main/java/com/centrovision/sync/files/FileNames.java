package com.centrovision.sync.files;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What a file of the storage is called in the folder and back. The storage allows plain ASCII alone: other letters stand
 * there as {@code =C3=B1}. The folder must hold on Windows too: what that forbids stands there as {@code %3F}. Either way
 * leads back to the same name; {@code docs/files.md} has examples.
 */
public final class FileNames {
    private static final Pattern IN_CLOUD = Pattern.compile("[\\w!.*'() &$@=;:+,?-]");
    private static final Pattern CLOUD_ESCAPES = Pattern.compile("(?:=[0-9A-F]{2})+");
    private static final Pattern LIKE_CLOUD_ESCAPE = Pattern.compile("=(?=[0-9A-F]{2})");
    private static final Pattern FOLDER_ESCAPE = Pattern.compile("%([0-9A-F]{2})");
    private static final Pattern RESERVED = Pattern.compile(
            "(?i)(con|prn|aux|nul|conin\\$|conout\\$|com[0-9\u00b9\u00b2\u00b3]|lpt[0-9\u00b9\u00b2\u00b3]) *(\\..*)?");
    private static final Pattern FORBIDDEN = Pattern.compile("[<>:\"\\\\|?*\\x00-\\x1f\\x7f]|[. ]$");

    /** An empty part of a name, which no folder can have. */
    private static final String EMPTY = "%";

    private static final Pattern CAPITAL = Pattern.compile("[A-Z]");
    private static final Pattern SMALL = Pattern.compile("[a-z]");

    static final int LONGEST_PART_BYTES = 255;
    private static final int LONGEST_IN_CLOUD = 900;

    private final Charset files;

    /** Which letters are escaped though every system takes them. */
    private enum Letters {
        NONE,
        CAPITALS,
        FIRST_SMALL
    }

    public FileNames() {
        this(Charset.forName(System.getProperty("sun.jnu.encoding", "UTF-8")));
    }

    /** @param files how this system writes names of files: where it knows no ñ, none must be asked of it */
    FileNames(Charset files) {
        this.files = files;
    }

    /** The path below the bucket's folder, with slashes; empty where the name is none of the storage's or too long. */
    public Optional<String> inFolder(String cloudName) {
        return inFolder(cloudName, this::partInFolder);
    }

    /** Another one, for where a name is taken that differs in capital letters alone: capitals, or one letter, are escaped. */
    public Optional<String> besideInFolder(String cloudName) {
        var letters = CAPITAL.matcher(cloudName).find() ? Letters.CAPITALS : Letters.FIRST_SMALL;
        return inFolder(cloudName, part -> escaped(part, letters));
    }

    private static Optional<String> inFolder(String cloudName, Function<String, String> part) {
        return Optional.of(cloudName)
                .filter(name -> name.codePoints().allMatch(letter -> letter == '/' || isInCloud(letter)))
                .map(name -> parts(name, part))
                .filter(FileNames::fits);
    }

    /** The name in the storage; empty where it would be too long there, or where it is no text. */
    public Optional<String> inCloud(String path) {
        return Optional.of(path)
                .filter(FileNames::isText)
                .map(text -> parts(text, this::partInCloud))
                .filter(name -> name.length() <= LONGEST_IN_CLOUD);
    }

    /** Whether what Java calls the file leads back to it: Windows allows half a letter in a name, others any bytes. */
    static boolean isText(Path file) {
        try {
            return isText(file.toString())
                    && file.getFileSystem().getPath(file.toString()).equals(file);
        } catch (InvalidPathException unwritable) {
            return false;
        }
    }

    private static boolean isText(String name) {
        return StandardCharsets.UTF_8.newEncoder().canEncode(name);
    }

    private static String parts(String name, Function<String, String> part) {
        return Stream.of(name.split("/", -1)).map(part).collect(Collectors.joining("/"));
    }

    private static boolean fits(String path) {
        return Stream.of(path.split("/", -1))
                .allMatch(part -> part.getBytes(StandardCharsets.UTF_8).length <= LONGEST_PART_BYTES);
    }

    private String partInFolder(String cloud) {
        return decoded(cloud)
                .filter(plain -> encoded(plain).equals(cloud))
                .filter(this::isSafe)
                .orElseGet(() -> escaped(cloud, Letters.NONE));
    }

    private String partInCloud(String folder) {
        if (folder.equals(EMPTY)) {
            return "";
        }
        return unescaped(folder)
                .filter(cloud -> folder.equals(partInFolder(cloud))
                        || folder.equals(escaped(cloud, Letters.CAPITALS))
                        || folder.equals(escaped(cloud, Letters.FIRST_SMALL)))
                .orElseGet(() -> encoded(folder));
    }

    /** Whether every system takes it as it is, and nobody takes it for something escaped. */
    private boolean isSafe(String part) {
        return !part.isEmpty()
                && !part.equals(EMPTY)
                && !FORBIDDEN.matcher(part).find()
                && !RESERVED.matcher(part).matches()
                && !FOLDER_ESCAPE.matcher(part).find()
                && part.indexOf('\ufffd') < 0
                && files.newEncoder().canEncode(part);
    }

    /** A name of the storage with all of it escaped that any system forbids or that could be read otherwise. */
    private static String escaped(String cloud, Letters letters) {
        if (cloud.isEmpty()) {
            return EMPTY;
        }
        var escaped = new StringBuilder();
        var isReserved = RESERVED.matcher(cloud).matches();
        var small = SMALL.matcher(cloud);
        var firstSmall = letters == Letters.FIRST_SMALL && small.find() ? small.start() : -1;
        for (int place = 0; place < cloud.length(); place++) {
            var letter = cloud.charAt(place);
            var isLast = place == cloud.length() - 1;
            if (":?*".indexOf(letter) >= 0
                    || isLast && (letter == '.' || letter == ' ')
                    || place == 0 && isReserved
                    || place == firstSmall
                    || letters == Letters.CAPITALS && letter >= 'A' && letter <= 'Z'
                    || letter == '='
                            && CLOUD_ESCAPES
                                    .matcher(cloud)
                                    .region(place, cloud.length())
                                    .lookingAt()) {
                escaped.append('%').append(String.format(Locale.ROOT, "%02X", (int) letter));
            } else {
                escaped.append(letter);
            }
        }
        return escaped.toString();
    }

    /** What was escaped for the folder; empty where it is not what we write. */
    private static Optional<String> unescaped(String folder) {
        if (folder.indexOf('%') < 0) {
            return Optional.empty();
        }
        var cloud = FOLDER_ESCAPE
                .matcher(folder)
                .replaceAll(
                        found -> Matcher.quoteReplacement(String.valueOf((char) Integer.parseInt(found.group(1), 16))));
        return Optional.of(cloud).filter(name -> name.codePoints().allMatch(FileNames::isInCloud));
    }

    private static boolean isInCloud(int codePoint) {
        return IN_CLOUD.matcher(Character.toString(codePoint)).matches();
    }

    private static String encoded(String plain) {
        var encoded = new StringBuilder();
        LIKE_CLOUD_ESCAPE.matcher(plain).replaceAll("=3D").codePoints().forEach(codePoint -> {
            if (isInCloud(codePoint)) {
                encoded.appendCodePoint(codePoint);
            } else {
                for (var one : Character.toString(codePoint).getBytes(StandardCharsets.UTF_8)) {
                    encoded.append('=').append(String.format(Locale.ROOT, "%02X", one & 0xff));
                }
            }
        });
        return encoded.toString();
    }

    /** Empty where the escapes are no UTF-8. */
    private static Optional<String> decoded(String cloud) {
        try {
            var plain = new StringBuilder();
            var escapes = CLOUD_ESCAPES.matcher(cloud);
            int done = 0;
            while (escapes.find()) {
                plain.append(cloud, done, escapes.start());
                plain.append(StandardCharsets.UTF_8.newDecoder().decode(bytes(escapes.group())));
                done = escapes.end();
            }
            return Optional.of(plain.append(cloud, done, cloud.length()).toString());
        } catch (CharacterCodingException notText) {
            return Optional.empty();
        }
    }

    private static ByteBuffer bytes(String escapes) {
        var bytes = ByteBuffer.allocate(escapes.length() / 3);
        for (int place = 1; place < escapes.length(); place += 3) {
            bytes.put((byte) Integer.parseInt(escapes.substring(place, place + 2), 16));
        }
        return bytes.flip();
    }
}
