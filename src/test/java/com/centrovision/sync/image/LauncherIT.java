package com.centrovision.sync.image;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.centrovision.sync.testing.Image;
import com.centrovision.sync.testing.ImageProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The launcher, as a shell, a service manager and a person find it. */
class LauncherIT {
    private final Image image = Image.unpack();

    @AfterEach
    void close() {
        image.close();
    }

    @Test
    void tellsTheVersionFromAnyWorkingDirectory() {
        for (var folder :
                new Path[] {image.home().getParent(), image.home(), image.home().resolve("bin")}) {
            assertVersion(image.start(image.launcher(), folder, "--version").await());
        }
    }

    @Test
    void findsItsHomeThroughLinksToLinks() throws IOException {
        var folder = Files.createDirectory(image.home().resolveSibling("otros enlaces"));
        var absolute = Files.createSymbolicLink(folder.resolve("primero"), image.launcher());
        var relative = Files.createSymbolicLink(folder.resolve("segundo"), absolute.getFileName());

        var ended = image.start(relative, folder, "status").await();

        assertMissing(image.home().resolve("config/config.toml"), ended);
    }

    @Test
    void honoursAnotherHome() throws IOException {
        var other = Files.createDirectory(image.home().resolveSibling("otra"));
        Files.createSymbolicLink(other.resolve("lib"), image.home().resolve("lib"));
        image.environment("CENTROVISION_SYNC_HOME", other.toString());

        assertMissing(other.resolve("config/config.toml"), image.run("status"));
    }

    @Test
    void findsFilesWithAccentsInThePlainLocaleOfAServiceManager() {
        for (var locale : new String[] {"", "C", "POSIX"}) {
            image.environment("LANG", locale).environment("LC_ALL", locale.isEmpty() ? "" : locale);

            assertMissing(image.home().resolve("config/config.toml"), image.run("status"));
        }
    }

    @Test
    void honoursTheOptionsForJava() {
        image.environment("JAVA_OPTS", "-Xmx300m -XX:+PrintFlagsFinal");

        var ended = image.run("--version");

        assertEquals(0, ended.exitCode(), ended.err());
        assertTrue(ended.out().matches("(?s).*MaxHeapSize += 314572800 .*"), ended.out());
    }

    @Test
    void picksTheJavaOfJavaHome() throws IOException {
        setJava("21.0.2");

        var ended = image.run("--version");

        assertEquals(new ImageProcess.Ended(7, "own java\n", ""), ended);
    }

    @Test
    void saysThatJavaIsMissing() {
        image.environment("JAVA_HOME", "/no hay");

        var ended = image.run("run");

        assertEquals(2, ended.exitCode());
        assertEquals(
                "CV-START-01 Java was not found (/no hay/bin/java). Install Java 17 or newer, or set JAVA_HOME.\n",
                ended.err());
    }

    @Test
    void saysThatJavaIsMissingInSpanish() {
        image.environment("JAVA_HOME", "/no hay").environment("LANG", "es_HN.UTF-8");

        var ended = image.run("run");

        assertEquals(2, ended.exitCode());
        assertEquals(
                "CV-START-01 No se encontró Java (/no hay/bin/java). Instale Java 17 o más nuevo, o indique JAVA_HOME.\n",
                ended.err());
    }

    @Test
    void saysThatJavaIsTooOld() throws IOException {
        setJava("11.0.22");

        var ended = image.run("run");

        assertEquals(2, ended.exitCode());
        assertTrue(ended.err().startsWith("CV-START-01 "), ended.err());
        assertEquals(1, ended.errorLines().size(), ended.err());
    }

    @Test
    void helpsInTheLanguageOfThePerson() {
        var words = Map.of("es_HN.UTF-8", "Órdenes:", "en_US.UTF-8", "Commands:");
        words.forEach((locale, word) -> {
            image.environment("LANG", locale);

            var ended = image.run("--help");

            assertEquals(0, ended.exitCode(), ended.err());
            assertTrue(ended.out().contains(word), ended.out());
            for (var command : new String[] {"run", "once", "init", "status"}) {
                assertTrue(ended.out().contains("\n  " + command + " "), ended.out());
            }
        });
    }

    @Test
    void refusesWhatIsNoCommandInOneLine() {
        var ended = image.run("onze");

        assertEquals(2, ended.exitCode());
        assertEquals(1, ended.errorLines().size(), ended.err());
        assertTrue(ended.err().startsWith("CV-START-02 ") && ended.err().contains("once"), ended.err());
    }

    /** A Java that only tells its version, in a folder with a blank. */
    private void setJava(String version) throws IOException {
        var java = Files.createDirectories(image.home().resolveSibling("mi java/bin"))
                .resolve("java");
        Files.writeString(
                java,
                """
                #!/bin/sh
                test "$1" != -version || { echo 'openjdk version "%s" 2024-01-16' >&2; exit; }
                echo own java
                exit 7
                """
                        .formatted(version));
        assertTrue(java.toFile().setExecutable(true));
        image.environment("JAVA_HOME", java.getParent().getParent().toString());
    }

    private static void assertVersion(ImageProcess.Ended ended) {
        assertEquals(0, ended.exitCode(), ended.err());
        assertTrue(ended.out().matches("centrovision-sync \\d+\\.\\d+\\.\\d+\\S*\n"), ended.out());
    }

    private static void assertMissing(Path file, ImageProcess.Ended ended) {
        assertEquals(2, ended.exitCode(), ended.err());
        assertEquals(1, ended.errorLines().size(), ended.err());
        assertTrue(ended.err().contains("CV-CONFIG-01 ") && ended.err().contains(file.toString()), ended.err());
    }
}
