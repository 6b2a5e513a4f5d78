package com.centrovision.sync;

import static java.nio.charset.StandardCharsets.UTF_16LE;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.List;
import java.util.Locale;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What can be said of the batch files without a Windows; {@code src/test/machine/windows.sh} runs them under Wine. */
class BatchFilesTest {
    private static final Path INSTALL = Path.of("src/main/assembly/install");
    private static final Pattern LABEL = Pattern.compile("(?m)^:(\\w+)");
    private static final Pattern JUMP = Pattern.compile("(?:goto|call :|\"DO=)\\s*:?(\\w+)");
    /** Programs that a command prompt would look for in its own folder first; the launcher's java.exe is the user's own. */
    private static final Pattern BARE_PROGRAM =
            Pattern.compile("(?i)(?m)^\\s*(sc|icacls|find|findstr|fc|ping|reg|net|taskkill|powershell)(\\.exe)?\\s");

    static Stream<Path> batchFiles() throws IOException {
        try (var installers = Files.list(INSTALL)) {
            return Stream.concat(
                    Stream.of(Path.of("src/main/assembly/bin/centrovision-sync.bat")),
                    installers.filter(file -> file.toString().endsWith(".bat")).toList().stream());
        }
    }

    @ParameterizedTest
    @MethodSource("batchFiles")
    void everyLabelThatIsCalledIsThereAndEveryLabelIsCalled(Path file) throws IOException {
        var text = text(file);
        var labels = LABEL.matcher(text)
                .results()
                .map(found -> found.group(1))
                .collect(Collectors.toCollection(TreeSet::new));
        var called = JUMP.matcher(text)
                .results()
                .map(found -> found.group(1))
                .collect(Collectors.toCollection(TreeSet::new));

        assertEquals(
                labels,
                called.stream().filter(name -> !name.equals("eof")).collect(Collectors.toCollection(TreeSet::new)));
    }

    @ParameterizedTest
    @MethodSource("batchFiles")
    void aConsoleOfAnyCodePageShowsIt(Path file) throws IOException {
        assertTrue(
                text(file).chars().allMatch(letter -> letter == '\n' || letter >= ' ' && letter < 127), file::toString);
    }

    @ParameterizedTest
    @MethodSource("batchFiles")
    void noProgramIsTakenFromTheFolderThatOneIsIn(Path file) throws IOException {
        assertFalse(BARE_PROGRAM.matcher(text(file)).find(), file::toString);
    }

    @ParameterizedTest
    @MethodSource("batchFiles")
    void noSecretIsReadOrShown(Path file) throws IOException {
        var commands = text(file)
                .lines()
                .filter(line -> !line.startsWith("rem ") && !line.contains("set \"E"))
                .collect(Collectors.joining("\n"));
        assertFalse(
                Pattern.compile("(?i)password|service_key|type \"")
                        .matcher(commands)
                        .find(),
                file::toString);
    }

    /** Batch files with bare line feeds lose labels. */
    @Test
    void gitAndTheImageGiveThemTheEndsOfLineOfWindows() throws IOException {
        assertTrue(Files.readString(Path.of(".gitattributes")).contains("*.bat text eol=crlf"));
        var image = Files.readString(Path.of("src/main/assembly/image.xml"));
        assertEquals(
                2,
                Pattern.compile("\\*\\.bat</include>\\s*</includes>\\s*<lineEnding>dos")
                        .matcher(image)
                        .results()
                        .count());
    }

    /** Of what people read, the Spanish and the English text must not be the same one. */
    @ParameterizedTest
    @MethodSource("batchFiles")
    void everyTextIsThereInBothLanguages(Path file) throws IOException {
        var texts = text(file).lines().map(String::strip).toList();
        var spanish =
                texts.stream().filter(line -> line.startsWith("set \"ES=")).toList();
        var english =
                texts.stream().filter(line -> line.startsWith("set \"EN=")).toList();

        assertEquals(spanish.size(), english.size());
        IntStream.range(0, spanish.size())
                .forEach(at -> assertFalse(
                        spanish.get(at).substring(8).equals(english.get(at).substring(8)), spanish.get(at)));
    }

    /** As Windows makes it of the service's name. */
    @Test
    void theAccountThatMayReadTheConfigurationIsTheServicesOwn() throws IOException, NoSuchAlgorithmException {
        var name = "CentroVisionSync".toUpperCase(Locale.ROOT).getBytes(UTF_16LE);
        var digest =
                ByteBuffer.wrap(MessageDigest.getInstance("SHA-1").digest(name)).order(ByteOrder.LITTLE_ENDIAN);
        var number = Stream.generate(() -> Integer.toUnsignedString(digest.getInt()))
                .limit(5)
                .collect(Collectors.joining("-", "*S-1-5-80-", ""));

        assertTrue(text(INSTALL.resolve("install_windows.bat")).contains("\"SERVICE=" + number + "\""), number);
        assertTrue(text(INSTALL.resolve("service.bat")).contains("obj= \"NT SERVICE\\CentroVisionSync\""));
    }

    @Test
    void whatTheServiceCallsIsThere() throws IOException, NoSuchMethodException {
        var text = text(INSTALL.resolve("service.bat"));
        for (var call : List.of("start", "stop")) {
            WindowsService.class.getMethod(call, String[].class);
            var upper = call.substring(0, 1).toUpperCase(Locale.ROOT) + call.substring(1);
            assertTrue(text.contains("--" + upper + "Class=" + WindowsService.class.getName() + " "), text);
            assertTrue(text.contains("--" + upper + "Method=" + call + " "), text);
        }
    }

    private static String text(Path file) throws IOException {
        return Files.readString(file).replace("\r\n", "\n");
    }
}
