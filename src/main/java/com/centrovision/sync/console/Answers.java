package com.centrovision.sync.console;

import com.centrovision.sync.clinic.ClinicFailures;
import com.centrovision.sync.problem.Json;
import com.centrovision.sync.problem.Problem;
import com.centrovision.sync.problem.ProblemCode;
import com.fasterxml.jackson.core.JsonProcessingException;
import io.vertx.ext.web.RoutingContext;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.apache.camel.Exchange;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What is answered where something is wrong: its code, and the sentence in the language of who asked. Threads share it. */
public final class Answers {
    private static final Logger LOG = LoggerFactory.getLogger(Answers.class);
    private static final Locale SPANISH = Locale.forLanguageTag("es");
    static final List<Locale> LANGUAGES = List.of(SPANISH, Locale.ENGLISH);

    private final ClinicFailures clinicFailures;

    record Answer(int status, String json) {}

    record Wrong(String code, String message) {}

    Answers(ClinicFailures clinicFailures) {
        this.clinicFailures = clinicFailures;
    }

    /** Spanish unless English is asked for. */
    static Locale language(String asked) {
        return Optional.ofNullable(asked)
                        .filter(given -> given.toLowerCase(Locale.ROOT).startsWith("en"))
                        .isPresent()
                ? Locale.ENGLISH
                : SPANISH;
    }

    static Answer of(Problem problem, Locale language) {
        try {
            return new Answer(
                    status(problem.code()),
                    Json.of(new Wrong(problem.code().id(), problem.text().in(language))));
        } catch (JsonProcessingException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    /** Where the server itself has refused a request, such as one that is too large. */
    static void refused(RoutingContext context) {
        if (!context.response().headWritten()) {
            send(context, context.statusCode() < 400 ? 500 : context.statusCode());
        }
    }

    static void nothingHere(RoutingContext context) {
        send(context, 404);
    }

    /** Where a route has no part in it. */
    static void send(RoutingContext context, Problem problem) {
        send(context, problem, status(problem.code()));
    }

    private static void send(RoutingContext context, int status) {
        send(context, new Problem(ProblemCode.CONSOLE_REQUEST_UNFIT, "HTTP " + status), status);
    }

    private static void send(RoutingContext context, Problem problem, int status) {
        context.response()
                .setStatusCode(status)
                .putHeader("Content-Type", "application/json")
                .end(of(problem, language(context.request().getHeader("Accept-Language")))
                        .json());
    }

    /** Called by the failure rule {@code console-errors}. */
    public void wrong(Exchange exchange) {
        var failure = exchange.getProperty(Exchange.EXCEPTION_CAUGHT, Exception.class);
        var problem = clinicFailures.in(failure).orElseGet(() -> unexpected(failure));
        var answer = of(problem, language(exchange.getMessage().getHeader("Accept-Language", String.class)));
        exchange.getMessage().setHeader(Exchange.HTTP_RESPONSE_CODE, answer.status());
        exchange.getMessage().setBody(answer.json());
    }

    private static Problem unexpected(Exception failure) {
        LOG.warn("console request failed problem={}", failure.getClass().getSimpleName());
        return new Problem(ProblemCode.RUN_UNEXPECTED, failure.getClass().getSimpleName());
    }

    private static int status(ProblemCode code) {
        return switch (code) {
            case CONSOLE_TOKEN_NEEDED, CONSOLE_TOKEN_WRONG -> 401;
            case CONSOLE_OTHER_SITE -> 403;
            case CONSOLE_TOO_MANY_TRIES -> 429;
            case CONSOLE_REQUEST_UNFIT, CONSOLE_NAME_MISSING -> 400;
            case CONFLICT_UNKNOWN, QUARANTINE_UNKNOWN, FILE_UNKNOWN, FILE_NOT_HERE -> 404;
            case CONFLICT_DECIDED,
                    CONFLICT_MOVED,
                    CONFLICT_ROW_CHANGED,
                    CONFLICT_ROW_BUSY,
                    QUARANTINE_ONLY_CLINIC,
                    QUARANTINE_HELD,
                    QUARANTINE_ROW_BUSY,
                    QUARANTINE_GIVEN_UP,
                    QUARANTINE_MOVED,
                    TABLE_IDLE,
                    TABLE_LOADING,
                    CONSOLE_NOTHING_TO_ACCEPT,
                    FILES_NOTHING_WAITS,
                    BACKUP_KEY_MISSING,
                    BACKUP_UNDER_WAY -> 409;
            case CONFLICT_REFUSED, QUARANTINE_CLOUD_ROW_REFUSED -> 422;
            case RUN_UNEXPECTED, CLINIC_STATEMENT_FAILED -> 500;
            default -> 503;
        };
    }
}
