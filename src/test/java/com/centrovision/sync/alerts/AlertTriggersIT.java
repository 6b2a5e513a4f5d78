package com.centrovision.sync.alerts;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.centrovision.sync.clinic.ClinicDatabase;
import com.centrovision.sync.clinic.ControlTables;
import com.centrovision.sync.config.Alerts;
import com.centrovision.sync.demo.LabDatabase;
import com.centrovision.sync.testing.ClinicService;
import com.centrovision.sync.testing.SharedLab;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.sql.Timestamp;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What raises, repeats and ends an alert, in a clinic's control tables and in a time of the test's own. */
class AlertTriggersIT {
    private static final LabDatabase CLINIC = SharedLab.get().newClinic();
    private static final ClinicDatabase DATABASE =
            new ClinicDatabase(ClinicService.config(SharedLab.get(), CLINIC).localPostgres(), 2);
    private static final String MARKER = "Núñez-0801-1990";

    private final ObjectMapper json = new ObjectMapper();
    private final Instant start = Instant.now().plusSeconds(60);
    private ObjectNode facts;
    private Instant now = start;

    @BeforeEach
    void syncedClinic() {
        if (DATABASE.dataSource() == null) {
            DATABASE.start();
            new ControlTables(DATABASE.dataSource(), Path.of("sql")).upgrade();
        }
        CLINIC.execute(
                """
                truncate _sync_metadata, _sync_pending, _sync_log, _conflicts, _sync_quarantine, _sync_service,
                  _sync_alert, _sync_alert_delivery;
                update _sync_alert_mark set mark = case kind when 'conflicts' then '0' else '' end;
                insert into _sync_metadata (table_name, active, last_sync_from_supabase)
                select 't' || i, true, now() + interval '1 day' from generate_series(1, 6) i;
                """);
        facts = json.createObjectNode()
                .put("reason", "ok")
                .put("reason_since", start.minusSeconds(3600).toString())
                .put("skew_seconds", 0.4)
                .put("free_disk_mb", 50_000)
                .put("errors_in_a_row", 5)
                .put("no_sync_minutes", 5)
                .put("max_pending", 100)
                .put("max_skew_seconds", 60)
                .put("min_free_disk_mb", 1024)
                .put("reminder_hours", 6);
        channels("mail", "warning");
    }

    @AfterEach
    void nothingOfARowIsKept() {
        assertEquals(0, CLINIC.count("_sync_alert a where a::text like '%" + MARKER + "%'"));
    }

    private void channels(String... namesAndSeverities) {
        var channels = facts.putArray("channels");
        for (int i = 0; i < namesAndSeverities.length; i += 2) {
            channels.addObject().put("name", namesAndSeverities[i]).put("severity", namesAndSeverities[i + 1]);
        }
    }

    /** What changed at this look, such as {@code raised key}. */
    private List<String> look() {
        return DATABASE.jdbc()
                .queryForList(
                        "select stage || ' ' || key from sync_watch_alerts(?::jsonb, ?) order by 1",
                        String.class,
                        facts.toString(),
                        Timestamp.from(now));
    }

    private List<String> lookAfter(Duration time) {
        now = now.plus(time);
        return look();
    }

    /** Looks every ten seconds for so long. */
    private List<String> watchFor(Duration time) {
        return watchFor(time, Duration.ofSeconds(10));
    }

    private List<String> watchFor(Duration time, Duration step) {
        var from = now.plus(step);
        now = now.plus(time);
        return DATABASE.jdbc()
                .queryForList(
                        "select c.stage || ' ' || c.key from generate_series(?, ?, make_interval(secs => ?)) at "
                                + "cross join lateral sync_watch_alerts(?::jsonb, at) c",
                        String.class,
                        Timestamp.from(from),
                        Timestamp.from(now),
                        (double) step.toSeconds(),
                        facts.toString());
    }

