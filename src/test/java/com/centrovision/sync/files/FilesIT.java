package com.centrovision.sync.files;

import static com.centrovision.sync.files.FileScene.BUCKET;
import static com.centrovision.sync.files.FileScene.bytes;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.centrovision.sync.demo.Fault;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files go both ways, whole or not at all (protocol 1.1, 1.2), and absence never deletes unproved (3.4). */
class FilesIT {
    @TempDir
    Path folder;

    private FileScene scene;

    @BeforeEach
    void makeScene() {
        scene = new FileScene(folder);
    }

    @AfterEach
    void closeScene() {
        scene.close();
    }

    @Test
    void bringsFilesWithAnyNameBothWays() throws IOException {
        var odd = List.of("ojo izquierdo.jpg", "año/señal ñandú.pdf", "\uD83D\uDC41.png", "50% [1]~#.txt", "ñ".repeat(125) + ".jpgg");
        for (var name : odd) {
            scene.write(name, bytes(name.hashCode(), 3000));
        }
        for (var name : List.of("CON.jpg", "what?.jpg", "a:b*c.jpg", "end.", "OCT.jpg", "oct.jpg", "deep/er/file.bin")) {
            scene.lab.storage().put(BUCKET, name, bytes(name.hashCode(), 3000));
        }

        scene.start();

        await().until(() -> scene.lab.storage().names(BUCKET).size() == 12);
        scene.awaitQuiet();
        assertTrue(scene.holds("%43ON.jpg", bytes("CON.jpg".hashCode(), 3000)));
        assertTrue(scene.holds("what%3F.jpg", bytes("what?.jpg".hashCode(), 3000)));
        assertTrue(scene.holds("OCT.jpg", bytes("OCT.jpg".hashCode(), 3000)));
        assertTrue(scene.holds("%6Fct.jpg", bytes("oct.jpg".hashCode(), 3000))
                || scene.inFolder().size() == 12);
        for (var name : odd) {
            assertTrue(scene.cloudHolds(new FileNames().inCloud(name).orElseThrow(), bytes(name.hashCode(), 3000)), name);
        }
    }

    @Test
    void bringsALargeFileDownAndUpThroughCuts() throws IOException {
        var down = bytes(1, 14 << 20);
        var up = bytes(2, 15 << 20);
        scene.lab.storage().put(BUCKET, "down.mp4", down);
        scene.lab.gateway().fault(Fault.cutAfterBytes(5 << 20).times(2).matching("GET", "down\\.mp4$"));
        scene.lab.gateway().fault(Fault.cutRequestAfterBytes(4 << 20).times(2).matching("PATCH", "resumable"));

        scene.start();
        await().until(() -> scene.holds("down.mp4", down));
        scene.write("up.mp4", up);

        await().until(() -> scene.cloudHolds("up.mp4", up));
        scene.awaitQuiet();
        var sent = scene.lab.gateway().requests().stream().filter(r -> r.method().equals("PATCH")).count();
        assertTrue(scene.lab.gateway().bytesOut() < 20 << 20, "resumed: " + scene.lab.gateway().bytesOut());
        assertTrue(sent <= 6, "parts " + sent);
    }

    @Test
    void anEmptiedBucketDeletesNothing() throws IOException {
        for (int file = 0; file < 8; file++) {
            scene.lab.storage().put(BUCKET, "f" + file, bytes(file, 100));
        }
        scene.start();
        await().until(() -> scene.inFolder().size() == 8);
        scene.awaitQuiet();

        for (int file = 0; file < 8; file++) {
            scene.lab.storage().remove(BUCKET, "f" + file);
        }

        await().until(() -> scene.count("select coalesce(sum(guard_rows), 0) from _sync_buckets") == 8);
        assertEquals(8, scene.inFolder().size());
    }
}
