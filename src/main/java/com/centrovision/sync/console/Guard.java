package com.centrovision.sync.console;

import com.centrovision.sync.console.Access.Verdict;
import com.centrovision.sync.problem.Problem;
import com.centrovision.sync.problem.ProblemCode;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.AuthenticationHandler;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Map;
import java.util.Optional;

/** Stands before everything that the server answers: lets through, or says what is missing. Threads share it. */
final class Guard implements AuthenticationHandler {
    private static final Map<String, String> HEADERS = Map.of(
            "Content-Security-Policy",
            "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
                    + "base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
            "X-Content-Type-Options",
            "nosniff",
            "X-Frame-Options",
            "DENY",
            "Referrer-Policy",
            "no-referrer",
            "Cache-Control",
            "no-store");

    private final Access access;
    private final Tokens tokens;

    Guard(Access access, Tokens tokens) {
        this.access = access;
        this.tokens = tokens;
    }

    @Override
    public void handle(RoutingContext context) {
        var response = context.response();
        HEADERS.forEach(response::putHeader);
        var request = request(context.request());
        if (Access.isForApps(request.path()) || Access.isFile(request.path())) {
            response.putHeader("Access-Control-Allow-Origin", "*")
                    .putHeader("Access-Control-Expose-Headers", "Content-Range, ETag");
            if (request.method().equals("OPTIONS")) {
                response.putHeader("Access-Control-Allow-Methods", "GET")
                        .putHeader("Access-Control-Allow-Headers", "*, Authorization")
                        .putHeader("Access-Control-Allow-Private-Network", "true")
                        .setStatusCode(204)
                        .end();
                return;
            }
        }
        var verdict = access.judge(request);
        if (verdict == Verdict.ALLOWED) {
            response.putHeader("Content-Type", "application/json");
            context.next();
        } else {
            refuse(context, request, verdict);
        }
    }

    private void refuse(RoutingContext context, Request request, Verdict verdict) {
        if (verdict == Verdict.UNKNOWN && request.path().equals("/")) {
            PageFiles.send(context.response().setStatusCode(401), "login.html");
            return;
        }
        if (verdict == Verdict.WAIT) {
            context.response().putHeader("Retry-After", String.valueOf(tokens.secondsToWait(request.address())));
        }
        var answer = Answers.of(
                problem(verdict, request), Answers.language(context.request().getHeader("Accept-Language")));
        context.response()
                .setStatusCode(answer.status())
                .putHeader("Content-Type", "application/json")
                .end(answer.json());
    }

    private Problem problem(Verdict verdict, Request request) {
        return switch (verdict) {
            case WAIT -> new Problem(ProblemCode.CONSOLE_TOO_MANY_TRIES, tokens.secondsToWait(request.address()));
            case FORGED -> new Problem(ProblemCode.CONSOLE_OTHER_SITE);
            case NOT_JSON -> new Problem(ProblemCode.CONSOLE_REQUEST_UNFIT, "Content-Type");
            case UNKNOWN, ALLOWED -> new Problem(ProblemCode.CONSOLE_TOKEN_NEEDED);
        };
    }

    private static Request request(HttpServerRequest request) {
        var isPassedOn = request.headers().contains("X-Forwarded-For")
                || request.headers().contains("Forwarded");
        var site = Optional.ofNullable(request.getHeader("Sec-Fetch-Site"));
        return new Request(
                request.method().name(),
                request.path(),
                address(request),
                isLoopback(request) && !isPassedOn,
                Optional.ofNullable(request.authority()).map(Object::toString),
                Optional.ofNullable(request.getHeader("Origin")),
                Optional.ofNullable(request.getHeader("Content-Type")),
                site.filter(from -> from.equals("cross-site") || from.equals("same-site"))
                        .isPresent(),
                Optional.ofNullable(request.getHeader("Authorization"))
                        .filter(shown -> shown.regionMatches(true, 0, "Bearer ", 0, 7))
                        .map(shown -> shown.substring(7).strip()),
                Optional.ofNullable(request.getCookie(Sessions.COOKIE)).map(cookie -> cookie.getValue()));
    }

    static String address(HttpServerRequest request) {
        return Optional.ofNullable(request.remoteAddress().hostAddress()).orElse("?");
    }

    private static boolean isLoopback(HttpServerRequest request) {
        return Optional.ofNullable(request.connection().remoteAddress())
                .map(remote -> remote.hostAddress())
                .map(address -> new InetSocketAddress(address, 0).getAddress())
                .filter(InetAddress::isLoopbackAddress)
                .isPresent();
    }
}
