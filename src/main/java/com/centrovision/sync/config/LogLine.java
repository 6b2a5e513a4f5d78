package com.centrovision.sync.config;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxy;
import ch.qos.logback.core.LayoutBase;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/** One event, one line: {@code 2026-11-21T18:05:07.123Z INFO  down  rows applied table=patients rows=100}. */
public final class LogLine extends LayoutBase<ILoggingEvent> {
    private static final String BASE = "com.centrovision.sync.";
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSSX", Locale.ROOT)
            .withZone(ZoneOffset.UTC);

    private boolean traces;

    /** Whether an exception is followed by the places in the code. */
    public void setTraces(boolean traces) {
        this.traces = traces;
    }

    @Override
    public String doLayout(ILoggingEvent event) {
        var line = new StringBuilder()
                .append(TIME.format(Instant.ofEpochMilli(event.getTimeStamp())))
                .append(String.format(" %-5s %s  ", event.getLevel(), shortName(event.getLoggerName())))
                .append(event.getFormattedMessage().replaceAll("\\p{Cntrl}+", " "));
        Stream.ofNullable(event.getKeyValuePairs())
                .flatMap(pairs -> pairs.stream())
                .forEach(pair -> line.append(' ').append(pair.key).append('=').append(pair.value));
        exception(event).ifPresent(exception -> line.append(" error=\"")
                .append(LogText.of(exception))
                .append('"')
                .append(traces ? "\n" + LogText.trace(exception) : ""));
        return line.append('\n').toString();
    }

    /** Our own loggers are known by their capability, the others by their class. */
    private static String shortName(String logger) {
        return logger.startsWith(BASE)
                ? logger.substring(BASE.length()).replaceFirst("\\..*", "").toLowerCase(Locale.ROOT)
                : logger.substring(logger.lastIndexOf('.') + 1);
    }

    private static Optional<Throwable> exception(ILoggingEvent event) {
        return event.getThrowableProxy() instanceof ThrowableProxy proxy
                ? Optional.of(proxy.getThrowable())
                : Optional.empty();
    }
}
