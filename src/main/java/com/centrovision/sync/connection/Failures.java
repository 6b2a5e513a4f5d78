package com.centrovision.sync.connection;

import com.centrovision.sync.cloud.AnswerTooLargeException;
import com.centrovision.sync.cloud.CloudRefusedException;
import com.centrovision.sync.cloud.CloudUnauthorizedException;
import com.centrovision.sync.cloud.CloudUnavailableException;
import com.centrovision.sync.problem.Problem;
import com.centrovision.sync.problem.ProblemCode;
import java.io.IOException;
import java.net.URI;
import java.sql.SQLException;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;
import org.apache.hc.core5.http.HttpStatus;

/** What an exception of the cloud or of the clinic's database means, as a {@link Problem} without any value of a row. */
public final class Failures {
    private final URI cloud;
    private final Function<SQLException, Problem> clinic;

    /** @param clinic what an exception of the clinic's database means */
    public Failures(URI cloud, Function<SQLException, Problem> clinic) {
        this.cloud = cloud;
        this.clinic = clinic;
    }

    public Problem problem(Throwable failure, String table) {
        return Problem.in(failure)
                .or(() -> find(failure, SQLException.class).map(clinic))
                .or(() -> find(failure, CloudUnauthorizedException.class)
                        .map(refusal -> new Problem(ProblemCode.CLOUD_KEY_REFUSED, refusal.status())))
                .or(() -> find(failure, CloudRefusedException.class)
                        .map(refusal -> new Problem(ProblemCode.CLOUD_REFUSED, table, refusal.code())))
                .or(() -> find(failure, AnswerTooLargeException.class)
                        .map(refusal -> new Problem(ProblemCode.CLOUD_REFUSED, table, AnswerTooLargeException.CODE)))
                .or(() -> find(failure, CloudUnavailableException.class).map(this::ofSilence))
                .or(() ->
                        find(failure, IOException.class).map(cut -> new Problem(ProblemCode.CLOUD_UNREACHABLE, cloud)))
                .orElseGet(() -> new Problem(
                        ProblemCode.RUN_UNEXPECTED, failure.getClass().getSimpleName()))
                .causedBy(failure);
    }

    private Problem ofSilence(CloudUnavailableException silence) {
        return switch (silence.reason()) {
            case CAPTIVE_PORTAL -> new Problem(ProblemCode.CLOUD_NOT_POSTGREST, cloud);
            case PAUSED -> new Problem(ProblemCode.CLOUD_PAUSED, cloud);
            case OVER_QUOTA -> new Problem(ProblemCode.CLOUD_OVER_QUOTA, cloud);
            case DEGRADED -> new Problem(ProblemCode.CLOUD_BUSY, cloud);
            case NO_ADDRESS -> new Problem(ProblemCode.CLOUD_NO_ADDRESS, String.valueOf(cloud.getHost()));
            case TLS -> new Problem(ProblemCode.CLOUD_TLS, cloud);
            case TIMEOUT -> new Problem(ProblemCode.CLOUD_TIMEOUT, cloud);
            case UNAUTHORIZED -> new Problem(ProblemCode.CLOUD_KEY_REFUSED, HttpStatus.SC_UNAUTHORIZED);
            case OK, SLOW, STARTING, CLOCK_MOVED, NO_NETWORK -> new Problem(ProblemCode.CLOUD_UNREACHABLE, cloud);
        };
    }

    /** The code of a refusal, as the quarantine keeps it. */
    public static String code(Throwable failure) {
        return find(failure, CloudRefusedException.class)
                .map(CloudRefusedException::code)
                .orElse(AnswerTooLargeException.CODE);
    }

    /** Whether it is the whole line that failed, which the connection tells, and not one table's request. */
    public static boolean isOutage(Throwable failure) {
        return find(failure, CloudUnavailableException.class).isPresent()
                || find(failure, CloudUnauthorizedException.class).isPresent();
    }

    private static <T extends Throwable> Optional<T> find(Throwable failure, Class<T> type) {
        return Stream.iterate(failure, cause -> cause != null, Throwable::getCause)
                .filter(type::isInstance)
                .map(type::cast)
                .findFirst();
    }
}
