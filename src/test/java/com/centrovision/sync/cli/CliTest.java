package com.centrovision.sync.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.centrovision.sync.problem.Problem;
import com.centrovision.sync.problem.ProblemCode;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

class CliTest {
    @TempDir
    Path home;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();
    private String language = "es";

    /** How a command looks. */
    @Command(name = "try")
    static final class Try implements Callable<Integer> {
        @ParentCommand
        private Cli cli;

        @Spec
        private CommandSpec spec;

        @Parameters(paramLabel = "WHAT")
        private String what;

        @Override
        public Integer call() throws IOException {
            return switch (what) {
                case "config" -> cli.config().sync().batchSize();
                case "file" -> print(cli.configFile());
                case "problem" -> throw new RuntimeException(new Problem(ProblemCode.CLOUD_KEY_REFUSED, 401));
                default -> throw new IOException("closed\nDetail: Ana");
            };
        }

        private int print(Object value) {
            spec.commandLine().getOut().println(value);
            return 0;
        }
    }

    @Test
    void takesTheConfigurationOfTheHomeUnlessToldAnother() {
        assertEquals(0, run("try", "file"));
        assertEquals(
                home.resolve("config/config.toml").toString(), out.toString().strip());

        assertEquals(0, run("--config", "other.toml", "try", "file"));
        assertTrue(out.toString().endsWith("other.toml" + System.lineSeparator()));

        assertEquals(0, run("try", "file", "--config", "third.toml"));
        assertTrue(out.toString().endsWith("third.toml" + System.lineSeparator()));
    }

    @Test
    void tellsAProblemInOneLineAndEndsWithItsExitCode() {
        assertEquals(3, run("try", "problem"));

        assertEquals(
                "CV-CLOUD-02 Supabase rechazó la clave (HTTP 401). Revise supabase.service_key en config.toml.",
                err.toString().strip());
    }

    @Test
    void endsWithTwoWhenThereIsNoConfiguration() {
        assertEquals(2, run("try", "config"));

        assertTrue(err.toString().startsWith("CV-CONFIG-01 No existe " + home), err::toString);
        assertEquals(1, err.toString().lines().count());
    }

    @Test
    void tellsTheUnexpectedInOneLineToo() {
        assertEquals(1, run("try", "the unexpected"));

        assertEquals(
                "CV-RUN-99 Falla inesperada: IOException: closed. Repita con --debug y envíe el resultado a soporte.",
                err.toString().strip());
    }

    @Test
    void showsThePlaceInTheProgramOnlyWhenAsked() {
        run("--debug", "try", "the unexpected");

        assertTrue(err.toString().contains("    at com.centrovision.sync.cli.CliTest$Try.call"), err::toString);
        assertFalse(err.toString().contains("Ana"), err::toString);
    }

    @Test
    void answersWrongUseWithOneLineAndTwo() {
        for (var arguments : List.of(
                new String[] {},
                new String[] {"tyr", "file"},
                new String[] {"nonsense"},
                new String[] {"--confg", "x", "try", "file"},
                new String[] {"--config"},
                new String[] {"try"},
                new String[] {"try", "file", "more"},
                new String[] {"--debug=maybe", "try", "file"})) {
            assertEquals(2, run(arguments), () -> String.join(" ", arguments));
        }

        assertEquals(
                """
                CV-START-02 Falta la orden. Vea las órdenes con: centrovision-sync --help
                CV-START-02 No existe tyr. ¿Quiso decir try? Vea las órdenes con: centrovision-sync --help
                CV-START-02 No existe nonsense. Vea las órdenes con: centrovision-sync --help
                CV-START-02 No existe --confg. ¿Quiso decir --config? Vea las órdenes con: centrovision-sync --help
                CV-START-02 Falta --config. Vea las órdenes con: centrovision-sync --help
                CV-START-02 Falta WHAT. Vea las órdenes con: centrovision-sync --help
                CV-START-02 Sobra more. Vea las órdenes con: centrovision-sync --help
                CV-START-02 maybe no sirve para --debug. Vea las órdenes con: centrovision-sync --help
                """
                        .lines()
                        .toList(),
                err.toString().lines().limit(8).toList());
        assertEquals(8, err.toString().lines().count());
    }

    @Test
    void helpsInTheLanguageOfTheReader() {
        assertEquals(0, run("--help"));
        assertTrue(out.toString().contains("Uso: centrovision-sync"), out::toString);
        assertTrue(out.toString().contains("Muestra esta ayuda."), out::toString);
        assertTrue(out.toString().contains("[--config=ARCHIVO] [ORDEN]"), out::toString);
        assertTrue(out.toString().contains("  --config=ARCHIVO "), out::toString);

        language = "en";
        assertEquals(0, run("try", "--help"));
        assertTrue(out.toString().contains("Usage: centrovision-sync try"), out::toString);
        assertTrue(out.toString().contains("[--config=FILE] WHAT"), out::toString);
        assertTrue(out.toString().contains("Show this help."), out::toString);
    }

    @Test
    void everyCommandAndWhatItTakesIsExplainedInBothLanguages() {
        for (var reader : List.of("es", "en")) {
            var commandLine = new Cli(Map.of("CENTROVISION_SYNC_LANG", reader)).commandLine(Cli.commands());

            everyCommand(commandLine).map(CommandLine::getCommandSpec).forEach(command -> {
                assertTrue(command.usageMessage().header().length > 0, command::qualifiedName);
                command.args().forEach(argument -> assertTrue(argument.description().length > 0, argument::toString));
            });
        }
    }

    @Test
    void saysItsVersion() {
        assertEquals(0, run("--version"));

        assertTrue(out.toString().startsWith("centrovision-sync "), out::toString);
    }

    private static Stream<CommandLine> everyCommand(CommandLine command) {
        return Stream.concat(
                Stream.of(command), command.getSubcommands().values().stream().flatMap(CliTest::everyCommand));
    }

    private int run(String... arguments) {
        var environment = Map.of("CENTROVISION_SYNC_HOME", home.toString(), "CENTROVISION_SYNC_LANG", language);
        return new Cli(environment)
                .commandLine(List.of(new Try()))
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true))
                .execute(arguments);
    }
}
