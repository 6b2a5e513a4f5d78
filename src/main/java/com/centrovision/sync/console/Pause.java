package com.centrovision.sync.console;

import com.centrovision.sync.connection.Connection;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.JdbcTemplate;

/** A person's wish that no work be done; it outlives the process. Threads share it. */
final class Pause {
    private static final Logger LOG = LoggerFactory.getLogger(Pause.class);

    private final JdbcTemplate clinic;
    private final Connection connection;

    Pause(JdbcTemplate clinic, Connection connection) {
        this.clinic = clinic;
        this.connection = connection;
    }

    /** What was wished before this process. */
    void restore() {
        var since = clinic.queryForList("select since from _sync_pause", Timestamp.class).stream()
                .findFirst()
                .map(Timestamp::toInstant);
        since.ifPresent(paused -> LOG.warn("sync paused by a person since={}", paused));
        connection.pausedByPerson(since);
    }

    void begin(Visitor visitor, String reason) {
        clinic.update(
                "insert into _sync_pause (person, reason) values (?, ?) on conflict (id) do nothing",
                visitor.person(),
                reason);
        connection.pausedByPerson(Optional.of(Instant.now()));
        LOG.warn("sync paused by a person address={}", visitor.address());
    }

    void end() {
        clinic.update("delete from _sync_pause");
        connection.pausedByPerson(Optional.empty());
        LOG.info("sync resumed by a person");
    }
}
