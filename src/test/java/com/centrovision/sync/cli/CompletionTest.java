package com.centrovision.sync.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CompletionTest {
    @TempDir
    private Path home;

    @Test
    void bashCompletesCommandsAndOptions() throws IOException, InterruptedException {
        assertEquals(List.of("table"), completed("centrovision-sync", "tab"));
        assertEquals(List.of("add", "list", "reload", "remove"), completed("centrovision-sync", "table", ""));
        assertTrue(completed("centrovision-sync", "table", "add", "--").contains("--dry-run"));
        assertEquals(List.of("--follow"), completed("centrovision-sync", "logs", "--fo"));
    }

    /** There is no PowerShell here: what it is told is looked at, not what it makes of it. */
    @Test
    void powershellIsToldTheSameCommandsAndOptions() {
        var cli = new CliRun(home);
        assertEquals(0, cli.run("completion", "powershell"), cli.all());

        assertTrue(
                cli.out()
                        .contains(
                                "Register-ArgumentCompleter -Native -CommandName 'centrovision-sync', 'centrovision-sync.bat'"),
                cli.out());
        assertTrue(
                cli.out()
                        .lines()
                        .anyMatch(line -> line.matches(" +'table' = @\\('add', 'list', 'reload', 'remove', .*")),
                cli.out());
        assertTrue(cli.out().lines().anyMatch(line -> line.matches(" +'table add' = @\\(.*'--dry-run'.*")), cli.out());
        assertTrue(cli.out().contains("'conflicts resolve --keep' = @('local', 'remote')"), cli.out());
        assertTrue(cli.out().contains("'completion' = @('bash', 'powershell'"), cli.out());
        assertEquals(
                cli.out().chars().filter(letter -> letter == '{').count(),
                cli.out().chars().filter(letter -> letter == '}').count());
    }

    @Test
    void anotherShellIsRefused() {
        var cli = new CliRun(home);
        assertEquals(2, cli.run("completion", "fish"));
        assertEquals(1, cli.err().lines().count(), cli.err());
    }

    private List<String> completed(String... words) throws IOException, InterruptedException {
        var cli = new CliRun(home);
        assertEquals(0, cli.run("completion", "bash"), cli.all());
        var script = Files.writeString(home.resolve("completion"), cli.out());
        var bash = new ProcessBuilder(
                        "bash",
                        "-c",
                        "source \"$0\"; COMP_WORDS=(\"$@\"); COMP_CWORD=$(($# - 1)); COMP_LINE=\"$*\"; "
                                + "_complete_centrovision-sync 2>/dev/null; printf '%s\\n' \"${COMPREPLY[@]}\"",
                        script.toString())
                .redirectErrorStream(true);
        bash.command().addAll(List.of(words));
        var process = bash.start();
        var answer = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, process.waitFor(), answer);
        return answer.lines()
                .map(String::strip)
                .filter(line -> !line.isEmpty())
                .sorted()
                .toList();
    }
}