    /** Sends what is due over a channel: its subjects and texts in a language. */
    private List<AlertMessage> send(String channel, String language) {
        var defaults = Alerts.defaults();
        var texts = new AlertTexts(
                new Alerts(
                        Locale.forLanguageTag(language),
                        Optional.empty(),
                        defaults.reminder(),
                        Optional.empty(),
                        defaults.limits(),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty()),
                Clock.systemUTC());
        var sent = new ArrayList<AlertMessage>();
        while (true) {
            var taken = CLINIC.query("select * from sync_take_delivery(?, ?)", channel, Timestamp.from(now));
            if (taken.isEmpty()) {
                return sent;
            }
            sent.add(texts.of(taken.get(0)));
            CLINIC.query(
                    "select sync_delivery_sent(?, ?, ?)::text",
                    taken.get(0).get("delivery_id"),
                    taken.get(0).get("stage"),
                    Timestamp.from(now));
        }
    }

    private List<String> stagesSent(String channel) {
        return send(channel, "es").stream()
                .map(message -> message.stage() + " " + message.alert().key())
                .toList();
    }

    private void raisedAndSolved(String key, String begin, String end) {
        CLINIC.execute(begin);
        raisedAndSolved(key, () -> {}, () -> CLINIC.execute(end));
    }

    private void raisedAndSolved(String key, Runnable begin, Runnable end) {
        begin.run();
        assertEquals(List.of("raised " + key), watchFor(Duration.ofSeconds(90)), key);
        var told = send("mail", "es");
        assertEquals(1, told.size(), key);
        assertFalse(told.get(0).text().contains("{"), told.get(0).text());

        end.run();
        assertEquals(List.of("solved " + key), watchFor(Duration.ofMinutes(4)), key);
        assertEquals(List.of("solved " + key), stagesSent("mail"));
        assertEquals(List.of(), watchFor(Duration.ofMinutes(2)), key);
    }

    @Test
    void everyProblemIsRaisedOnceAndSolvedOnce() {
        raisedAndSolved(
                "table-errors:t1",
                "select sync_fail('DOWN', 't1', 'refused') from generate_series(1, 5)",
                "select sync_end_pass('t1', true, null, now()); update _sync_metadata set last_sync_from_supabase = now() + interval '1 day'");
        raisedAndSolved(
                "pending",
                "insert into _sync_pending (table_name, record_id, operation, data) "
                        + "select 't1', gen_random_uuid(), 'INSERT', '{\"x\":\"" + MARKER
                        + "\"}' from generate_series(1, 101)",
                "update _sync_pending set synced = true where id = (select min(id) from _sync_pending)");
        raisedAndSolved(
                "quarantine:t2",
                "insert into _sync_quarantine (direction, table_name, record_id, data, reason) "
                        + "values ('UP', 't2', gen_random_uuid(), '{\"x\":\"" + MARKER + "\"}', '" + MARKER + "')",
                "delete from _sync_quarantine");
        raisedAndSolved(
                "held:t3",
                "insert into _conflicts (table_name, record_id, kind, strategy, local_data) "
                        + "values ('t3', gen_random_uuid(), 'update_update', 'manual', '{\"x\":\"" + MARKER + "\"}')",
                "update _conflicts set resolved_at = now(), resolved_by = 'ana', resolution = 'local'");
        raisedAndSolved(
                "deletes:t4",
                "update _sync_metadata set guard = 'deletes', guard_rows = 77 where table_name = 't4'",
                "update _sync_metadata set guard = null");
        raisedAndSolved(
                "older-cloud:t4",
                "update _sync_metadata set guard = 'older-cloud', guard_rows = 77 where table_name = 't4'",
                "update _sync_metadata set guard = null");
        raisedAndSolved(
                "files-gone",
                "insert into _sync_buckets (bucket, guard_rows) values ('estudios', 60)",
                "update _sync_buckets set guard_rows = null");
        raisedAndSolved(
                "files-changed",
                "update _sync_buckets set changed_rows = 70",
                "update _sync_buckets set changed_rows = null");
        raisedAndSolved(
                "files-folder",
                "update _sync_buckets set folder_error = 'folder-missing'",
                "update _sync_buckets set folder_error = null");
        raisedAndSolved(
                "files-bucket",
                "update _sync_buckets set last_error = 'NoSuchBucket'",
                "update _sync_buckets set last_error = null");
        raisedAndSolved(
                "files-refused",
                "insert into _sync_files (bucket, name, local_name, cloud_version, cloud_size, attempts, code, failed_at) "
                        + "values ('estudios', '" + MARKER + "', '" + MARKER + "', 'v', 1, 5, 'wrong-content', now())",
                "update _sync_files set attempts = 0, code = null");
        raisedAndSolved(
                "files-refused", "update _sync_buckets set left_out = 1", "update _sync_buckets set left_out = null");
        raisedAndSolved(
                "backup",
                "insert into _sync_log (direction, status) values ('BACKUP', 'success'), ('BACKUP', 'error')",
                "insert into _sync_log (direction, status) values ('BACKUP', 'success')");
        raisedAndSolved(
                "backup-copy",
                "insert into _sync_log (direction, status) values ('BACKUP', 'PARTIAL')",
                "insert into _sync_log (direction, status) values ('BACKUP', 'SUCCESS')");
        raisedAndSolved(
                "backup-unproved",
                "insert into _sync_log (direction, status) values ('BACKUP', 'UNPROVED')",
                "insert into _sync_log (direction, status) values ('BACKUP', 'SUCCESS')");
        raisedAndSolved(
                "backup-old",
                () -> {
                    facts.put("backup_hours", 26);
                    CLINIC.execute("update _sync_log set created_at = '" + now.minus(Duration.ofHours(27))
                            + "' where direction = 'BACKUP'");
                },
                () -> CLINIC.execute(
                        "insert into _sync_log (direction, status, created_at) values ('BACKUP', 'SUCCESS', '" + now
                                + "')"));
        raisedAndSolved("skew", () -> facts.put("skew_seconds", -61.2), () -> facts.put("skew_seconds", 3));
        raisedAndSolved("disk", () -> facts.put("free_disk_mb", 1000), () -> facts.put("free_disk_mb", 2000));
        raisedAndSolved(
                "key",
                () -> facts.put("reason", "unauthorized").put("reason_since", now.toString()),
                () -> facts.put("reason", "ok").put("reason_since", now.toString()));
    }

