package com.centrovision.sync.testing;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.Appender;
import ch.qos.logback.core.AppenderBase;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.slf4j.LoggerFactory;

/** What the service in the test's own process logs, at the levels of a clinic, until it is closed. */
public final class LogLines implements AutoCloseable {
    private final Logger root = (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
    private final Logger own = (Logger) LoggerFactory.getLogger("com.centrovision");
    private final Logger pool = (Logger) LoggerFactory.getLogger("com.zaxxer.hikari");
    private final List<String> lines = new CopyOnWriteArrayList<>();
    private final Level before = root.getLevel();
    private final Appender<ILoggingEvent> console = root.getAppender("console");
    private final AppenderBase<ILoggingEvent> appender = new AppenderBase<>() {
        @Override
        protected void append(ILoggingEvent event) {
            if (!event.getLoggerName().startsWith("io.zonky")) {
                lines.add(event.getLevel() + " " + event.getLoggerName() + " " + event.getFormattedMessage());
            }
        }
    };

    private LogLines() {
        appender.setContext(root.getLoggerContext());
        appender.start();
        root.detachAppender(console);
        root.addAppender(appender);
        root.setLevel(Level.WARN);
        own.setLevel(Level.INFO);
        pool.setLevel(Level.ERROR);
    }

    public static LogLines record() {
        return new LogLines();
    }

    /** Forgets what was logged so far. */
    public void clear() {
        lines.clear();
    }

    public List<String> lines() {
        return List.copyOf(lines);
    }

    public List<String> with(String text) {
        return lines.stream().filter(line -> line.contains(text)).toList();
    }

    @Override
    public void close() {
        root.detachAppender(appender);
        root.addAppender(console);
        root.setLevel(before);
        own.setLevel(null);
        pool.setLevel(null);
    }
}
