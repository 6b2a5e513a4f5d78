package com.centrovision.sync.testing;

import static org.awaitility.Awaitility.await;

import com.centrovision.sync.demo.Lab;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The optional SQL file in the lab's cloud. With {@code -Dcloud.functions=true} the shared lab has it from the start. */
public final class CloudFile {
    private CloudFile() {}

    public static void install(Lab lab) {
        run(lab, "centrovision_sync.sql", 200);
    }

    public static void remove(Lab lab) {
        run(lab, "centrovision_sync_remove.sql", 404);
    }

    /** As the run began: with the file where it was asked for, else without. */
    public static void restore(Lab lab) {
        if (Boolean.getBoolean("cloud.functions")) {
            install(lab);
        } else {
            remove(lab);
        }
    }

    /** Returns when PostgREST has noticed. */
    private static void run(Lab lab, String file, int answer) {
        try {
            lab.changeCloudSchema(Files.readString(Path.of("sql/cloud", file)));
            var calls = new CloudCalls(lab);
            await().until(() -> calls.post("/rest/v1/rpc/sync_info", "{}", "").statusCode() == answer);
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }
}