    @Test
    void noSyncIsToldWithItsBeginningAndItsReason() {
        var last = now.minusSeconds(200);
        CLINIC.query("update _sync_metadata set last_sync_from_supabase = ? returning 1", Timestamp.from(last));
        facts.put("reason", "no-network").put("reason_since", now.toString());

        assertEquals(List.of(), watchFor(Duration.ofSeconds(90)));
        assertEquals(List.of("raised no-sync"), watchFor(Duration.ofSeconds(90)));
        var message = send("mail", "es").get(0);
        assertEquals(last.toEpochMilli(), message.alert().since().toEpochMilli());
        assertTrue(message.text().contains("no hay conexión a internet"), message.text());

        CLINIC.execute("insert into _sync_log (direction, table_name, status, created_at) "
                + "values ('DOWN', 't1', 'SUCCESS', '" + now + "')");
        facts.put("reason", "ok");
        assertEquals(List.of("solved no-sync"), watchFor(Duration.ofMinutes(3)), "a first load that goes on");
        assertEquals(List.of("raised no-sync"), watchFor(Duration.ofMinutes(6)));
    }

    @Test
    void tablesThatFailWhileTheCloudIsAwayAreNotTold() {
        facts.put("reason", "degraded");
        CLINIC.execute("update _sync_metadata set errors_in_row = 9, failing_since = now() where table_name = 't1'");
        assertEquals(List.of(), watchFor(Duration.ofSeconds(60)));

        facts.put("reason", "ok");
        assertEquals(List.of("raised table-errors:t1"), look());
        facts.put("reason", "degraded");
        assertEquals(List.of(), watchFor(Duration.ofMinutes(10)), "it goes on");
    }

    @Test
    void aCauseThatMeetsManyTablesIsOneMessage() {
        CLINIC.execute("update _sync_metadata set errors_in_row = 5, failing_since = now() where table_name <= 't2'");
        assertEquals(List.of("raised table-errors:t1", "raised table-errors:t2"), look());
        CLINIC.execute("update _sync_metadata set errors_in_row = 5, failing_since = now()");
        assertEquals(List.of("raised table-errors"), lookAfter(Duration.ofSeconds(10)));

        var told = send("mail", "en");

        assertEquals(1, told.size());
        assertTrue(told.get(0).text().startsWith("6 tables fail"), told.get(0).text());
        CLINIC.execute("update _sync_metadata set errors_in_row = 0");
        assertEquals(List.of("solved table-errors"), watchFor(Duration.ofMinutes(4)));
    }

