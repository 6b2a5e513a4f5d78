package com.centrovision.sync.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import picocli.CommandLine;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.OptionSpec;

/** The commands, options and values of a program as a completer of PowerShell's. */
final class PowershellCompletion {
    private static final String SCRIPT =
            """
            # Completes the commands and options of %1$s.
            # Loaded by the profile of PowerShell: %1$s completion powershell | Out-String | Invoke-Expression
            Register-ArgumentCompleter -Native -CommandName '%1$s', '%1$s.bat' -ScriptBlock {
                param($wordToComplete, $commandAst, $cursorPosition)
                $words = @{
            %2$s
                }
                $values = @{
            %3$s
                }
                $path = ''
                $previous = ''
                foreach ($element in ($commandAst.CommandElements | Select-Object -Skip 1)) {
                    if ($element.Extent.EndOffset -ge $cursorPosition -and $wordToComplete -ne '') { break }
                    $previous = $element.ToString()
                    $next = ($path + ' ' + $previous).Trim()
                    if ($words.ContainsKey($next)) { $path = $next }
                }
                $found = if ($values.ContainsKey($path + ' ' + $previous)) { $values[$path + ' ' + $previous] } else { $words[$path] }
                $found | Where-Object { $_ -like "$wordToComplete*" } | ForEach-Object {
                    [System.Management.Automation.CompletionResult]::new($_, $_, 'ParameterValue', $_)
                }
            }
            """;

    private final CommandLine program;

    PowershellCompletion(CommandLine program) {
        this.program = program;
    }

    String script() {
        var words = new ArrayList<String>();
        var values = new ArrayList<String>();
        describe(program, "", words, values);
        return SCRIPT.formatted(program.getCommandName(), String.join("\n", words), String.join("\n", values));
    }

    private static void describe(CommandLine command, String path, List<String> words, List<String> values) {
        var spec = command.getCommandSpec();
        words.add(entry(
                path,
                Stream.of(
                                command.getSubcommands().keySet().stream(),
                                spec.positionalParameters().stream().flatMap(PowershellCompletion::candidates),
                                spec.optionsMap().keySet().stream().sorted())
                        .flatMap(names -> names)));
        for (var option : spec.options()) {
            var known = candidates(option).toList();
            if (!known.isEmpty()) {
                values.add(entry(path + " " + option.longestName(), known.stream()));
            }
        }
        command.getSubcommands()
                .forEach((name, subcommand) -> describe(subcommand, (path + " " + name).strip(), words, values));
    }

    /** The values that an option or a parameter knows; a switch takes none. */
    private static Stream<String> candidates(ArgSpec argument) {
        var isSwitch = argument instanceof OptionSpec && argument.arity().max() == 0;
        return argument.completionCandidates() == null || isSwitch
                ? Stream.of()
                : StreamSupport.stream(argument.completionCandidates().spliterator(), false)
                        .map(value -> value.toLowerCase(Locale.ROOT));
    }

    private static String entry(String key, Stream<String> words) {
        return "        '%s' = @(%s)"
                .formatted(key, words.map(word -> "'" + word + "'").collect(Collectors.joining(", ")));
    }
}
