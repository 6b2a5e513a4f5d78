package com.centrovision.sync.console;

import com.centrovision.sync.problem.Problem;
import com.centrovision.sync.problem.ProblemCode;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.SocketAddress;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.apache.camel.Exchange;
import org.apache.camel.component.platform.http.vertx.VertxPlatformHttpConstants;

/** Who asks: the name that the person gave, and the address. */
record Visitor(String person, String address) {
    static final String NAME = "Console-Person";
    private static final String APP = "app";
    private static final int LONGEST = 80;

    /** What a decoder puts where it finds no letter. */
    private static final char UNREADABLE = '\ufffd';

    /** The name comes percent-encoded: a header holds no ñ. */
    static Visitor of(Exchange exchange) {
        var name = Optional.ofNullable(exchange.getMessage().getHeader(NAME, String.class))
                .flatMap(Visitor::name)
                .orElseThrow(() -> new Problem(ProblemCode.CONSOLE_NAME_MISSING));
        return new Visitor(name, address(exchange));
    }

    private static Optional<String> name(String header) {
        return Optional.of(decoded(header))
                .map(given -> given.replaceAll("\\p{Cntrl}+", " ").strip())
                .filter(given -> !given.isEmpty() && given.length() <= LONGEST)
                .filter(given -> given.indexOf(UNREADABLE) < 0);
    }

    /** An app that fetches a file may give the name of its user, too. */
    static Visitor of(HttpServerRequest request) {
        var name = Optional.ofNullable(request.getHeader(NAME)).flatMap(Visitor::name);
        return new Visitor(name.orElse(APP), Guard.address(request));
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