    @Test
    void conflictsAreToldTogetherAndOnceAnHourAtMost() {
        var conflicts =
                "insert into _conflicts (table_name, record_id, kind, strategy, winner, resolved_at, resolved_by,"
                        + " remote_data, created_at) select 't' || i %% 2, gen_random_uuid(), 'update_update', 'last-write-wins', 'remote',"
                        + " now(), 'sync', '{\"x\":\"" + MARKER + "\"}', '%s' from generate_series(1, %d) i";
        CLINIC.execute(conflicts.formatted(now, 3));
        assertEquals(List.of("raised conflicts"), watchFor(Duration.ofMinutes(5)));
        for (int i = 0; i < 12; i++) {
            CLINIC.execute(conflicts.formatted(now, 1));
            assertEquals(i == 11 ? List.of("raised conflicts") : List.of(), watchFor(Duration.ofMinutes(5)), "" + i);
        }

        var told = send("mail", "es");

        assertEquals(2, told.size());
        assertTrue(told.get(0).text().contains("decididos: 3"), told.get(0).text());
        assertFalse(told.get(1).text().contains("{"), told.get(1).text());
        assertEquals(0, CLINIC.count("_sync_alert where solved_at is null"));
    }

    @Test
    void aTakeoverIsToldOnce() {
        CLINIC.execute(
                "insert into _sync_service (version, process_id, started_at, seen_at, mode, reason, since, taken_over_at) "
                        + "values ('1', 1, now(), now(), 'supabase', 'ok', now(), now())");

        assertEquals(List.of("raised takeover"), watchFor(Duration.ofMinutes(10)));
        assertEquals(List.of("raised takeover"), stagesSent("mail"));
        CLINIC.execute("update _sync_service set taken_over_at = now() + interval '1 second'");
        assertEquals(List.of("raised takeover"), watchFor(Duration.ofMinutes(1)));
    }

    @Test
    void whatComesAndGoesIsNoFlood() {
        var changes = new ArrayList<String>();
        for (int minute = 0; minute < 180; minute++) {
            facts.put("skew_seconds", minute % 8 < 4 ? 100 : 0);
            changes.addAll(watchFor(Duration.ofMinutes(1), Duration.ofSeconds(30)));
        }
        assertTrue(changes.size() >= 3 && changes.size() <= 8, changes::toString);

        for (int minute = 0; minute < 20; minute++) {
            facts.put("free_disk_mb", 500);
            assertEquals(List.of(), lookAfter(Duration.ofSeconds(30)));
            facts.put("free_disk_mb", 5000);
            assertFalse(lookAfter(Duration.ofSeconds(30)).toString().contains("disk"));
        }
    }

    @Test
    void aProblemThatGoesOnIsToldAgainAfterHoursUnlessTheLastMessageStillWaits() {
        facts.put("free_disk_mb", 10);
        assertEquals(List.of("raised disk"), watchFor(Duration.ofSeconds(80)));
        assertEquals(List.of("raised disk"), stagesSent("mail"));
        assertEquals(List.of(), lookAfter(Duration.ofHours(5)));
        assertEquals(List.of("reminder disk"), lookAfter(Duration.ofHours(1)));
        assertEquals(List.of("reminder disk"), lookAfter(Duration.ofHours(6)));
        assertEquals(List.of("reminder disk"), lookAfter(Duration.ofHours(6)));

        assertEquals(List.of("reminder disk"), stagesSent("mail"));
    }

    @Test
    void whatIsSolvedBeforeItCouldBeSentIsOneMessage() {
        channels("mail", "warning", "webhook", "warning");
        facts.put("free_disk_mb", 10);
        watchFor(Duration.ofSeconds(80));
        assertEquals(List.of("raised disk"), stagesSent("webhook"));
        var began = now;
        facts.put("free_disk_mb", 10_000);
        assertEquals(List.of("solved disk"), watchFor(Duration.ofMinutes(4)));

        assertEquals(List.of("solved disk"), stagesSent("webhook"));
        var mail = send("mail", "es");
        assertEquals(1, mail.size());
        assertEquals("passed", mail.get(0).stage());
        assertTrue(mail.get(0).alert().endedAt().orElseThrow().toEpochMilli() <= began.toEpochMilli());
    }

