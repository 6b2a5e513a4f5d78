package com.centrovision.sync.demo.storage;

import java.nio.file.Path;
import java.time.Instant;
import java.util.UUID;

/** One version of an object of the lab's storage; its bytes are in a file of that version's own. */
record StoredObject(
        UUID id,
        String version,
        Path file,
        long size,
        String etag,
        String type,
        Instant createdAt,
        Instant updatedAt) {}
