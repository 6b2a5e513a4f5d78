package com.centrovision.sync.files;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.centrovision.sync.clinic.ClinicDatabase;
import com.centrovision.sync.clinic.ControlTables;
import com.centrovision.sync.cloud.CloudReason;
import com.centrovision.sync.cloud.storage.StorageApi;
import com.centrovision.sync.config.Config;
import com.centrovision.sync.connection.Connection;
import com.centrovision.sync.demo.LabDatabase;
import com.centrovision.sync.testing.ClinicService;
import com.centrovision.sync.testing.Rule;
import com.centrovision.sync.testing.SharedLab;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

/** Whose turn it is, and what is to be done about a file, as the clinic's database decides it. */
class FileTurnsIT {
    private static final List<String> LANES = IntStream.range(0, 9)
            .mapToObj("'00000000-0000-4000-8000-00000000000%d'"::formatted)
            .toList();
    private static final String OTHER_SERVICES_LANE = "'00000000-0000-4000-8000-000000000009'";
    private static final FileTime YESTERDAY = FileTime.from(Instant.now().minus(Duration.ofDays(1)));

    private static LabDatabase clinic;

    private int lane;

    @BeforeAll
    static void prepare() {
        var lab = SharedLab.get();
        clinic = lab.newClinic();
        try (var database = new ClinicDatabase(ClinicService.config(lab, clinic).localPostgres(), 2)) {
            database.start();
            new ControlTables(database.dataSource(), Path.of("sql")).upgrade();
        }
    }

    @BeforeEach
    void knowNothing() {
        clinic.execute("truncate _sync_files, _sync_buckets, _sync_file_seen");
    }

    @Test
    void filesOfPatientsWhoComeSoonGoFirstThenTheNewest() {
        look("2026-01-01", "older.jpg", "needed.jpg");
        look("2026-02-01", "older.jpg", "needed.jpg", "newest.jpg");
        clinic.execute(
                """
                set session_replication_role = replica;
                insert into studies (id, patient_id, kind)
                values ('00000000-0000-4000-8000-000000000001', '00000000-0000-4000-8000-000000000002', 'OCT');
                insert into appointments (patient_id, starts_at)
                values ('00000000-0000-4000-8000-000000000002', now() + interval '1 day');
                insert into study_files (study_id, storage_path, mime_type, size_bytes)
                values ('00000000-0000-4000-8000-000000000001', 'estudios/needed.jpg', 'image/jpeg', 1);
                """);
        settle(1_000_000);

        assertEquals(List.of("needed.jpg", "newest.jpg", "older.jpg"), List.of(next(), next(), next()));

        clinic.query("select sync_release_files(array[" + OTHER_SERVICES_LANE + "]::uuid[])");
        clinic.execute("update _sync_files set wanted_at = now() where name = 'older.jpg'");
        assertEquals("older.jpg", next());
    }

    @Test
    void whatIsTooLargeIsLeftOutAndSaysSo() {
        look("2026-01-01", "film.mp4");
        settle(50);

        assertEquals("", next());
        assertEquals("too-large", value("select code from _sync_files"));

        settle(1000);
        assertEquals("film.mp4", next());
    }

    @Test
    void nothingGoesUpBeforeTheBucketWasSeenAsAWhole() {
        clinic.query("select sync_note_clinic_file('estudios', 'new.jpg', 'new.jpg', 5, 1, 'sha', 'md5')");
        assertEquals("", next());

        look("2026-01-01");

        assertEquals("new.jpg", next());
        assertEquals("up", value("select work from _sync_file_work"));
    }

    @Test
    void theSameContentOnBothSidesIsOneFileAndWrittenAgainIsNothingToDo() {
        look("2026-01-01", "same.jpg");
        clinic.query(
                "select sync_note_clinic_file('estudios', 'same.jpg', 'same.jpg', 100, 1, 'sha', 'md5 of same.jpg')");
        assertEquals("compare", value("select work from _sync_file_work"));
        settle(1000);
        assertEquals("", value("select work from _sync_file_work"));

        look("2026-02-01", "same.jpg");

        assertEquals("", value("select work from _sync_file_work"));
    }

    @Test
    @Rule("8.2")
    void aFewAreGoneAndManyWaitForAPerson() {
        var names = IntStream.range(0, 60).mapToObj(number -> "f" + number).toArray(String[]::new);
        look("2026-01-01", names);

        assertEquals("0", look("2026-01-01", Stream.of(names).skip(3).toArray(String[]::new)));
        assertEquals("57", value("select count(*) from _sync_files where cloud_version is not null"));

        assertEquals("10", look("2026-01-01", Stream.of(names).skip(13).toArray(String[]::new)));
        assertEquals("57", value("select count(*) from _sync_files where cloud_version is not null"));
        assertEquals("57", look("2026-01-01"));

        clinic.execute("update _sync_buckets set accepted_at = now()");
        assertEquals("0", look("2026-01-01", Stream.of(names).skip(13).toArray(String[]::new)));
        assertEquals("47", value("select count(*) from _sync_files where cloud_version is not null"));
    }

