package com.centrovision.sync.testing;

import com.centrovision.sync.demo.Lab;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The optional SQL file in the lab's cloud. With {@code -Dcloud.functions=true} the shared lab has it from the start. */
public final class CloudFile {
    private CloudFile() {}

    public static void install(Lab lab) {
        run(lab, "centrovision_sync.sql");
    }

    public static void remove(Lab lab) {
        run(lab, "centrovision_sync_remove.sql");
    }

    /** Leaves the cloud as this run's other tests expect it. */
    public static void restore(Lab lab) {
        if (Boolean.getBoolean("cloud.functions")) {
            install(lab);
        } else {
            remove(lab);
        }
    }

    private static void run(Lab lab, String file) {
        try {
            lab.changeCloudSchema(Files.readString(Path.of("sql/cloud", file)));
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }
}
