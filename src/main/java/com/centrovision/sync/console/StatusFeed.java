package com.centrovision.sync.console;

import com.centrovision.sync.connection.Connection;
import com.centrovision.sync.problem.Json;
import com.centrovision.sync.problem.Problem;
import com.centrovision.sync.problem.ProblemCode;
import com.centrovision.sync.status.StatusReader;
import com.centrovision.sync.status.StatusReading;
import com.centrovision.sync.status.StatusSnapshot;
import com.fasterxml.jackson.core.JsonProcessingException;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.apache.camel.Header;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;

/**
 * The status as of a moment ago: read from the clinic's database at most once a second for all who look, never while
 * nobody does, and kept while the database is silent. Threads share it.
 */
public final class StatusFeed {
    private static final Logger LOG = LoggerFactory.getLogger(StatusFeed.class);
    private static final Duration PACE = Duration.ofMillis(900);
    private static final Duration OLD = Duration.ofSeconds(10);
    private static final Duration LONGEST_WAIT = Duration.ofSeconds(1);
    private static final Duration APPS_WAIT = Duration.ofMillis(200);

    /** To read the status of a backlog takes long: the wait is as many times as long. */
    private static final long READ_SHARE = 20;

    private final StatusReader reader;
    private final Connection connection;
    private final Supplier<Optional<Problem>> clinicProblem;
    private final ServerAddress address;
    private final List<Consumer<StatusReading>> readers = new CopyOnWriteArrayList<>();
    private final ReentrantLock reading = new ReentrantLock();
    private volatile Optional<StatusReading> latest = Optional.empty();
    private volatile long dueAt = System.nanoTime();
    private volatile long oldAt = dueAt;

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
    void tell(Consumer<StatusReading> listener) {
        readers.add(listener);
    }

    /** Reads what is true now, where that was not done a moment ago; called by the route {@code metrics}, too. */
    public void refresh() throws InterruptedException {
        if (isDue() && reading.tryLock(LONGEST_WAIT.toMillis(), TimeUnit.MILLISECONDS)) {
            try {
                if (isDue()) {
                    read();
                }
            } finally {
                reading.unlock();
            }
        }
    }

    private boolean isDue() {
        return System.nanoTime() - dueAt >= 0;
    }

    private void read() {
        var begun = System.nanoTime();
        address.look();
        if (clinicProblem.get().isEmpty()) {
            try {
                var read = reader.read();
                latest = Optional.of(read);
                readers.forEach(listener -> listener.accept(read));
            } catch (DataAccessException | Problem silent) {
                LOG.debug("status not read problem={}", silent.getClass().getSimpleName());
            }
        }
        var now = System.nanoTime();
        dueAt = now + Math.max(PACE.toNanos(), (now - begun) * READ_SHARE);
        oldAt = dueAt + OLD.toNanos();
    }

    /** With the state of the line as it is this moment; empty before the first reading. */
    private Optional<StatusSnapshot> now(Locale language) {
        return latest.map(read -> read.in(language)
                .during(
                        connection.state(),
                        clinicProblem.get().map(problem -> problem.code().id()).orElse(null)));
    }

    String connection() throws JsonProcessingException {
        return Json.of(ConnectionStatus.of(
                connection.state(),
                connection.isClinicReachable(),
                address.now().orElse(null),
                latest.map(StatusReading::pending).orElse(null),
                latest.map(read -> read.service().lastPass()).orElse(null)));
    }

    /** From memory, whatever else is under way. */
    void answerApp(RoutingContext request) {
        looked(request.vertx()).onComplete(looked -> answer(request));
    }

    /** Has the status read where it is due, without waiting for it; only who asks after a long silence has to wait. */
    Future<?> looked(Vertx vertx) {
        if (!isDue() || reading.isLocked()) {
            return Future.succeededFuture();
        }
        var isOld = System.nanoTime() - oldAt >= 0;
        var read = vertx.executeBlocking(
                () -> {
                    refresh();
                    return true;
                },
                false);
        return isOld
                ? read.timeout(APPS_WAIT.toMillis(), TimeUnit.MILLISECONDS).otherwiseEmpty()
                : Future.succeededFuture();
    }

    private void answer(RoutingContext request) {
        try {
            request.response().end(connection());
        } catch (JsonProcessingException impossible) {
            request.fail(impossible);
        }
    }

    /** Empty before the first reading. */
    String statusIfKnown(Locale language) throws JsonProcessingException {
        var known = now(language);
        return known.isPresent() ? Json.of(known.get()) : "";
    }

    /** Called by the route {@code status}. */
    public String status(@Header("Accept-Language") String asked) throws JsonProcessingException, InterruptedException {
        refresh();
        return Json.of(now(Answers.language(asked)).orElseThrow(() -> new Problem(ProblemCode.CONSOLE_NOT_READY)));
    }
}
