package com.centrovision.sync.cli;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.centrovision.sync.demo.Lab;
import com.centrovision.sync.demo.LabDatabase;
import com.centrovision.sync.runtime.SyncService;
import com.centrovision.sync.testing.ClinicService;
import com.centrovision.sync.testing.ServiceHome;
import com.centrovision.sync.testing.SharedLab;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The manual for integrators, done to the letter: every statement, command and file, and what it says will be answered. */
class AddingATableIT {
    private static final Pattern BLOCK = Pattern.compile("(?ms)^```(\\w+)(?: (\\S+))?\\n(.*?)^```$");
    private static final String DROP = "drop table if exists vaccines; drop function if exists centrovision_stamp();";
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

    @BeforeEach
    void newClinic() {
        lab.resetCloud();
        clinic = lab.newClinic();
    }

    @AfterEach
    void dropTheTable() {
        lab.changeCloudSchema(DROP + "notify pgrst, 'reload schema'");
    }

    @Test
    void bothManualsSayTheSameAndAreTrue() throws IOException {
        var spanish = Block.of(SPANISH);
        var english = Block.of(ENGLISH);
        assertEquals(withoutAnswers(spanish), withoutAnswers(english));
        ServiceHome.in(home).copy("routes/tables/branches.camel.yaml");
        var cli = CliRun.of(home, lab, clinic).speaking("es");
        assertEquals(0, cli.run("init"), cli.all());
        try (var service = ClinicService.start(home, ClinicService.config(lab, clinic), SyncService.Mode.CONTINUOUS)) {
            await().until(service::isOpen);

            follow(spanish, cli);
            dropTheTable();
            clinic.execute(DROP);
            follow(english, cli.speaking("en"));
        }
    }

    private static List<Block> withoutAnswers(List<Block> manual) {
        return manual.stream().filter(block -> !block.isAnswer()).toList();
    }

    private void follow(List<Block> manual, CliRun cli) throws IOException {
        var sides = Map.<String, Consumer<String>>of("cloud", lab::changeCloudSchema, "clinic", clinic::execute);
        var answer = "";
        assertTrue(manual.size() > 10, manual::toString);
        for (var block : manual) {
            switch (block.kind()) {
                case "sql" -> sides.get(block.place()).accept(block.text());
                case "yaml" -> Files.writeString(home.resolve(block.place()), block.text());
                case "sh" -> answer = commands(block.text(), cli);
                case "text" -> assertAnswered(block.text(), answer);
                default -> throw new IllegalStateException(block.kind());
            }
        }
    }

    private static String commands(String text, CliRun cli) {
        for (var line : text.lines().toList()) {
            var words = line.split(" ");
            assertEquals("bin/centrovision-sync", words[0]);
            assertEquals(0, cli.run(Arrays.copyOfRange(words, 1, words.length)), () -> line + "\n" + cli.all());
        }
        return cli.all();
    }

    /** However wide the columns are. */
    private static void assertAnswered(String expected, String answer) {
        var text = answer.replaceAll("[ \\t]+", " ");
        expected.lines().forEach(line -> assertTrue(text.contains(line), () -> line + "\nis not in\n" + text));
    }
}
