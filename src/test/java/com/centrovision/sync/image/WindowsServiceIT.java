package com.centrovision.sync.image;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.centrovision.sync.WindowsService;
import com.centrovision.sync.testing.Image;
import com.centrovision.sync.testing.SharedLab;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The service within a process that is not its own, as prunsrv has it on Windows; here with two threads of this JVM's language. */
class WindowsServiceIT {
    private Image image;
    private Process process;

    /** What prunsrv does: one thread starts, another stops when it is told, and then no thread may keep the process. */
    public static final class Manager {
        private Manager() {}

        public static void main(String[] arguments) {
            var stop = new Thread(() -> {
                try {
                    if (System.in.read() >= 0) {
                        WindowsService.stop(new String[0]);
                    }
                } catch (IOException unreadable) {
                    throw new IllegalStateException(unreadable);
                }
            });
            stop.setDaemon(true);
            stop.start();
            WindowsService.start(new String[0]);
            System.out.println("start returned");
        }
    }

    @AfterEach
    void close() {
        process.destroyForcibly();
        image.close();
    }

    @Test
    void aCallStopsTheServiceAndNothingKeepsTheProcess() throws IOException, InterruptedException {
        var lab = SharedLab.get();
        lab.resetCloud();
        lab.cloud().generate("windows", 5);
        var clinic = lab.newClinic();
        image = Image.of(lab, clinic).onlyTables(List.of("branches", "patients"));
        start();
        await().atMost(Duration.ofSeconds(120))
                .until(() -> clinic.count("patients") == lab.cloud().count("patients"));

        process.getOutputStream().write('\n');
        process.getOutputStream().flush();

        assertTrue(process.waitFor(90, TimeUnit.SECONDS));
        assertEquals(0, process.exitValue());
        assertEquals("start returned\n", Files.readString(said()));
        assertTrue(image.read("log/sync.log").endsWith("service stopped\n"), image.read("log/sync.log"));
    }

    @Test
    void aConfigurationThatAPersonHasToMendIsNoFailure() throws IOException, InterruptedException {
        image = Image.unpack();
        start();

        assertTrue(process.waitFor(90, TimeUnit.SECONDS));
        assertEquals(0, process.exitValue());
        assertTrue(Files.readString(said()).contains("CV-CONFIG-01"), Files.readString(said()));
    }

    private void start() throws IOException {
        var classes = String.join(
                ":",
                image.home().resolve("lib").toRealPath() + "/*",
                Path.of("target/test-classes").toAbsolutePath().toString());
        var builder = new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin/java").toString(),
                "-Xmx256m",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                classes,
                Manager.class.getName());
        builder.environment().put("CENTROVISION_SYNC_HOME", image.home().toString());
        builder.environment().put("LC_ALL", "C.UTF-8");
        process = builder.redirectErrorStream(true)
                .redirectOutput(said().toFile())
                .start();
    }

    private Path said() {
        return image.home().resolve("said");
    }
}