    @Test
    @Rule("8.2")
    void noMoreThanSoManyFilesAreReplacedWithinAnHour() {
        var names = List.of("a", "b", "c");
        look("2026-01-01", names.toArray(String[]::new));
        names.forEach(name -> inFolder(name, 1, "old " + name, "md5 of " + name));
        settle(1000);
        names.forEach(name -> inFolder(name, 2, "new " + name, "other"));

        sent(next());
        sent(next());
        assertEquals("", next());

        settle(1000);
        assertEquals("1", value("select changed_rows from _sync_buckets"));
        clinic.execute("update _sync_buckets set changes_accepted_at = now()");
        assertEquals(1, next().length());
    }

    @Test
    @Rule("8.2")
    void changesThatAreConfirmedForOneBucketAreNotForAnother() {
        for (var bucket : List.of("estudios", "recetas")) {
            lookAt(bucket, "2026-01-01", "a", "b", "c");
            List.of("a", "b", "c").forEach(name -> inFolder(bucket, name, 1, "old " + name, "md5 of " + name));
        }
        settle(1000);
        for (var bucket : List.of("estudios", "recetas")) {
            List.of("a", "b", "c").forEach(name -> inFolder(bucket, name, 2, "new " + name, "other"));
        }
        clinic.execute("update _sync_files set replaced_at = now() where bucket = 'estudios' and name <> 'a'");

        clinic.execute("update _sync_buckets set changes_accepted_at = now() where bucket = 'recetas'");
        settle(1000);

        assertEquals("3", value("select changed_rows from _sync_buckets where bucket = 'estudios'"));
        assertEquals("", value("select changed_rows from _sync_buckets where bucket = 'recetas'"));
        for (int turn = 0; turn < 3; turn++) {
            assertEquals("recetas", value("select bucket from " + claim(LANES.get(lane++))));
        }
        assertEquals("", next());
    }

    @Test
    void whatALaneWasGivenAndNeverHeardOfIsGivenToItAgain() {
        look("2026-01-01", "a", "b");
        assertEquals("1", value("select count(*) from " + claim(LANES.get(0))));
        var taken = value("select name from _sync_files where taken_by is not null");

        settle(1000);

        assertEquals(taken, value("select name from " + claim(LANES.get(0))));
        assertEquals("1", value("select count(*) from _sync_files where taken_by is not null"));
        assertEquals(taken.equals("a") ? "b" : "a", value("select name from " + claim(LANES.get(1))));
    }

    @Test
    @Rule("8.7")
    void aBucketThatTheDatabaseDoesNotTakeHoldsUpNoOther(@TempDir Path root) throws IOException {
        var lab = SharedLab.get();
        var buckets = List.of("broken", "estudios");
        for (var bucket : buckets) {
            lab.storage().createBucket(bucket);
            lab.storage().put(bucket, "there.jpg", FileScene.bytes(1, 100));
            Files.createDirectories(root.resolve(bucket));
            Files.setLastModifiedTime(
                    Files.write(root.resolve(bucket).resolve("here.jpg"), FileScene.bytes(2, 100)), YESTERDAY);
        }
        clinic.execute(
                """
                create or replace function break_bucket() returns trigger language plpgsql as
                  $$ begin raise exception 'broken' using errcode = 'disk_full'; end $$;
                create trigger break_bucket before insert on _sync_files for each row
                  when (new.bucket = 'broken') execute function break_bucket();
                """);
        var settings = new Config.Storage(true, buckets, root, Duration.ofHours(1), 0, Optional.empty(), 1024, 30);
        var connection = new Connection(Clock.systemUTC());
        connection.heard(CloudReason.OK, System.nanoTime());
        var manifest = new FileManifest(jdbc());
        try (var storage = new StorageApi(URI.create(lab.supabaseUrl()), lab.serviceKey())) {
            var limits = new Config.Reconcile(Duration.ofHours(1), 3, 50, 5);
            var cloud = new CloudLook(settings, limits, storage, manifest, new FileNames(), connection);
            var folder = new FolderLook(
                    buckets,
                    new ClinicFolder(root, new FileNames()),
                    manifest,
                    new FileNames(),
                    Clock.systemDefaultZone());

            assertThrows(DataAccessException.class, cloud::look);
            assertThrows(DataAccessException.class, folder::look);
        } finally {
            clinic.execute("drop trigger break_bucket on _sync_files");
        }

        assertEquals(
                "here.jpg,there.jpg",
                value("select string_agg(name, ',' order by name) from _sync_files where bucket = 'estudios'"));
        assertEquals("1", value("select count(*) from _sync_buckets where listed_at is not null"));
        assertEquals("1", value("select count(*) from _sync_buckets where looked_at is not null"));
    }

