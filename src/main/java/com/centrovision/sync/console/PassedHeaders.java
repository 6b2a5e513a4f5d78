package com.centrovision.sync.console;

import java.util.Locale;
import java.util.Set;
import org.apache.camel.Exchange;
import org.apache.camel.spi.HeaderFilterStrategy;

/** What comes in is not sent back: of the answer's headers these alone are. Threads share it. */
final class PassedHeaders implements HeaderFilterStrategy {
    private static final Set<String> IN = Set.of("accept-language", "console-person", "cookie", "id", "table");
    private static final Set<String> OUT = Set.of("set-cookie", "retry-after", "content-type");

    @Override
    public boolean applyFilterToCamelHeaders(String name, Object value, Exchange exchange) {
        return !OUT.contains(name.toLowerCase(Locale.ROOT));
    }

    @Override
    public boolean applyFilterToExternalHeaders(String name, Object value, Exchange exchange) {
        return !IN.contains(name.toLowerCase(Locale.ROOT));
    }
}
