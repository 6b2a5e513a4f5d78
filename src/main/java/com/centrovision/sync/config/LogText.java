package com.centrovision.sync.config;

import static java.util.stream.Collectors.joining;

import com.fasterxml.jackson.core.JsonProcessingException;
import java.sql.SQLException;
import java.util.stream.Stream;
import org.postgresql.util.PSQLException;

/**
 * What may be said of an exception in a log, an alert or a table: its class, its SQLSTATE and the first line of its
 * message. Databases and parsers quote cell values, so what they add to that line, or what may quote in it, is left out.
 */
public final class LogText {
    private static final int DEEPEST = 8;

    private LogText() {}

    /** The exception and its causes on one line. */
    public static String of(Throwable exception) {
        return causes(exception).map(LogText::line).collect(joining("; "));
    }

    /** The same with the places in the code, for those who asked for it. */
    public static String trace(Throwable exception) {
        return causes(exception).map(cause -> line(cause) + places(cause)).collect(joining("\n"));
    }

    private static String line(Throwable exception) {
        var name = exception.getClass().getName();
        var state = exception instanceof SQLException sql && sql.getSQLState() != null ? " " + sql.getSQLState() : "";
        var text = text(exception);
        return name.substring(name.lastIndexOf('.') + 1) + state + (text.isEmpty() ? "" : ": " + text);
    }

    private static String text(Throwable exception) {
        return exception.getMessage() == null || mayQuoteCells(exception)
                ? ""
                : exception
                        .getMessage()
                        .lines()
                        .findFirst()
                        .orElse("")
                        .replaceFirst("(?i)\\s*\\b(detail|detalle)s?:.*", "")
                        .replaceAll("\\p{Cntrl}+", " ");
    }

    /** Data exceptions and whatever a trigger raises quote; whatever wraps a database's words repeats them. */
    private static boolean mayQuoteCells(Throwable exception) {
        return exception instanceof SQLException sql && (isRaised(sql) || !isOfTheServer(sql))
                || exception instanceof JsonProcessingException
                || causes(exception).skip(1).anyMatch(LogText::speaksOfData)
                || repeatsItsCause(exception);
    }

    /** A trigger may raise any words under any SQLSTATE; the server says which of its own routines spoke. */
    private static boolean isRaised(SQLException exception) {
        return exception instanceof PSQLException answer
                && answer.getServerErrorMessage() != null
                && "exec_stmt_raise".equals(answer.getServerErrorMessage().getRoutine());
    }

    /** Classes in which PostgreSQL's first line names its own objects: connection, constraint, rights, locks, limits. */
    private static boolean isOfTheServer(SQLException exception) {
        return String.valueOf(exception.getSQLState()).matches("null|(0A|08|23|25|28|3D|40|42|53|55|57|58).*");
    }

    private static boolean speaksOfData(Throwable exception) {
        return exception instanceof SQLException || exception instanceof JsonProcessingException;
    }

    private static boolean repeatsItsCause(Throwable exception) {
        var cause = exception.getCause();
        return cause != null
                && cause.getMessage() != null
                && exception.getMessage().contains(cause.getMessage());
    }

    private static String places(Throwable exception) {
        return Stream.of(exception.getStackTrace())
                .map(place -> "\n    at " + place)
                .collect(joining());
    }

    private static Stream<Throwable> causes(Throwable exception) {
        return Stream.iterate(exception, cause -> cause != null, Throwable::getCause)
                .limit(DEEPEST);
    }
}
