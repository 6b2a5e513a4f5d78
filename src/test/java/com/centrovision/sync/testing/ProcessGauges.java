package com.centrovision.sync.testing;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;

/** Reads from outside what another Java process takes, in bytes and numbers. */
public final class ProcessGauges {
    private static final Pattern USED = Pattern.compile("generation +total \\d+K, used (\\d+)K");
    private static final Path JCMD = Path.of(System.getProperty("java.home"), "bin/jcmd");

    private ProcessGauges() {}

    /** The heap in use, with what the next collection will free. */
    public static long heap(long pid) throws IOException {
        return USED.matcher(jcmd(pid, "GC.heap_info"))
                        .results()
                        .mapToLong(generation -> Long.parseLong(generation.group(1)))
                        .sum()
                << 10;
    }

    public static void collectGarbage(long pid) throws IOException {
        jcmd(pid, "GC.run");
    }

    /** The physical memory of the whole process. */
    public static long memory(long pid) throws IOException {
        return status(pid, "VmRSS") << 10;
    }

    /** The most physical memory that it ever had. */
    public static long mostMemory(long pid) throws IOException {
        return status(pid, "VmHWM") << 10;
    }

    public static long threads(long pid) throws IOException {
        return status(pid, "Threads");
    }

    public static long files(long pid) throws IOException {
        try (var files = Files.list(process(pid).resolve("fd"))) {
            return files.count();
        }
    }

    private static String jcmd(long pid, String command) throws IOException {
        var jcmd = new ProcessBuilder(JCMD.toString(), String.valueOf(pid), command)
                .redirectErrorStream(true)
                .start();
        return new String(jcmd.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }

    private static long status(long pid, String name) throws IOException {
        return Files.readAllLines(process(pid).resolve("status")).stream()
                .filter(line -> line.startsWith(name + ":"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
                .findFirst()
                .orElseThrow(() -> new IOException("no " + name));
    }

    private static Path process(long pid) {
        return Path.of("/proc", String.valueOf(pid));
    }
}
