package com.centrovision.sync.cloud.storage;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.centrovision.sync.cloud.CloudNotAskedException;
import com.centrovision.sync.cloud.CloudReason;
import com.centrovision.sync.cloud.CloudRefusedException;
import com.centrovision.sync.cloud.CloudUnauthorizedException;
import com.centrovision.sync.cloud.CloudUnavailableException;
import com.centrovision.sync.demo.Fault;
import com.centrovision.sync.demo.Lab;
import com.centrovision.sync.testing.Rule;
import com.centrovision.sync.testing.SharedLab;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.io.entity.ByteArrayEntity;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What Supabase's Storage answers, and what it comes to: most of it hides behind HTTP 400 or looks like something else. */
class StorageApiIT {
    private static final String BUCKET = "estudios";

    private final Lab lab = SharedLab.get();
    private StorageApi storage;

    @BeforeEach
    void makeBucket() {
        lab.resetCloud();
        lab.storage().createBucket(BUCKET);
        storage = new StorageApi(URI.create(lab.supabaseUrl()), lab.serviceKey());
    }

    @AfterEach
    void close() throws IOException {
        storage.close();
        lab.resetCloud();
    }

    @Test
    void aMissingBucketListsAsEmptyAndIsKnownByItself() throws IOException {
        assertEquals(List.of(), storage.list("no such", Optional.empty(), 10).files());

        assertThrows(StorageMissingException.class, () -> storage.requireBucket("no such"));
        storage.requireBucket(BUCKET);
    }

    @Test
    void aKeyWithoutRightsLooksLikeAMissingBucketAndAWrongOneIsRefused() throws IOException {
        lab.storage().put(BUCKET, "a.jpg", new byte[10]);
        try (var poor = new StorageApi(URI.create(lab.supabaseUrl()), lab.publishableKey());
                var wrong = new StorageApi(URI.create(lab.supabaseUrl()), "sb_secret_x")) {
            assertEquals(List.of(), poor.list(BUCKET, Optional.empty(), 10).files());
            assertThrows(StorageMissingException.class, () -> poor.requireBucket(BUCKET));
            assertThrows(CloudUnauthorizedException.class, () -> wrong.requireBucket(BUCKET));
        }
    }

    @Test
    void listsAllPagesAndAVersionThatMovesWithEveryWrite() throws IOException {
        for (int file = 0; file < 25; file++) {
            lab.storage().put(BUCKET, "f" + file, new byte[] {(byte) file});
        }

        var names = new ArrayList<String>();
        var cursor = Optional.<String>empty();
        do {
            var page = storage.list(BUCKET, cursor, 10);
            page.files().forEach(file -> names.add(file.name()));
            cursor = page.next();
        } while (cursor.isPresent());
        assertEquals(lab.storage().names(BUCKET), names);

        var listed = storage.list(BUCKET, Optional.empty(), 1).files().get(0);
        assertEquals(Optional.of(listed), storage.find(BUCKET, listed.name()));
        lab.storage().put(BUCKET, listed.name(), new byte[] {0});
        assertNotEquals(
                listed.version(),
                storage.find(BUCKET, listed.name()).orElseThrow().version());
        assertEquals(Optional.empty(), storage.find(BUCKET, "none"));
    }

    @Test
    void receivesTheRestOfAFile() throws IOException {
        var content = bytes(100_000);
        lab.storage().put(BUCKET, "what? a:b (1).jpg", content);
        var rest = new ByteArrayOutputStream();

        storage.download(BUCKET, "what? a:b (1).jpg", 60_000, (etag, begins, bytes) -> {
            assertEquals(60_000, begins);
            bytes.transferTo(rest);
        });

        assertArrayEquals(Arrays.copyOfRange(content, 60_000, 100_000), rest.toByteArray());
    }

    @Test
    @Rule("8.7")
    void tellsARefusalByItsTrueCode() {
        var code = assertThrows(
                        CloudRefusedException.class, () -> storage.upload(BUCKET, "año.jpg", entity(new byte[1]), true))
                .code();

        assertEquals("InvalidKey", code);
    }

    @Test
    void doesNotReplaceWhereNoneShouldBeThere() throws IOException {
        storage.upload(BUCKET, "a.jpg", entity(new byte[] {1}), false);

        assertEquals(
                "Duplicate",
                assertThrows(
                                CloudRefusedException.class,
                                () -> storage.upload(BUCKET, "a.jpg", entity(new byte[] {2}), false))
                        .code());
        storage.upload(BUCKET, "a.jpg", entity(new byte[] {3}), true);
        assertArrayEquals(new byte[] {3}, lab.storage().content(BUCKET, "a.jpg"));
    }

    @Test
    void goesOnWithAnUploadThatWasCut() throws IOException {
        var content = bytes(1 << 20);
        var uploads = storage.resumableUploads();
        var id = uploads.begin(BUCKET, "film.mp4", "video/mp4", content.length, false);
        lab.gateway().fault(Fault.cutRequestAfterBytes(300_000).times(1).matching("PATCH", "resumable"));
        assertThrows(CloudUnavailableException.class, () -> uploads.append(id, 0, entity(content)));
        try (var again = new StorageApi(URI.create(lab.supabaseUrl()), lab.serviceKey())) {
            var more = again.resumableUploads();
            var arrived = more.arrived(id).orElseThrow();

            assertTrue(arrived > 0 && arrived <= 300_000, () -> "arrived " + arrived);
            var rest = Arrays.copyOfRange(content, (int) arrived, content.length);
            assertEquals(content.length, more.append(id, arrived, entity(rest)));
            assertArrayEquals(content, lab.storage().content(BUCKET, "film.mp4"));
            assertTrue(more.arrived("none").isEmpty());
        }
    }

    @Test
    void leavesAStorageAloneThatAsksForIt() {
        lab.gateway().fault(Fault.status(429, Duration.ofSeconds(30)).times(1).matching("GET", "/storage/"));

        assertThrows(CloudUnavailableException.class, () -> storage.requireBucket(BUCKET));
        lab.gateway().clearLog();

        assertThrows(CloudNotAskedException.class, () -> storage.requireBucket(BUCKET));
        assertEquals(0, lab.gateway().requests().size());
    }

    @Test
    void takesALogInPageForNoAnswer() {
        lab.storage().put(BUCKET, "a.jpg", new byte[10]);
        lab.gateway().fault(Fault.captivePortal().times(1));

        var portal = assertThrows(
                CloudUnavailableException.class,
                () -> storage.download(BUCKET, "a.jpg", 0, (etag, begins, bytes) -> {
                    throw new IllegalStateException("received");
                }));

        assertEquals(CloudReason.CAPTIVE_PORTAL, portal.reason());
    }

    private static ByteArrayEntity entity(byte[] content) {
        return new ByteArrayEntity(content, ContentType.APPLICATION_OCTET_STREAM);
    }

    private static byte[] bytes(int size) {
        var content = new byte[size];
        new Random(size).nextBytes(content);
        return content;
    }
}
