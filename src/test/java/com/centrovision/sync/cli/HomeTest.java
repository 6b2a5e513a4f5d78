package com.centrovision.sync.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class HomeTest {
    @Test
    void isWhatTheLauncherSays() {
        var home = Home.find(Map.of("CENTROVISION_SYNC_HOME", "some/bin/.."));

        assertEquals(Path.of("some").toAbsolutePath(), home.path());
        assertEquals(home.path().resolve("config"), home.config());
        assertEquals(home.path().resolve("routes"), home.routes());
        assertEquals(home.path().resolve("sql"), home.sql());
    }

    @Test
    void isTheFolderAboveTheLibrariesOfTheImage() {
        assertEquals(Optional.of(Path.of("/opt/sync")), Home.above(Path.of("/opt/sync/lib/centrovision-sync.jar")));
        assertEquals(Optional.empty(), Home.above(Path.of("/src/target/classes")));
        assertEquals(Optional.empty(), Home.above(Path.of("/src/target/centrovision-sync.jar")));
    }

    @Test
    void isTheWorkingDirectoryOutsideOfAnImage() {
        assertEquals(Path.of("").toAbsolutePath(), Home.find(Map.of()).path());
    }
}