    @Test
    void theEndIsToldAlsoWhereItCameWhileTheMessageWasOnItsWay() {
        facts.put("free_disk_mb", 10);
        watchFor(Duration.ofSeconds(80));
        var taken = CLINIC.query("select * from sync_take_delivery('mail', ?)", Timestamp.from(now))
                .get(0);
        facts.put("free_disk_mb", 10_000);
        watchFor(Duration.ofMinutes(4));
        CLINIC.query(
                "select sync_delivery_sent(?, ?, ?)::text",
                taken.get("delivery_id"),
                taken.get("stage"),
                Timestamp.from(now));

        assertEquals(List.of("solved disk"), stagesSent("mail"));
    }

    @Test
    void eachChannelHearsFromItsOwnSeverityOnAndTheNightIsQuietButForTheCritical() {
        channels("mail", "warning", "telegram", "critical");
        var morning = now.plus(Duration.ofHours(8));
        facts.put("quiet_until", morning.toString());
        facts.put("free_disk_mb", 10).put("skew_seconds", 100);
        watchFor(Duration.ofSeconds(80));

        assertEquals(List.of("raised disk"), stagesSent("mail"));
        assertEquals(List.of("raised disk"), stagesSent("telegram"));
        now = morning;
        assertEquals(List.of("raised skew"), stagesSent("mail"));
        assertEquals(List.of(), stagesSent("telegram"));
    }

    @Test
    void whatFailsWaitsLongerAndLongerAndLeavesWhenTheLineIsBack() throws JsonProcessingException {
        facts.put("free_disk_mb", 10).put("reason", "no-network").put("reason_since", now.toString());
        watchFor(Duration.ofSeconds(80));
        var raisedAt = now;
        var waits = IntStream.range(0, 9).mapToObj(attempt -> fail()).toList();
        assertTrue(waits.get(0).compareTo(Duration.ofSeconds(20)) < 0, waits::toString);
        assertTrue(waits.get(8).compareTo(Duration.ofMinutes(13)) > 0, waits::toString);
        assertTrue(waits.get(8).compareTo(Duration.ofMinutes(17)) < 0, waits::toString);
        assertEquals(
                1, CLINIC.count("_sync_alert_failing where channel = 'mail' and error = 'no-answer' and waiting = 1"));
        assertEquals(List.of(), stagesSent("mail"), "not yet");

        now = now.plusSeconds(5);
        facts.put("reason", "ok").put("reason_since", now.toString());
        look();

        var told = send("mail", "es");
        assertEquals(1, told.size());
        assertTrue(told.get(0).alert().since().isBefore(raisedAt));
        assertEquals(0, CLINIC.count("_sync_alert_failing"));
    }

    /** Fails the message that is due next, and says how long it waits then. */
    private Duration fail() {
        now = instant("select next_attempt_at as at from _sync_alert_delivery");
        var taken = CLINIC.query("select * from sync_take_delivery('mail', ?)", Timestamp.from(now))
                .get(0);
        CLINIC.query("select sync_delivery_failed(?, 'no-answer', ?)", taken.get("delivery_id"), Timestamp.from(now));
        return Duration.between(now, instant("select next_attempt_at as at from _sync_alert_delivery"));
    }

    private static Instant instant(String query) {
        return ((Timestamp) CLINIC.query(query).get(0).get("at")).toInstant();
    }

    @Test
    void aGoodPassIsOneOfEveryTableThatComesDown() {
        CLINIC.execute("update _sync_metadata set last_sync_from_supabase = now()");
        var before = Timestamp.from(Instant.now().minusSeconds(60));
        assertTrue(CLINIC.value("select sync_good_pass('" + before + "')").isPresent());

        CLINIC.execute("update _sync_metadata set last_error = 'x' where table_name = 't1'");
        assertTrue(CLINIC.value("select sync_good_pass('" + before + "')").isEmpty());
        CLINIC.execute(
                "update _sync_metadata set last_error = null, last_sync_from_supabase = '2026-01-01' where table_name = 't1'");
        assertTrue(CLINIC.value("select sync_good_pass('" + before + "')").isEmpty());
        CLINIC.execute("update _sync_metadata set direction = 'up' where table_name = 't1'");
        assertTrue(CLINIC.value("select sync_good_pass('" + before + "')").isPresent());
    }
}
