package com.centrovision.sync.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;

class FoldersTest {
    @Test
    void onWindowsTheyAreBelowItsOwnFolderForData() {
        assertEquals(
                new Folders("D:/Data/CentroVisionSync/log", "D:/Data/CentroVisionSync"),
                Folders.of('\\', Map.of("ProgramData", "D:\\Data")));
        assertEquals(
                "C:/ProgramData/CentroVisionSync", Folders.of('\\', Map.of()).state());
        assertEquals(Folders.LINUX, Folders.of('/', Map.of("ProgramData", "C:\\ProgramData")));
    }

    @Test
    void theExampleOfWindowsNamesNoFolderOfLinux() throws IOException {
        var example = Folders.of('\\', Map.of()).in(Files.readString(Path.of("config/config.toml.example")));

        assertFalse(example.contains("/var/"), example);
        assertEquals(
                Path.of("C:/ProgramData/CentroVisionSync/log/sync.log"),
                ConfigFile.read(
                                Path.of("config.toml"),
                                example,
                                Map.of(
                                        "CENTROVISION_SUPABASE_URL", "https://clinic.example",
                                        "CENTROVISION_SUPABASE_SERVICE_KEY", "key",
                                        "CENTROVISION_LOCAL_POSTGRES_PASSWORD", "secret"))
                        .logging()
                        .file());
    }
}
