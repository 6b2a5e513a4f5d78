package com.centrovision.sync.config;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.OutputStreamAppender;
import ch.qos.logback.core.encoder.LayoutWrappingEncoder;
import ch.qos.logback.core.rolling.FixedWindowRollingPolicy;
import ch.qos.logback.core.rolling.RollingFileAppender;
import ch.qos.logback.core.rolling.SizeBasedTriggeringPolicy;
import ch.qos.logback.core.util.Duration;
import ch.qos.logback.core.util.FileSize;
import com.centrovision.sync.config.Config.Logging;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import org.slf4j.LoggerFactory;

/**
 * Sends the log of the service to standard error and to a file that rolls by size; before the configuration is read, and
 * in commands that never read it, warnings alone.
 */
public final class LogSetup {
    private static final List<String> LIBRARIES = List.of("org.apache.camel", "org.flywaydb", "org.springframework");
    private static final Duration CHECK_OF_SIZE = Duration.buildBySeconds(1);

    private final LoggerContext context;
    private final Logging logging;

    private LogSetup(LoggerContext context, Logging logging) {
        this.context = context;
        this.logging = logging;
    }

    /** To be called first: a file of logback's own would take a sixth of the processor time that a command needs to start. */
    public static void startWithWarnings() {
        startWithWarnings((LoggerContext) LoggerFactory.getILoggerFactory());
    }

    static void startWithWarnings(LoggerContext context) {
        context.reset();
        root(context).setLevel(Level.WARN);
        start(context, console(), false);
    }

    /** A relative file is below the home. */
    public static void start(Logging logging, Path home) {
        start((LoggerContext) LoggerFactory.getILoggerFactory(), logging, home);
    }

    /** The file alone: for a command that draws on the screen. */
    public static void startInFile(Logging logging, Path home) {
        var setup = reset((LoggerContext) LoggerFactory.getILoggerFactory(), logging);
        setup.file(home.resolve(logging.file()));
    }

    static void start(LoggerContext context, Logging logging, Path home) {
        var setup = reset(context, logging);
        setup.start(console());
        setup.file(home.resolve(logging.file()));
    }

    private static LogSetup reset(LoggerContext context, Logging logging) {
        context.reset();
        var setup = new LogSetup(context, logging);
        setup.levels();
        return setup;
    }

    /** Other libraries stay at warnings at any level: an HTTP client's debug lines hold keys and bodies. */
    private void levels() {
        var level = Level.convertAnSLF4JLevel(logging.level());
        root(context).setLevel(level.isGreaterOrEqual(Level.WARN) ? level : Level.WARN);
        context.getLogger("com.centrovision").setLevel(level);
        context.getLogger("com.zaxxer.hikari").setLevel(Level.ERROR); // it tells each connection that an outage ends
        context.getLogger("io.vertx.ext.web.RoutingContext").setLevel(Level.OFF); // anybody may ask for no address
        if (level == Level.DEBUG) {
            LIBRARIES.forEach(library -> context.getLogger(library).setLevel(Level.INFO));
            context.getLogger("org.apache.camel.component.whatsapp").setLevel(Level.WARN); // logs answers
        }
    }

    private static OutputStreamAppender<ILoggingEvent> console() {
        var console = new ConsoleAppender<ILoggingEvent>();
        console.setTarget("System.err");
        return console;
    }

    private void file(Path file) {
        try {
            Files.createDirectories(file.getParent());
            Files.newOutputStream(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND)
                    .close();
        } catch (IOException exception) {
            context.getLogger(LogSetup.class).warn("log file cannot be written, console only file={}", file, exception);
            return;
        }
        var appender = new RollingFileAppender<ILoggingEvent>();
        appender.setFile(file.toString());

        var size = new SizeBasedTriggeringPolicy<ILoggingEvent>();
        size.setContext(context);
        size.setMaxFileSize(FileSize.valueOf(logging.maxSizeMb() + "MB"));
        size.setCheckIncrement(CHECK_OF_SIZE);
        size.start();
        appender.setTriggeringPolicy(size);

        var window = new FixedWindowRollingPolicy();
        window.setContext(context);
        window.setParent(appender);
        window.setFileNamePattern(file + ".%i");
        window.setMaxIndex(logging.maxFiles() - 1);
        window.start();
        appender.setRollingPolicy(window);

        start(appender);
    }

    private void start(OutputStreamAppender<ILoggingEvent> appender) {
        start(context, appender, logging.level() == org.slf4j.event.Level.DEBUG);
    }

    private static void start(LoggerContext context, OutputStreamAppender<ILoggingEvent> appender, boolean traces) {
        var line = new LogLine();
        line.setContext(context);
        line.setTraces(traces);
        line.start();

        var encoder = new LayoutWrappingEncoder<ILoggingEvent>();
        encoder.setContext(context);
        encoder.setLayout(line);
        encoder.setCharset(StandardCharsets.UTF_8);
        encoder.start();

        appender.setContext(context);
        appender.setEncoder(encoder);
        appender.start();
        root(context).addAppender(appender);
    }

    private static Logger root(LoggerContext context) {
        return context.getLogger(Logger.ROOT_LOGGER_NAME);
    }
}
