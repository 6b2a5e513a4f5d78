package com.centrovision.sync.cloud;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.centrovision.sync.demo.Lab;
import com.centrovision.sync.demo.LabDatabase;
import com.centrovision.sync.testing.CloudFile;
import com.centrovision.sync.testing.SharedLab;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * What the feed costs the cloud. A pull, in the pages that PostgreSQL says it touched: the same for the first clinic on a new feed
 * and for a thousand at different places of a long one, beside large tables and a transaction that stays open.
 */
class FeedCostIT {
    private static final int CLINICS = 1000;
    private static final int CHANGES_OF_A_CLINIC = 200;
    private static final int PAGE = 10;

    /** Trees of 200,000 entries are a level or two deeper than those of a hundred. */
    private static final double DEEPER_TREES = 2.0;

    private static final Lab LAB = SharedLab.get();
    private static final LabDatabase CLOUD = LAB.cloud();
    private static final ObjectMapper JSON = new ObjectMapper();

    private record Pull(JsonNode answer, long pages) {
        String cursor() {
            return answer.path("cursor").asText();
        }

        int rows() {
            return answer.path("tables").path(0).path("rows").size();
        }
    }

    @BeforeEach
    void aNewFeed() {
        LAB.resetCloud();
        CloudFile.remove(LAB); // with all that it has noted
        CloudFile.install(LAB);
        CLOUD.execute("vacuum analyze"); // else the pages that are read depend on what ran before
    }

    @AfterEach
    void leaveAsFound() {
        LAB.resetCloud();
        CloudFile.restore(LAB);
    }

    @Test
    void aThousandClinicsPayWhatOnePays() throws SQLException {
        try (var connection = CLOUD.connect();
                var open = CLOUD.connect()) {
            execute(connection, "set role service_role");
            var start = pull(connection, "").cursor();
            write(connection, 100, "few");
            var few = pull(connection, start);
            var idle = pull(connection, pullAll(connection, start));

            open.setAutoCommit(false);
            execute(open, "insert into crm_leads (name) select 'open' from generate_series(1, 20000)");
            write(
                    connection,
                    PAGE,
                    "next"); // a cursor that begins right at the open transaction reads past all it wrote
            var cursors = new ArrayList<String>();
            for (var clinic = 0; clinic < CLINICS; clinic++) {
                cursors.add(pull(connection, "").cursor());
                write(connection, CHANGES_OF_A_CLINIC, "clinic " + clinic);
            }
            CLOUD.generatePatients("large", 2000);

            var newest = cursors.get(CLINICS - 1);
            for (var i = 0; i < 5; i++) {
                newest = pullAll(connection, newest);
                write(connection, PAGE, "while " + i);
                assertFlat(few, pull(connection, newest));
            }
            newest = pullAll(connection, newest);
            assertFlat(idle, pull(connection, newest));
            for (var clinic = 0; clinic < CLINICS; clinic++) {
                var pages = pages(connection, cursors.get(clinic));
                assertTrue(pages <= few.pages() * DEEPER_TREES, pages + " pages, before " + few.pages());
            }
            var page = pull(connection, cursors.get(CLINICS / 2)).answer();
            assertEquals(
                    "clinic " + CLINICS / 2, page.at("/tables/0/rows/0/name").asText());
            open.rollback();
            assertFlat(idle, pull(connection, pullAll(connection, newest)));
        }
    }

    /** Each row with each other would be half a minute of any processor. */
    @Test
    void aLargeStatementIsNotedAfterManySmallOnes() throws SQLException {
        try (var connection = CLOUD.connect();
                var statement = connection.createStatement()) {
            statement.execute("insert into crm_leads (name, source) select 'x', 'masa' from generate_series(1, 30000)");
            for (var i = 0; i < 10; i++) { // so that the session has its plan for few rows
                statement.execute(
                        "update crm_leads set phone = '%d' where id = (select min(id::text)::uuid from crm_leads)"
                                .formatted(i));
            }
            statement.execute("set statement_timeout = '15s'");

            assertEquals(30000, statement.executeUpdate("update crm_leads set phone = 'masa' where source = 'masa'"));
        }
    }

    private static void assertFlat(Pull before, Pull now) {
        assertEquals(before.rows(), now.rows());
        assertTrue(now.pages() <= before.pages() * DEEPER_TREES, now.pages() + " pages, before " + before.pages());
    }

    private static String pullAll(Connection connection, String cursor) throws SQLException {
        var at = cursor;
        for (var more = true; more; ) {
            var answer =
                    execute(connection, "select sync_pull('" + at + "', 1000, 4000000, '{crm_leads}')::text as answer");
            at = answer.path("cursor").asText();
            more = answer.path("more").asBoolean();
        }
        return at;
    }

    /** Asks twice: what a connection learns once about the tables is no cost of a pull. */
    private static Pull pull(Connection connection, String cursor) throws SQLException {
        return new Pull(execute(connection, call(cursor)), pages(connection, cursor));
    }

    private static String call(String cursor) {
        return "select sync_pull('" + cursor + "', " + PAGE + ", 4000000, '{crm_leads}')::text as answer";
    }

    private static long pages(Connection connection, String cursor) throws SQLException {
        var plan = execute(connection, "explain (analyze, buffers, timing off, format json) " + call(cursor))
                .path(0)
                .path("Plan");
        return plan.path("Shared Hit Blocks").asLong()
                + plan.path("Shared Read Blocks").asLong();
    }

    private static void write(Connection connection, int rows, String name) throws SQLException {
        execute(connection, "insert into crm_leads (name) select '" + name + "' from generate_series(1, " + rows + ")");
    }

    private static JsonNode execute(Connection connection, String sql) throws SQLException {
        try (var statement = connection.createStatement()) {
            if (!statement.execute(sql)) {
                return JSON.nullNode();
            }
            try (var result = statement.getResultSet()) {
                result.next();
                return JSON.readTree(result.getString(1));
            } catch (JsonProcessingException unreadable) {
                throw new IllegalStateException(unreadable);
            }
        }
    }
}
