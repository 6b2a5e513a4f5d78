package com.centrovision.sync.runtime;

import com.centrovision.sync.clinic.ClinicFailures;
import com.centrovision.sync.connection.ClinicState;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;

/** Waits, as long as it takes, until the clinic's database answers and this service is its writer. */
public final class Startup {
    private static final Duration STANDBY = Duration.ofSeconds(2);
    private static final Duration SHORTEST = Duration.ofSeconds(1);
    private static final Duration LONGEST = Duration.ofSeconds(5);

    private final ClinicFailures failures;
    private final ClinicState clinic;
    private boolean answered;

    /** One try to become the writer. */
    interface Attempt {
        /** False while another service is. */
        boolean succeeds() throws SQLException;
    }

    /** How the service is told to stop. */
    public interface Pause {
        /** True as soon as it is to stop, false when the time has passed. */
        boolean endsWithin(Duration time) throws InterruptedException;
    }

    Startup(ClinicFailures failures, ClinicState clinic) {
        this.failures = failures;
        this.clinic = clinic;
    }

    /** False where it was told to stop before. What only a person can mend is thrown, as long as it was never there. */
    boolean await(Attempt attempt, Pause pause) throws SQLException, InterruptedException {
        var wait = SHORTEST;
        while (true) {
            try {
                if (attempt.succeeds()) {
                    return true;
                }
                answered = true;
                wait = STANDBY;
            } catch (SQLException | RuntimeException failure) {
                var outage = failures.outage(failure).or(() -> answered ? failures.in(failure) : Optional.empty());
                if (outage.isEmpty()) {
                    throw failure;
                }
                clinic.fails(outage.get());
                wait = shorter(wait.multipliedBy(2), LONGEST);
            }
            if (pause.endsWithin(wait)) {
                return false;
            }
        }
    }

    private static Duration shorter(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? one : other;
    }
}
