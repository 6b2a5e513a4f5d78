package com.centrovision.sync.console;

import com.centrovision.sync.problem.Problem;
import com.centrovision.sync.problem.ProblemCode;
import java.util.Optional;
import org.apache.camel.Exchange;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Opens a session for who knows the token, and ends it. Threads share it. */
public final class LogIn {
    private static final Logger LOG = LoggerFactory.getLogger(LogIn.class);

    private final Tokens tokens;
    private final Sessions sessions;
    private final boolean isSecure;

    LogIn(Tokens tokens, Sessions sessions, boolean isSecure) {
        this.tokens = tokens;
        this.sessions = sessions;
        this.isSecure = isSecure;
    }

    /** Called by the route {@code console-login}. */
    public void open(Exchange exchange) {
        var address = Visitor.address(exchange);
        var wait = tokens.secondsToWait(address);
        if (wait > 0) {
            exchange.getMessage().setHeader("Retry-After", wait);
            throw new Problem(ProblemCode.CONSOLE_TOO_MANY_TRIES, wait);
        }
        var token = Wish.of(exchange).text("token", 200);
        if (!tokens.accepts(address, token)) {
            LOG.warn("console log-in refused address={}", address);
            throw new Problem(ProblemCode.CONSOLE_TOKEN_WRONG);
        }
        LOG.info("console log-in address={}", address);
        cookie(exchange, sessions.open(), Sessions.LASTS.toSeconds());
    }

    /** Called by the route {@code console-logout}. */
    public void close(Exchange exchange) {
        Optional.ofNullable(exchange.getMessage().getHeader("Cookie", String.class))
                .map(cookies -> cookies.replaceFirst("(?s).*\\b" + Sessions.COOKIE + "=([\\w-]+).*", "$1"))
                .ifPresent(sessions::close);
        cookie(exchange, "-", 0);
    }

    private void cookie(Exchange exchange, String value, long seconds) {
        exchange.getMessage()
                .setHeader(
                        "Set-Cookie",
                        "%s=%s; Max-Age=%d; Path=/; HttpOnly; SameSite=Strict%s"
                                .formatted(Sessions.COOKIE, value, seconds, isSecure ? "; Secure" : ""));
        exchange.getMessage().setBody("{}");
    }
}
