package com.centrovision.sync.clinic;

import java.sql.Connection;
import java.sql.SQLException;
import javax.sql.DataSource;

/** One service writes a clinic database: a lock that lives as long as its own connection. */
public final class WriterLock implements AutoCloseable {
    /** 'cvsync' in ASCII. */
    private static final long KEY = 0x637673796e63L;

    private final DataSource clinic;
    private Connection holder;

    public WriterLock(DataSource clinic) {
        this.clinic = clinic;
    }

    /** Whether this process is the writer now. */
    public synchronized boolean acquire() throws SQLException {
        if (holder != null && holder.isValid(5)) {
            return true;
        }
        close();
        var connection = clinic.getConnection();
        try (var statement = connection.prepareStatement("select pg_try_advisory_lock(?)")) {
            statement.setLong(1, KEY);
            try (var answer = statement.executeQuery()) {
                answer.next();
                if (answer.getBoolean(1)) {
                    holder = connection;
                    return true;
                }
            }
        } finally {
            if (holder != connection) {
                connection.close();
            }
        }
        return false;
    }

    @Override
    public synchronized void close() throws SQLException {
        if (holder != null) {
            try (var connection = holder;
                    var statement = connection.prepareStatement("select pg_advisory_unlock(?)")) {
                holder = null;
                statement.setLong(1, KEY);
                statement.execute();
            }
        }
    }
}
