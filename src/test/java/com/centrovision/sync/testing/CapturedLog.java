package com.centrovision.sync.testing;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.slf4j.LoggerFactory;

/** What the service in the test's own process logs from INFO on, until it is closed. */
public final class CapturedLog extends AppenderBase<ILoggingEvent> implements AutoCloseable {
    private final Logger logger = (Logger) LoggerFactory.getLogger("com.centrovision.sync");
    private final Level before = logger.getLevel();
    private final boolean wasAdditive = logger.isAdditive();
    private final List<String> lines = new CopyOnWriteArrayList<>();

    private CapturedLog() {
        setContext(logger.getLoggerContext());
    }

    public static CapturedLog open() {
        var log = new CapturedLog();
        log.attach();
        return log;
    }

    private void attach() {
        start();
        logger.setLevel(Level.INFO);
        logger.setAdditive(false);
        logger.addAppender(this);
    }

    public List<String> lines() {
        return lines;
    }

    @Override
    protected void append(ILoggingEvent event) {
        lines.add(event.getFormattedMessage());
    }

    @Override
    public void close() {
        logger.detachAppender(this);
        logger.setLevel(before);
        logger.setAdditive(wasAdditive);
    }
}
