package com.centrovision.sync.inspection;

import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.FileSystemAccess;
import io.vertx.ext.web.handler.StaticHandler;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** Hawtio's page, which looks through {@link Inspection}; its own server is not there, so its questions are answered here. */
public final class HawtioPage {
    private static final String AT = "/hawtio";

    /** Written for itself, with styles in the markup and an editor in a worker; it still loads nothing from elsewhere. */
    private static final String CONTENT_POLICY =
            "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; "
                    + "img-src 'self' data:; font-src 'self' data:; connect-src 'self'; worker-src 'self' blob:; "
                    + "base-uri 'self'; form-action 'none'; frame-ancestors 'none'";

    /** Who asks has been let in by the guard of all addresses. */
    private static final Map<String, String> ANSWERS = Map.of(
            "/user", "\"operator\"",
            "/auth/config", "{}",
            "/auth/config/session-timeout", "{}",
            "/plugin", "[]",
            "/preset-connections", "[]",
            "/keycloak/enabled", "false",
            "/proxy/enabled", "false");

    private HawtioPage() {}

    /**
     * @param files where the page lies; without them there is none
     * @param inspection the address that it looks through
     */
    public static void serve(Router router, Path files, String inspection) {
        if (!Files.isDirectory(files)) {
            return;
        }
        router.get(AT).handler(HawtioPage::withoutSlash);
        router.route(AT + "/*").handler(HawtioPage::headers);
        ANSWERS.forEach((path, answer) ->
                router.get(AT + path).handler(asked -> json(asked.response()).end(answer)));
        router.route(AT + "/jolokia*")
                .handler(asked -> asked.reroute(
                        asked.request().method(), asked.request().uri().replaceFirst(AT + "/jolokia", inspection)));
        var pages = StaticHandler.create(
                        FileSystemAccess.ROOT, files.toAbsolutePath().toString())
                .setCachingEnabled(false);
        router.get(AT + "/*").handler(pages);
        router.get(AT + "/*").handler(asked -> asked.response()
                .putHeader("Content-Type", "text/html; charset=utf-8")
                .sendFile(files.resolve("index.html").toString()));
    }

    private static void withoutSlash(RoutingContext asked) {
        if (asked.request().path().equals(AT)) {
            asked.response().setStatusCode(302).putHeader("Location", AT + "/").end();
        } else {
            asked.next();
        }
    }

    private static void headers(RoutingContext asked) {
        asked.response().putHeader("Content-Security-Policy", CONTENT_POLICY);
        asked.response().headers().remove("Content-Type");
        asked.next();
    }

    private static HttpServerResponse json(HttpServerResponse response) {
        return response.putHeader("Content-Type", "application/json");
    }
}
