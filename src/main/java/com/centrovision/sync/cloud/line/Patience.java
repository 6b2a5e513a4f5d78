package com.centrovision.sync.cloud.line;

import java.time.Duration;
import org.apache.hc.core5.http.protocol.HttpContext;

/**
 * How long a request may take to be connected (name, addresses and all), and how long nothing may be heard of it then.
 */
public record Patience(Duration connect, Duration silence) {
    public static final Patience USUAL = new Patience(Duration.ofSeconds(8), Duration.ofSeconds(15));

    /** For asking whether a line that is down is back: the next question is five seconds away. */
    public static final Patience SHORT = new Patience(Duration.ofSeconds(3), Duration.ofSeconds(5));

    private static final String ATTRIBUTE = Patience.class.getName();

    public void holdsFor(HttpContext context) {
        context.setAttribute(ATTRIBUTE, this);
    }

    public static Patience of(HttpContext context, Patience usual) {
        return context.getAttribute(ATTRIBUTE) instanceof Patience patience ? patience : usual;
    }
}