    @Test
    @Rule("8.4")
    void aNameThatIsNoTextIsLeftOutAndTold(@TempDir Path root) throws IOException, InterruptedException {
        var bucket = Files.createDirectories(root.resolve("estudios"));
        for (var name : List.of("a\ufffd.jpg", "b.jpg")) {
            Files.setLastModifiedTime(Files.write(bucket.resolve(name), FileScene.bytes(2, 100)), YESTERDAY);
        }
        var halves = "printf one > $'a\\xed\\xa0\\x80.jpg'; printf four > $'a\\xff.jpg'; touch -d yesterday a*";
        assumeTrue(new ProcessBuilder("bash", "-c", halves)
                        .directory(bucket.toFile())
                        .start()
                        .waitFor()
                == 0);

        lookAt(root);

        assertEquals("2", value("select left_out from _sync_buckets"));
        assertEquals(
                "a\ufffd.jpg,b.jpg", value("select string_agg(local_name, ',' order by local_name) from _sync_files"));
        assertEquals("100", value("select min(clinic_size) from _sync_files"));
    }

    @Test
    @Rule("8.4")
    void namesThatDifferInCapitalsAloneHaveARoomEach() {
        look("2026-01-01", "OCT.jpg", "Oct.jpg", "oct.jpg");

        assertEquals("3", value("select count(distinct lower(local_name)) from _sync_files"));
    }

    @Test
    @Rule("8.4")
    void namesThatNoFolderCanHoldTogetherHaveARoomEach() {
        var long255 = "a".repeat(255);
        look("2026-01-01", long255, "A".repeat(255), "1", "1/2", "b/c/d", "b/c", "B");

        assertEquals("7", value("select count(distinct lower(local_name)) from _sync_files"));
        assertEquals(
                "0",
                value("select count(*) from _sync_files f join _sync_files o on o.id <> f.id "
                        + "and starts_with(lower(o.local_name), lower(f.local_name) || '/')"));
    }

    @Test
    void aClockThatWasSetBackHoldsNothingUpAndConfirmsNothing() {
        look("2026-01-01", "a", "b", "c");
        clinic.execute(
                "update _sync_files set next_attempt_at = now() + interval '9 years', code = 'folder' where name = 'a'");
        assertEquals(
                3,
                List.of(next(), next(), next()).stream()
                        .distinct()
                        .filter(name -> !name.isEmpty())
                        .count());

        List.of("a", "b", "c").forEach(name -> inFolder(name, 1, "old " + name, "md5 of " + name));
        clinic.execute("update _sync_files set taken_by = null, replaced_at = now()");
        settle(1000);
        inFolder("a", 2, "new", "other");
        clinic.execute("update _sync_buckets set changes_accepted_at = now() + interval '9 years'");

        assertEquals("", next());
    }

    @Test
    @Rule("8.7")
    void aFileThatNobodyAnswersForWaitsLongerEachTimeUntilSomeOfItMoves() {
        look("2026-01-01", "silent");
        for (int time = 0; time < 30; time++) {
            clinic.query("select sync_file_failed(id, 'degraded', 'silence') from _sync_files");
        }
        var wait = "select next_attempt_at - now() > interval '20 seconds' from _sync_files";
        assertEquals("true", value(wait));
        assertEquals("0", value("select attempts from _sync_files"));
        assertEquals("1", value("select refused from sync_file_status()"));

        var asked = new WaitingFiles(jdbc());
        asked.want("estudios", "silent");
        assertEquals("", value(wait));
        clinic.query("select sync_file_failed(id, 'degraded', 'silence') from _sync_files");
        asked.want("estudios", "silent");
        assertEquals("true", value(wait));

        clinic.query("select sync_note_part(id, 'etag', 0) from _sync_files");
        clinic.query("select sync_note_part(id, 'etag', 100) from _sync_files");
        clinic.query("select sync_file_failed(id, 'degraded', 'silence') from _sync_files");

        assertEquals("false", value(wait));
    }

    @Test
    void whatAnotherServiceHadUnderWayGoesOn() {
        look("2026-01-01", "a");
        assertEquals("a", value("select name from " + claim(OTHER_SERVICES_LANE)));
        assertEquals("", next());

        settle(1000);

        assertEquals("a", next());
        settle(1000);
        assertEquals("", next());
    }

