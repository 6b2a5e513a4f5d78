package com.centrovision.sync.clinic;

import com.centrovision.sync.config.Config;
import com.centrovision.sync.problem.Problem;
import com.centrovision.sync.problem.ProblemCode;
import java.sql.SQLException;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** What an exception of the clinic's database says about the database as a whole, by its SQLSTATE. */
public final class ClinicFailures {
    /** Of a connection that was refused on our side: see {@link ClinicConnections}, {@code sync_require_tenure}. */
    public static final String NOT_THE_WRITER = "CV001";

    /** What a single statement tells about all others. */
    private static final Set<ProblemCode> OF_ALL = Set.of(
            ProblemCode.CLINIC_UNREACHABLE,
            ProblemCode.CLINIC_STARTING,
            ProblemCode.CLINIC_NO_CONNECTION_LEFT,
            ProblemCode.CLINIC_PASSWORD_REFUSED,
            ProblemCode.CLINIC_NOT_ADMITTED,
            ProblemCode.CLINIC_DATABASE_MISSING,
            ProblemCode.CLINIC_DISK_FULL,
            ProblemCode.CLINIC_READ_ONLY);

    /** What passes, or is mended beside the service. */
    private static final Set<ProblemCode> OUTAGES = Set.of(
            ProblemCode.CLINIC_UNREACHABLE,
            ProblemCode.CLINIC_SILENT,
            ProblemCode.CLINIC_STARTING,
            ProblemCode.CLINIC_NO_CONNECTION_LEFT,
            ProblemCode.CLINIC_DISK_FULL,
            ProblemCode.CLINIC_DISK_FAILS,
            ProblemCode.CLINIC_READ_ONLY,
            ProblemCode.RUN_SECOND_WRITER);

    private final Config.LocalPostgres settings;

    public ClinicFailures(Config.LocalPostgres settings) {
        this.settings = settings;
    }

    public Problem problem(SQLException failure) {
        return problem(code(failure), String.valueOf(failure.getSQLState())).causedBy(failure);
    }

    /** The same, of which the service has noted the code alone. */
    public Problem noted(String id) {
        return Stream.of(ProblemCode.values())
                .filter(code -> code.id().equals(id))
                .findFirst()
                .map(code -> problem(code, "?"))
                .orElseGet(() -> problem(ProblemCode.CLINIC_STATEMENT_FAILED, "?"));
    }

    private Problem problem(ProblemCode code, String state) {
        return switch (code) {
            case CLINIC_UNREACHABLE -> new Problem(code, settings.host(), String.valueOf(settings.port()));
            case CLINIC_PASSWORD_REFUSED -> new Problem(code, settings.user());
            case CLINIC_NOT_ADMITTED -> new Problem(code, settings.user(), settings.host());
            case CLINIC_DATABASE_MISSING -> new Problem(code, settings.database(), settings.host());
            case RUN_SECOND_WRITER -> new Problem(code, settings.database());
            case CLINIC_STATEMENT_FAILED -> new Problem(code, state);
            default -> new Problem(code, settings.host());
        };
    }

    public static ProblemCode code(SQLException failure) {
        return code(String.valueOf(failure.getSQLState()));
    }

    private static ProblemCode code(String state) {
        return switch (state) {
            case "08001" -> ProblemCode.CLINIC_UNREACHABLE;
            case "28P01" -> ProblemCode.CLINIC_PASSWORD_REFUSED;
            case "28000" -> ProblemCode.CLINIC_NOT_ADMITTED;
            case "3D000" -> ProblemCode.CLINIC_DATABASE_MISSING;
            case "57P03" -> ProblemCode.CLINIC_STARTING;
            case "53300" -> ProblemCode.CLINIC_NO_CONNECTION_LEFT;
            case "53100" -> ProblemCode.CLINIC_DISK_FULL;
            case "25006" -> ProblemCode.CLINIC_READ_ONLY;
            case "58030", "XX001", "XX002" -> ProblemCode.CLINIC_DISK_FAILS;
            case NOT_THE_WRITER -> ProblemCode.RUN_SECOND_WRITER;
            default ->
                state.startsWith("08") || state.startsWith("57P") || state.equals("null")
                        ? ProblemCode.CLINIC_SILENT
                        : ProblemCode.CLINIC_STATEMENT_FAILED;
        };
    }

    /** What an exception of the database was caused by. */
    public Optional<Problem> in(Throwable failure) {
        return Problem.in(failure).or(() -> sql(failure).map(this::problem));
    }

    /** The outage that an exception was caused by: a service that starts waits for its end. */
    public Optional<Problem> outage(Throwable failure) {
        return Problem.in(failure)
                .filter(problem -> OUTAGES.contains(problem.code()))
                .or(() -> sql(failure).map(this::problem).filter(problem -> OUTAGES.contains(problem.code())));
    }

    /** Whether it concerns every statement, so that the heartbeat tells of it when it ends. */
    public static boolean isOfAll(Problem problem) {
        return OF_ALL.contains(problem.code());
    }

    /** Whether the log has it, or will have it, from the heartbeat. */
    public static boolean isTold(Problem problem) {
        return isOfAll(problem)
                || problem.code() == ProblemCode.CLINIC_SILENT
                || problem.code() == ProblemCode.RUN_SECOND_WRITER;
    }

    public static Optional<SQLException> sql(Throwable failure) {
        return Stream.iterate(failure, cause -> cause != null, Throwable::getCause)
                .filter(SQLException.class::isInstance)
                .map(SQLException.class::cast)
                .findFirst();
    }
}
