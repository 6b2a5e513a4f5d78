package com.centrovision.sync.console;

import com.centrovision.sync.connection.Connection;
import com.centrovision.sync.problem.Json;
import com.centrovision.sync.problem.Problem;
import com.centrovision.sync.problem.ProblemCode;
import com.centrovision.sync.status.StatusReader;
import com.centrovision.sync.status.StatusSnapshot;
import com.fasterxml.jackson.core.JsonProcessingException;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;

/**
 * The status as of a moment ago, answered from memory: one thread reads it from the clinic's database, each second while
 * anybody looks, and keeps the last one while the database is silent. Threads share it.
 */
public final class StatusFeed {
    private static final Logger LOG = LoggerFactory.getLogger(StatusFeed.class);
    private static final Duration LOOKED_AT = Duration.ofSeconds(10);
    private static final Duration NOBODY_LOOKS = Duration.ofSeconds(10);

    /** To read the status of a backlog takes long: the wait is as many times as long. */
    private static final long READ_SHARE = 20;

    private final StatusReader reader;
    private final Connection connection;
    private final Supplier<Optional<Problem>> clinicProblem;
    private final ServerAddress address;
    private final List<Consumer<StatusSnapshot>> readers = new CopyOnWriteArrayList<>();
    private volatile Optional<StatusSnapshot> latest = Optional.empty();
    private volatile long lookedAt = System.nanoTime();
    private long soonestAt = System.nanoTime();
    private long latestAt = soonestAt;

    StatusFeed(
            StatusReader reader,
            Connection connection,
            Supplier<Optional<Problem>> clinicProblem,
            ServerAddress address) {
        this.reader = reader;
        this.connection = connection;
        this.clinicProblem = clinicProblem;
        this.address = address;
    }

    /** Hears of each status that is read. */
    void tell(Consumer<StatusSnapshot> listener) {
        readers.add(listener);
    }

    /** Called by the route {@code console-status}. */
    public void tick() {
        var now = System.nanoTime();
        var isLookedAt = now - lookedAt < LOOKED_AT.toNanos();
        if (clinicProblem.get().isPresent() || now - (isLookedAt ? soonestAt : latestAt) < 0) {
            return;
        }
        try {
            var read = reader.read();
            latest = Optional.of(read);
            readers.forEach(listener -> listener.accept(read));
        } catch (DataAccessException | Problem silent) {
            LOG.debug("status not read problem={}", silent.getClass().getSimpleName());
        }
        var took = System.nanoTime() - now;
        soonestAt = System.nanoTime() + took * READ_SHARE;
        latestAt = soonestAt + NOBODY_LOOKS.toNanos();
    }

    /** Somebody wants to know what is true now. */
    void look() {
        lookedAt = System.nanoTime();
    }

    /** With the state of the line as it is this moment. */
    Optional<StatusSnapshot> now() {
        look();
        return latest.map(read -> read.during(
                connection.state(),
                clinicProblem.get().map(problem -> problem.code().id()).orElse(null)));
    }

    ConnectionStatus connectionStatus() {
        look();
        return ConnectionStatus.of(
                connection.state(),
                connection.isClinicReachable(),
                address.now().orElse(null),
                latest.map(StatusSnapshot::pending).orElse(null),
                latest.map(read -> read.service().lastPass()).orElse(null));
    }

    String connection() throws JsonProcessingException {
        return Json.of(connectionStatus());
    }

    /** Without a thread of its own: however much else is asked, an app need not wait. */
    void answerApp(RoutingContext request) {
        try {
            request.response().end(connection());
        } catch (JsonProcessingException impossible) {
            request.fail(impossible);
        }
    }

    /** Empty before the first reading. */
    String statusIfKnown() throws JsonProcessingException {
        var known = now();
        return known.isPresent() ? Json.of(known.get()) : "";
    }

    /** Called by the route {@code status}. */
    public String status() throws JsonProcessingException {
        return Json.of(now().orElseThrow(() -> new Problem(ProblemCode.CONSOLE_NOT_READY)));
    }
}
