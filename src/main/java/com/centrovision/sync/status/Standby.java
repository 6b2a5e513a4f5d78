package com.centrovision.sync.status;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.UUID;
import org.springframework.jdbc.BadSqlGrammarException;
import org.springframework.jdbc.core.JdbcTemplate;

/** This service's row in _sync_standby, while it waits to become the writer. */
final class Standby {
    private final UUID instance = UUID.randomUUID();
    private boolean noted;

    /** Rows of standbys that ended without a word are cleared away meanwhile. */
    void note(JdbcTemplate clinic, Instant since) {
        try {
            clinic.update(
                    """
                    with ended as (
                      delete from _sync_standby where seen_at < now() - interval '1 hour'
                    )
                    insert into _sync_standby (instance, host, process_id, since, seen_at)
                    values (?, ?, ?, ?, now())
                    on conflict (instance) do update set since = excluded.since, seen_at = excluded.seen_at
                    """,
                    instance,
                    host(),
                    ProcessHandle.current().pid(),
                    Timestamp.from(since));
            noted = true;
        } catch (BadSqlGrammarException notPrepared) {
            noted = false; // the writer has not made the table yet
        }
    }

    void leave(JdbcTemplate clinic) {
        if (noted) {
            clinic.update("delete from _sync_standby where instance = ?", instance);
            noted = false;
        }
    }

    private static String host() {
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException nameless) {
            return "?";
        }
    }
}
