package com.centrovision.sync.files;

import com.centrovision.sync.cloud.storage.StorageApi;
import com.centrovision.sync.cloud.storage.StoredFile;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.springframework.jdbc.core.JdbcTemplate;

/** Holds the cloud's lists against what the folder is known to hold; reads no file. */
public final class CloudCheck {
    private static final int PAGE = 1000;

    private final JdbcTemplate clinic;
    private final StorageApi storage;

    /** How many files of a bucket are the same on both sides, and how many are not. */
    public record Sides(String bucket, long same, long different, long onlyCloud, long onlyFolder) {
        public boolean areEqual() {
            return different + onlyCloud + onlyFolder == 0;
        }
    }

    /** What the folder holds; {@code version} is the cloud's of the same content, empty where none is known. */
    private record Held(String md5, long size, String version) {
        boolean isSame(StoredFile file) {
            return size == file.size()
                    && (file.etag().equals(md5) || file.version().equals(version));
        }
    }

    public CloudCheck(JdbcTemplate clinic, StorageApi storage) {
        this.clinic = clinic;
        this.storage = storage;
    }

    public Sides compare(String bucket) throws IOException {
        storage.requireBucket(bucket);
        long same = 0;
        long different = 0;
        long onlyCloud = 0;
        var cursor = Optional.<String>empty();
        do {
            var page = storage.list(bucket, cursor, PAGE);
            var held = held(bucket, page.files());
            for (var file : page.files()) {
                var here = Optional.ofNullable(held.get(file.name()));
                if (here.isEmpty()) {
                    onlyCloud++;
                } else if (here.get().isSame(file)) {
                    same++;
                } else {
                    different++;
                }
            }
            cursor = page.next();
        } while (cursor.isPresent());
        return new Sides(bucket, same, different, onlyCloud, inFolder(bucket) - same - different);
    }

    private Map<String, Held> held(String bucket, List<StoredFile> files) {
        var held = new HashMap<String, Held>();
        var names = files.stream().map(StoredFile::name).toArray(String[]::new);
        clinic.query(
                "select name, clinic_md5, clinic_size, "
                        + "case when base_sha256 = clinic_sha256 then base_version else '' end as version "
                        + "from _sync_files where bucket = ? and name = any (?::text[]) and clinic_sha256 is not null",
                row -> {
                    held.put(
                            row.getString("name"),
                            new Held(
                                    row.getString("clinic_md5"), row.getLong("clinic_size"), row.getString("version")));
                },
                bucket,
                names);
        return held;
    }

    private long inFolder(String bucket) {
        return clinic.queryForObject(
                "select count(*) from _sync_files where bucket = ? and clinic_sha256 is not null", Long.class, bucket);
    }
}
