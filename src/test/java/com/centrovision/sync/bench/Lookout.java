package com.centrovision.sync.bench;

import com.centrovision.sync.demo.LabDatabase;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import org.postgresql.util.PSQLState;

/** Looks into a database until something is so. */
final class Lookout {
    private static final long PAUSE_MILLIS = 20;

    private Lookout() {}

    /** @param question a select of one boolean; what does not exist yet is not so */
    static void until(LabDatabase database, String question, Duration patience)
            throws SQLException, InterruptedException {
        long deadline = System.nanoTime() + patience.toNanos();
        try (var connection = database.connect();
                var statement = connection.prepareStatement(question)) {
            while (!isSo(statement)) {
                if (System.nanoTime() > deadline) {
                    throw new Unfinished("not so after " + patience.toSeconds() + " s: " + question);
                }
                Thread.sleep(PAUSE_MILLIS);
            }
        }
    }

    private static boolean isSo(PreparedStatement statement) throws SQLException {
        try (var result = statement.executeQuery()) {
            return result.next() && result.getBoolean(1);
        } catch (SQLException failure) {
            if (PSQLState.UNDEFINED_TABLE.getState().equals(failure.getSQLState())) {
                return false;
            }
            throw failure;
        }
    }
}
