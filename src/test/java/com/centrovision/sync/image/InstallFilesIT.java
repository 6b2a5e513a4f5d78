package com.centrovision.sync.image;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What installs the program, as far as it can be looked at without a machine; {@code src/test/machine/run.sh} has one. */
class InstallFilesIT {
    private static final Path BUILT = Path.of("target/centrovision-sync").toAbsolutePath();
    private static final Path UNIT = BUILT.resolve("install/centrovision-sync.service");
    private static final Path DEB = Path.of("target/centrovision-sync.deb").toAbsolutePath();

    @TempDir
    private Path folder;

    private record Ended(int exitCode, String said) {}

    @Test
    void theServiceMayDoLittle() throws IOException, InterruptedException {
        var ended =
                run("systemd-analyze", "security", "--offline=true", "--threshold=15", "--no-pager", UNIT.toString());

        assertEquals(0, ended.exitCode(), ended.said());
    }

    @Test
    void theUnitSaysNothingThatSystemdDoesNotKnow() throws IOException, InterruptedException {
        var unit = folder.resolve("centrovision-sync.service");
        Files.writeString(unit, Files.readString(UNIT).replaceAll("(?m)^ExecStart=.*$", "ExecStart=/bin/true"));

        var ended = run("systemd-analyze", "verify", "--man=no", "--recursive-errors=no", unit.toString());

        assertEquals(0, ended.exitCode(), ended.said());
    }

    @Test
    void aBadConfigurationIsNotTriedAgain() throws IOException {
        var unit = Files.readAllLines(UNIT);

        assertTrue(unit.containsAll(List.of("Restart=on-failure", "RestartPreventExitStatus=2")), unit::toString);
        assertTrue(unit.contains("ReadWritePaths=-/mnt -/media -/srv -/var/backups"), unit::toString);
        assertTrue(unit.contains("After=network-online.target postgresql.service time-sync.target"), unit::toString);
    }

    @Test
    void theScriptsAreClean() throws IOException, InterruptedException {
        var scripts = new ArrayList<>(List.of("shellcheck", "--external-sources", "--source-path=SCRIPTDIR"));
        for (var place :
                List.of(BUILT.resolve("install"), Path.of("src/main/assembly/deb"), Path.of("src/test/machine"))) {
            scripts.addAll(scripts(place));
        }
        assertTrue(scripts.size() > 10, scripts::toString);

        var ended = run(scripts.toArray(String[]::new));

        assertEquals(0, ended.exitCode(), ended.said());
    }

    /** Of what people read, the Spanish and the English text must not be the same one. */
    @Test
    void theScriptsSpeakBothLanguages() throws IOException {
        var pair = Pattern.compile("(?:say|done_so|warn|step|die \\d)\\s+\"([^\"]+)\"\\s+(?:\\\\\\s*)?\"([^\"]+)\"");
        for (var script : List.of("install_linux.sh", "uninstall_linux.sh", "setup-server.sh")) {
            var pairs = pair.matcher(Files.readString(BUILT.resolve("install").resolve(script)))
                    .results()
                    .toList();
            assertTrue(pairs.size() > 5, script);
            pairs.forEach(found -> assertTrue(
                    !found.group(1).equals(found.group(2)) || found.group(1).startsWith("  "), found.group()));
        }
    }

    @Test
    void thePackageKeepsWhatTheClinicWroteAndNothingIsAnybodysToChange() throws IOException, InterruptedException {
        var files = run("dpkg-deb", "--contents", DEB.toString()).said().lines().toList();
        var entries = String.join("\n", files);
        for (var expected : List.of(
                "-rwxr-xr-x root/root .* ./usr/bin/centrovision-sync",
                "-rwxr-xr-x root/root .* ./opt/centrovision-sync/bin/centrovision-sync",
                "-rw-r--r-- root/root .* ./opt/centrovision-sync/lib/centrovision-sync-.*jar",
                "-rw-r--r-- root/root .* ./usr/lib/systemd/system/centrovision-sync.service",
                "l.* root/root .* ./opt/centrovision-sync/config -> /etc/centrovision-sync",
                "l.* root/root .* ./opt/centrovision-sync/routes/tables -> /etc/centrovision-sync/tables")) {
            assertTrue(
                    Pattern.compile("(?m)^" + expected + "$").matcher(entries).find(), expected + entries);
        }
        assertTrue(files.stream().noneMatch(file -> file.matches("[d-].{7}w.*|.*config\\.toml")), entries);

        var control = folder.resolve("control");
        assertEquals(
                0,
                run("dpkg-deb", "--control", DEB.toString(), control.toString()).exitCode());
        assertTrue(
                Files.readString(control.resolve("control")).contains("Recommends: postgresql, postgresql-client"),
                "backups need pg_dump");
        assertTrue(
                Files.readString(control.resolve("preinst")).contains("centrovision-sync backup"),
                "no backup before an upgrade");
        var conffiles = Files.readAllLines(control.resolve("conffiles"));
        var inEtc = files.stream()
                .filter(file -> file.startsWith("-"))
                .map(file -> file.replaceFirst(".* \\./", "/"))
                .filter(file -> file.startsWith("/etc/"))
                .sorted()
                .toList();
        assertEquals(inEtc, conffiles.stream().sorted().toList());
        assertTrue(inEtc.contains("/etc/centrovision-sync/tables/patients.camel.yaml"), inEtc::toString);
    }

    private static List<String> scripts(Path place) throws IOException {
        try (Stream<Path> files = Files.list(place)) {
            return files.filter(InstallFilesIT::isScript)
                    .map(Path::toString)
                    .sorted()
                    .toList();
        }
    }

    private static boolean isScript(Path file) {
        try (var lines = Files.lines(file)) {
            return lines.findFirst()
                    .filter(line -> line.startsWith("#!") || file.endsWith("words.sh"))
                    .isPresent();
        } catch (IOException | java.io.UncheckedIOException unreadable) {
            return false;
        }
    }

    /** Where the tool is missing the test is left out; {@code .ci/run} installs all of them. */
    private Ended run(String... command) throws IOException, InterruptedException {
        assumeTrue(
                Stream.of(System.getenv("PATH").split(":"))
                        .anyMatch(place -> Files.isExecutable(Path.of(place, command[0]))),
                command[0]);
        var said = folder.resolve("said");
        var process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(said.toFile())
                .start();
        assertTrue(process.waitFor(60, TimeUnit.SECONDS), command[0]);
        return new Ended(process.exitValue(), Files.readString(said));
    }
}
