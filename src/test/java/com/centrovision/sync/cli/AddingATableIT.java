package com.centrovision.sync.cli;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.centrovision.sync.demo.Lab;
import com.centrovision.sync.demo.LabDatabase;
import com.centrovision.sync.runtime.SyncService;
import com.centrovision.sync.testing.ClinicService;
import com.centrovision.sync.testing.Image;
import com.centrovision.sync.testing.ServiceHome;
import com.centrovision.sync.testing.SharedLab;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The manual for integrators, done to the letter: every statement, command and file, and what it says will be answered. */
class AddingATableIT {
    private static final Pattern BLOCK = Pattern.compile("(?ms)^```(\\w+)(?: (\\S+))?\\n(.*?)^```$");
    private static final Path SPANISH = Path.of("docs/agregar-una-tabla.md");
    private static final Path ENGLISH = Path.of("docs/adding-a-table.md");

    private final Lab lab = SharedLab.get();
    private LabDatabase clinic;

    @TempDir
    private Path home;

    /** @param place the side that a statement is for, or the file that a text stands in */
    private record Block(String kind, String place, String text) {
        static List<Block> of(Path manual) throws IOException {
            return BLOCK.matcher(Files.readString(manual))
                    .results()
                    .map(found -> new Block(found.group(1), found.group(2), found.group(3)))
                    .toList();
        }

        boolean isAnswer() {
            return kind.equals("text");
        }
    }

    /** What a command has answered. */
    private record Answer(int exitCode, String text) {}

    @BeforeEach
    void newClinic() {
        lab.resetCloud();
        clinic = lab.newClinic();
    }

    @AfterEach
    void dropTheTable() {
        lab.changeCloudSchema("drop table if exists vaccines; drop function if exists centrovision_stamp();"
                + "notify pgrst, 'reload schema'");
    }

    @Test
    void inSpanishWithTheProgramAsShipped() throws IOException {
        try (var image = Image.of(lab, clinic).onlyTables(List.of("branches"))) {
            image.environment("CENTROVISION_SYNC_LANG", "es");
            assertEquals(0, image.run("init").exitCode());
            var service = image.start("run");
            await().until(() -> image.run("status", "--json").out().contains("\"mode\":\"supabase\""));
            var status = image.start("status", "--watch=1", "--json");
            var log = image.start("logs", "--follow", "--level", "info");

            follow(Block.of(SPANISH), image.home(), command -> {
                var ended = image.run(command);
                return new Answer(ended.exitCode(), ended.out() + ended.err());
            });

            await().until(() -> status.out().lines().count() > 2);
            await().until(() -> log.out().contains("table taken up table=vaccines")
                    && log.out().contains("table removed table=vaccines"));
            for (var watching : List.of(status, log)) {
                var ended = watching.terminate();
                assertEquals(0, ended.exitCode(), ended.err());
                assertEquals("", ended.err());
            }
            assertTrue(service.isAlive());
        }
    }

    @Test
    void inEnglishWithTheSameCommands() throws IOException {
        var spanish =
                Block.of(SPANISH).stream().filter(block -> !block.isAnswer()).toList();
        var english = Block.of(ENGLISH);
        assertEquals(
                spanish, english.stream().filter(block -> !block.isAnswer()).toList());
        ServiceHome.in(home).copy("routes/tables/branches.camel.yaml");
        var cli = CliRun.of(home, lab, clinic);
        assertEquals(0, cli.run("init"), cli.all());
        try (var service = ClinicService.start(home, ClinicService.config(lab, clinic), SyncService.Mode.CONTINUOUS)) {
            await().until(service::isOpen);

            follow(english, home, command -> new Answer(cli.run(command), cli.all()));
        }
    }

    private void follow(List<Block> manual, Path program, Function<String[], Answer> run) throws IOException {
        var sides = Map.<String, Consumer<String>>of("cloud", lab::changeCloudSchema, "clinic", clinic::execute);
        var answer = new Answer(0, "");
        assertTrue(manual.size() > 10, manual::toString);
        for (var block : manual) {
            switch (block.kind()) {
                case "sql" -> sides.get(block.place()).accept(block.text());
                case "yaml" -> Files.writeString(program.resolve(block.place()), block.text());
                case "sh" -> answer = commands(block.text(), run);
                case "text" -> assertAnswered(block.text(), answer);
                default -> throw new IllegalStateException(block.kind());
            }
        }
    }

    private static Answer commands(String text, Function<String[], Answer> run) {
        var answer = new Answer(0, "");
        for (var line : text.lines().toList()) {
            var words = line.split(" ");
            assertEquals("bin/centrovision-sync", words[0]);
            answer = run.apply(Arrays.copyOfRange(words, 1, words.length));
            assertEquals(0, answer.exitCode(), line + "\n" + answer.text());
        }
        return answer;
    }

    /** However wide the columns are. */
    private static void assertAnswered(String expected, Answer answer) {
        var text = answer.text().replaceAll("[ \\t]+", " ");
        expected.lines().forEach(line -> assertTrue(text.contains(line), () -> line + "\nis not in\n" + text));
    }
}
