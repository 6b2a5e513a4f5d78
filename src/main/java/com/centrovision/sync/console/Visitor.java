package com.centrovision.sync.console;

import com.centrovision.sync.problem.Problem;
import com.centrovision.sync.problem.ProblemCode;
import io.vertx.core.net.SocketAddress;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.apache.camel.Exchange;
import org.apache.camel.component.platform.http.vertx.VertxPlatformHttpConstants;

/** Who asks: the name that the person gave, and the address. */
record Visitor(String person, String address) {
    static final String NAME = "Console-Person";
    private static final int LONGEST = 80;

    /** What a decoder puts where it finds no letter. */
    private static final char UNREADABLE = '\ufffd';

    /** The name comes percent-encoded: a header holds no ñ. */
    static Visitor of(Exchange exchange) {
        var name = Optional.ofNullable(exchange.getMessage().getHeader(NAME, String.class))
                .map(Visitor::decoded)
                .map(given -> given.replaceAll("\\p{Cntrl}+", " ").strip())
                .filter(given -> !given.isEmpty() && given.length() <= LONGEST)
                .filter(given -> given.indexOf(UNREADABLE) < 0)
                .orElseThrow(() -> new Problem(ProblemCode.CONSOLE_NAME_MISSING));
        return new Visitor(name, address(exchange));
    }

    static String address(Exchange exchange) {
        return Optional.ofNullable(
                        exchange.getMessage().getHeader(VertxPlatformHttpConstants.REMOTE_ADDRESS, SocketAddress.class))
                .map(SocketAddress::hostAddress)
                .orElse("?");
    }

    private static String decoded(String name) {
        try {
            return URLDecoder.decode(name, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException unfit) {
            return "";
        }
    }
}
