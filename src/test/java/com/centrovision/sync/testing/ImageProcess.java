package com.centrovision.sync.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** One command of an {@link Image}, while it runs. */
public final class ImageProcess {
    private static final long LONGEST_SECONDS = 90;

    private final Process process;
    private final Path out;
    private final Path err;

    /** How a command ended. */
    public record Ended(int exitCode, String out, String err) {
        public List<String> errorLines() {
            return err.lines().toList();
        }
    }

    private ImageProcess(Process process, Path out, Path err) {
        this.process = process;
        this.out = out;
        this.err = err;
    }

    static ImageProcess start(
            Path launcher, Path workingDirectory, Map<String, String> environment, String... arguments) {
        try {
            var out = Files.createTempFile(workingDirectory, "out", ".txt");
            var err = Files.createTempFile(workingDirectory, "err", ".txt");
            var command = new ArrayList<String>(List.of(launcher.toString()));
            command.addAll(List.of(arguments));
            var builder = new ProcessBuilder(command)
                    .directory(workingDirectory.toFile())
                    .redirectOutput(out.toFile())
                    .redirectError(err.toFile());
            builder.environment().keySet().retainAll(List.of("PATH", "HOME"));
            builder.environment().putAll(environment);
            return new ImageProcess(builder.start(), out, err);
        } catch (IOException unstartable) {
            throw new UncheckedIOException(unstartable);
        }
    }

    public boolean isAlive() {
        return process.isAlive();
    }

    public long pid() {
        return process.pid();
    }

    public String out() {
        return read(out);
    }

    public String err() {
        return read(err);
    }

    /** Asks it to stop, as a service manager does, and waits. */
    public Ended terminate() {
        process.destroy();
        return await();
    }

    /** Ends it as a power cut does. */
    public void kill() {
        process.destroyForcibly();
        await();
    }

    public Ended await() {
        try {
            if (!process.waitFor(LONGEST_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly().waitFor();
                throw new IllegalStateException("the command did not end: " + out() + err());
            }
            return new Ended(process.exitValue(), out(), err());
        } catch (InterruptedException interrupted) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
            throw new IllegalStateException(interrupted);
        }
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }
}