    @Test
    @Rule("8.6")
    void noRowIsCompleteWhileTheFolderCannotBeRead() {
        look("2026-01-01", "a");
        inFolder("a", 1, "sha", "md5 of a");
        settle(1000);
        clinic.execute(
                "set session_replication_role = replica; insert into study_files (study_id, storage_path, mime_type, size_bytes) "
                        + "values (gen_random_uuid(), 'a', 'image/jpeg', 1)");
        assertEquals("1", value("select study_rows_complete from sync_file_status()"));

        clinic.execute("update _sync_buckets set folder_error = 'folder-missing'");

        assertEquals("0", value("select study_rows_complete from sync_file_status()"));
    }

    /** As on Windows: a program saves the file beside it and renames that, and the name's capitals are others then. */
    @Test
    @Rule("8.4")
    void anotherWayToWriteTheSameFilesNameIsNoOtherFile(@TempDir Path root) throws IOException {
        look("2026-01-01", "oct.jpg", "other.jpg");
        var bucket = Files.createDirectories(root.resolve("estudios"));
        var file = Files.write(bucket.resolve("OCT.jpg"), FileScene.bytes(1, 100));
        Files.setLastModifiedTime(file, YESTERDAY);
        Files.createLink(
                bucket.resolve("oct.jpg"), file); // one file with two names is as near as this system comes to it
        Files.setLastModifiedTime(Files.write(bucket.resolve("OTHER.jpg"), FileScene.bytes(2, 100)), YESTERDAY);

        lookAt(root);
        lookAt(root);

        assertEquals(
                "OTHER.jpg,oct.jpg",
                value(
                        "select string_agg(name, ',' order by name collate \"C\") from _sync_files where clinic_sha256 is not null"));
        Files.delete(bucket.resolve("oct.jpg"));
        lookAt(root);
        assertEquals(
                "OCT.jpg,OTHER.jpg",
                value(
                        "select string_agg(name, ',' order by name collate \"C\") from _sync_files where clinic_sha256 is not null"));
    }

    private static void lookAt(Path root) {
        var names = new FileNames();
        new FolderLook(
                        List.of("estudios"),
                        new ClinicFolder(root, names),
                        new FileManifest(jdbc()),
                        names,
                        Clock.systemDefaultZone())
                .look();
    }

    /** A whole list of the bucket; how many files are gone and stay until a person confirms it. */
    private String look(String day, String... names) {
        return lookAt("estudios", day, names);
    }

    private String lookAt(String bucket, String day, String... names) {
        var fileNames = new FileNames();
        var page = Stream.of(names)
                .map(name ->
                        """
                        {"name": "%1$s", "local": "%2$s", "beside": %3$s, "version": "%4$s|%1$s", "size": 100,
                          "etag": "md5 of %1$s", "type": "image/jpeg", "at": "%5$sT00:00:00Z"}"""
                                .formatted(
                                        name,
                                        fileNames.inFolder(name).orElseThrow(),
                                        fileNames
                                                .besideInFolder(name)
                                                .map(beside -> '"' + beside + '"')
                                                .orElse("null"),
                                        day,
                                        name.startsWith("newest") ? day : "2025-06-01"))
                .collect(Collectors.joining(",", "[", "]"));
        return value(
                """
                with begun as materialized (select sync_begin_listing('%1$s') as at),
                noted as materialized (select sync_note_cloud_files('%1$s', b.at, '%2$s') as changed, b.at from begun b)
                select sync_end_listing('%1$s', n.at, 50, 5) from noted n
                """
                        .formatted(bucket, page));
    }

    private void inFolder(String name, int modified, String sha256, String md5) {
        inFolder("estudios", name, modified, sha256, md5);
    }

    private void inFolder(String bucket, String name, int modified, String sha256, String md5) {
        clinic.query(
                "select sync_note_clinic_file(?, ?, ?, 100, ?, ?, ?)",
                bucket,
                name,
                name,
                (long) modified,
                sha256,
                md5);
    }

    /** The cloud took what the folder holds. */
    private void sent(String name) {
        clinic.query(
                "select sync_note_cloud_file(id, jsonb_build_object('version', 'sent', 'size', 100, 'etag', 'x', 'type', 'y', "
                        + "'at', now()), clinic_sha256) from _sync_files where name = ?",
                name);
    }

    private void settle(long largest) {
        clinic.query("select sync_settle_files(" + largest + ", 2, array[" + String.join(", ", LANES) + "]::uuid[])");
    }

    /** The next file, for a lane that has none. */
    private String next() {
        return value("select name from " + claim(LANES.get(lane++ % LANES.size())));
    }

    private static String claim(String lane) {
        return "sync_claim_file(1000000, 2, " + lane + ")";
    }

    private static JdbcTemplate jdbc() {
        return new JdbcTemplate(new DriverManagerDataSource(clinic.jdbcUrl(), clinic.user(), clinic.password()));
    }

    private String value(String query) {
        return clinic.value(query).map(Object::toString).orElse("");
    }
}
