package com.centrovision.sync.files;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.centrovision.sync.testing.Rule;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Names go both ways and lose nothing; none leaves the folder, and any system takes them. */
class FileNamesTest {
    private static final Pattern IN_CLOUD = Pattern.compile("(\\w|/|!|-|\\.|\\*|'|\\(|\\)| |&|\\$|@|=|;|:|\\+|,|\\?)*");
    private static final Pattern ON_WINDOWS = Pattern.compile(
            "(?i)(?!(con|prn|aux|nul|com\\d|lpt\\d) *(\\.|$))[^<>:\"/\\\\|?*\\x00-\\x1f]*[^<>:\"/\\\\|?*\\x00-\\x1f. ]");

    private final FileNames names = new FileNames(StandardCharsets.UTF_8);

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "ojo izquierdo.jpg | ojo izquierdo.jpg",
                "año/señal.jpg     | a=C3=B1o/se=C3=B1al.jpg",
                "\uD83D\uDC41.png  | =F0=9F=91=81.png",
                "50% [1]~#.pdf     | 50=25 =5B1=5D=7E=23.pdf",
                "a=b.jpg           | a=b.jpg",
                "a=C3.jpg          | a=3DC3.jpg",
                "what%3F.jpg       | what?.jpg",
                "%43ON.jpg         | CON.jpg",
                "%6Eul .jpg        | nul .jpg",
                "%63onin$          | conin$",
                "end%2E            | end.",
                ".%2E              | ..",
                "a/%/b             | a//b",
                "a%3D41.jpg        | a=41.jpg",
            })
    void aNameHasOneFormOnEachSide(String folder, String cloud) {
        assertEquals(Optional.of(cloud.strip()), names.inCloud(folder.strip()));
        assertEquals(Optional.of(folder.strip()), names.inFolder(cloud.strip()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"..", "../x", "/etc/passwd", "a/../../x", ".", "a/./b", "C:/x", "C:", "a//../b"})
    void noNameLeavesTheFolder(String cloud) {
        var path = names.inFolder(cloud).orElseThrow();

        assertFalse(path.startsWith("/"), path);
        assertTrue(
                Stream.of(path.split("/", -1))
                        .noneMatch(part -> part.equals("..") || part.equals(".") || part.isEmpty()),
                path);
        assertFalse(path.contains(":"), path);
    }

    /** Windows takes half a pair of surrogates; UTF-8 has none, and each would become the same question mark. */
    @ParameterizedTest
    @ValueSource(strings = {"a\ud800.jpg", "a\udc00.jpg", "\udc41\ud83d", "deep/\ud83d/a.jpg"})
    @Rule("8.4")
    void halfALetterHasNoNameInTheCloud(String folder) {
        assertEquals(Optional.empty(), names.inCloud(folder));
    }

    @Test
    @Rule("8.4")
    void whatEitherSideCallsAFileLeadsBack() {
        var random = new Random(7);
        for (int round = 0; round < 20_000; round++) {
            var cloud = text(
                    random,
                    List.of(
                                    "a", "B", ".", " ", "=", "C3", "B1", "41", "25", "3D", "%", "?", ":", "*", "CON",
                                    "/", "(", "é")
                            .stream()
                            .filter(piece -> IN_CLOUD.matcher(piece).matches())
                            .toList());
            var folder = names.inFolder(cloud).orElseThrow();
            var beside = names.besideInFolder(cloud).orElseThrow();

            assertEquals(Optional.of(cloud), names.inCloud(folder), folder);
            assertEquals(Optional.of(cloud), names.inCloud(beside), beside);
            for (var part : folder.split("/", -1)) {
                assertTrue(ON_WINDOWS.matcher(part).matches(), cloud + " -> " + folder);
            }
        }
        for (int round = 0; round < 20_000; round++) {
            var folder = text(
                    random,
                    List.of(
                            "a",
                            "B",
                            ".",
                            " ",
                            "=",
                            "C3",
                            "B1",
                            "41",
                            "25",
                            "3D",
                            "%",
                            "ñ",
                            "\uD83D\uDC41",
                            "#",
                            "CON",
                            "("));
            var cloud = names.inCloud(folder).orElseThrow();

            assertTrue(IN_CLOUD.matcher(cloud).matches(), folder + " -> " + cloud);
            if (ON_WINDOWS.matcher(folder).matches() && !folder.matches(".*%[0-9A-F]{2}.*|%")) {
                assertEquals(Optional.of(folder), names.inFolder(cloud), cloud);
            }
        }
    }

    @Test
    void whatDiffersInCapitalsAloneHasARoomOfItsOwn() {
        assertEquals(Optional.of("%4F%43%54.jpg"), names.besideInFolder("OCT.jpg"));
        assertEquals(Optional.of("OCT.jpg"), names.inCloud("%4F%43%54.jpg"));
        assertEquals(Optional.of("%6Fct.jpg"), names.besideInFolder("oct.jpg"));
        assertEquals(Optional.of("oct.jpg"), names.inCloud("%6Fct.jpg"));
    }

    @Test
    void aNameOf255BytesFitsBothSides() {
        var name = "ñ".repeat(125) + ".jpgg";

        var cloud = names.inCloud(name).orElseThrow();

        assertEquals(255, name.getBytes(StandardCharsets.UTF_8).length);
        assertEquals(Optional.of(name), names.inFolder(cloud));
    }

    @Test
    void whatIsTooLongForASideIsSaid() {
        assertEquals(Optional.empty(), names.inFolder("..\\x"));
        assertEquals(Optional.empty(), names.inFolder("a".repeat(256)));
        assertEquals(Optional.empty(), names.inCloud("ñ".repeat(200)));
    }

    @Test
    void aSystemWithoutAccentsGetsNamesThatItCanWrite() {
        var ascii = new FileNames(StandardCharsets.US_ASCII);

        assertEquals(Optional.of("a%3DC3%3DB1o.jpg"), ascii.inFolder("a=C3=B1o.jpg"));
        assertEquals(Optional.of("a=C3=B1o.jpg"), ascii.inCloud("a%3DC3%3DB1o.jpg"));
    }

    private static String text(Random random, List<String> pieces) {
        var text = new StringBuilder();
        for (int piece = 0; piece < 1 + random.nextInt(6); piece++) {
            text.append(pieces.get(random.nextInt(pieces.size())));
        }
        return text.toString();
    }
}
