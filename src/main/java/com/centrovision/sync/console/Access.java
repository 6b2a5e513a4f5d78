package com.centrovision.sync.console;

import java.net.URI;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Who may do what: this machine everything, others what needs no secret until they show the token. A page of another
 * site that a browser here has open may neither read nor do anything. Threads share it.
 */
final class Access {
    private static final Pattern THIS_MACHINE = Pattern.compile("(localhost|127(\\.\\d+){3}|\\[::1])(:\\d+)?");
    private static final Set<String> FOR_APPS = Set.of("/api/connection-status", "/api/connection-status/events");
    private static final Set<String> FOR_WATCHERS =
            Set.of("/observe/health", "/observe/health/live", "/observe/health/ready");

    /** What the page needs to ask for the token. */
    private static final Set<String> FOR_LOG_IN =
            Set.of("/api/login", "/api/texts", "/login.js", "/console.css", "/favicon.svg");

    private final Tokens tokens;
    private final Sessions sessions;

    enum Verdict {
        ALLOWED,
        /** The token is not known, or none was shown. */
        UNKNOWN,
        /** Too many wrong tokens came from there. */
        WAIT,
        /** Another site's page asks. */
        FORGED,
        /** An action is JSON, which no other site's page can send unasked. */
        NOT_JSON
    }

    Access(Tokens tokens, Sessions sessions) {
        this.tokens = tokens;
        this.sessions = sessions;
    }

    static boolean isForApps(String path) {
        return FOR_APPS.contains(path);
    }

    Verdict judge(Request request) {
        if (isForApps(request.path()) || FOR_WATCHERS.contains(request.path())) {
            return request.changesSomething() ? Verdict.FORGED : Verdict.ALLOWED;
        }
        if (isFile(request.path()) && isOfOtherPage(request)) {
            return request.token().map(token -> judge(request.address(), token)).orElse(Verdict.FORGED);
        }
        if (request.fromOtherSite() && request.path().matches("/(api|observe|hawtio/jolokia)(/.*)?")) {
            return Verdict.FORGED;
        }
        if (request.changesSomething()) {
            if (!isOfOurPage(request)) {
                return Verdict.FORGED;
            }
            if (request.contentType()
                    .filter(type -> type.matches("(?i)(application|text)/json(;.*)?"))
                    .isEmpty()) {
                return Verdict.NOT_JSON;
            }
        }
        if (FOR_LOG_IN.contains(request.path()) || isThisMachine(request) || hasSession(request)) {
            return Verdict.ALLOWED;
        }
        return request.token().map(token -> judge(request.address(), token)).orElse(Verdict.UNKNOWN);
    }

    /** Apps fetch them from pages of their own, with the token, which no other site knows. */
    static boolean isFile(String path) {
        return path.startsWith(FilePages.PLACE);
    }

    private static boolean isOfOtherPage(Request request) {
        return !request.changesSomething() && (request.fromOtherSite() || !isOfOurPage(request));
    }

    private Verdict judge(String address, String token) {
        if (tokens.secondsToWait(address) > 0) {
            return Verdict.WAIT;
        }
        return tokens.accepts(address, token) ? Verdict.ALLOWED : Verdict.UNKNOWN;
    }

    private boolean hasSession(Request request) {
        return request.session().filter(sessions::isOpen).isPresent();
    }

    /** A name of another site that leads to this machine is not this machine. */
    private static boolean isThisMachine(Request request) {
        return request.fromHere()
                && request.host()
                        .filter(host -> THIS_MACHINE.matcher(host).matches())
                        .isPresent();
    }

    private static boolean isOfOurPage(Request request) {
        return request.origin().isEmpty()
                || request.origin().flatMap(Access::place).equals(request.host());
    }

    private static Optional<String> place(String origin) {
        try {
            return Optional.ofNullable(URI.create(origin).getRawAuthority());
        } catch (IllegalArgumentException unfit) {
            return Optional.empty();
        }
    }
}
