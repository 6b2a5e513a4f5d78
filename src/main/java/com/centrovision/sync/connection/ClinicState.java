package com.centrovision.sync.connection;

import com.centrovision.sync.clinic.ClinicFailures;
import com.centrovision.sync.problem.Problem;
import com.centrovision.sync.problem.ProblemCode;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How the clinic's database is, as the heartbeat and the statements that fail tell; changes are logged. While something
 * is wrong with it, or another service writes it, the line is closed. Threads share it.
 */
public final class ClinicState {
    private static final Logger LOG = LoggerFactory.getLogger(ClinicState.class);

    /** With these it still answers. */
    private static final Set<ProblemCode> REACHABLE = Set.of(
            ProblemCode.CLINIC_DISK_FULL,
            ProblemCode.CLINIC_READ_ONLY,
            ProblemCode.CLINIC_DISK_FAILS,
            ProblemCode.CLINIC_STATEMENT_FAILED);

    private final Connection connection;
    private final ClinicFailures failures;
    private final Clock clock;
    private Optional<Problem> problem = Optional.empty();
    private Instant since;
    private boolean writer;

    public ClinicState(Connection connection, ClinicFailures failures, Clock clock) {
        this.connection = connection;
        this.failures = failures;
        this.clock = clock;
        this.since = clock.instant();
    }

    /** The service is the writer, and the database took what it wrote. */
    public synchronized void works() {
        become(Optional.empty(), true);
    }

    /** The database answers; another service, or one for another cloud, is its writer. */
    public synchronized void standsBy() {
        become(Optional.empty(), false);
    }

    /** What the heartbeat met holds for everything. */
    public synchronized void fails(Problem met) {
        become(Optional.of(met), writer);
    }

    /** What another statement met: a row's own trouble, or that of the whole database. */
    public synchronized Problem met(SQLException failure) {
        var met = failures.problem(failure);
        if (ClinicFailures.isOfAll(met)) {
            become(Optional.of(met), writer);
        }
        return met;
    }

    private void become(Optional<Problem> next, boolean isWriter) {
        var code = next.map(Problem::code);
        if (!code.equals(problem.map(Problem::code))) {
            tell(next);
            since = clock.instant();
        }
        problem = next;
        writer = isWriter;
        connection.clinicReachable(code.map(REACHABLE::contains).orElse(true));
        connection.writer(mayWrite());
    }

    private void tell(Optional<Problem> next) {
        next.ifPresentOrElse(
                wrong -> LOG.warn("clinic database problem={}", wrong.getMessage()),
                () -> LOG.info(
                        "clinic database works again seconds={}",
                        Duration.between(since, clock.instant()).toSeconds()));
    }

    /** Whether statements of the routes make sense now. */
    public synchronized boolean mayWrite() {
        return writer && problem.isEmpty();
    }

    public synchronized Optional<Problem> problem() {
        return problem;
    }
}
