package com.centrovision.sync.testing;

import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.util.ContextInitializer;
import ch.qos.logback.core.joran.spi.JoranException;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.slf4j.LoggerFactory;

/** A command in the test's own process sets up its own log; the next class of tests finds the tests' again. */
public final class QuietLog implements AfterAllCallback {
    @Override
    public void afterAll(ExtensionContext context) throws JoranException {
        var log = (LoggerContext) LoggerFactory.getILoggerFactory();
        log.reset();
        new ContextInitializer(log).autoConfig();
    }
}
