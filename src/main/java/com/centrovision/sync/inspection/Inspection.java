package com.centrovision.sync.inspection;

import io.vertx.core.Handler;
import io.vertx.ext.web.RoutingContext;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Properties;
import java.util.regex.Pattern;
import javax.management.RuntimeMBeanException;
import org.jolokia.core.api.LogHandler;
import org.jolokia.json.JSONObject;
import org.jolokia.json.JSONStructure;
import org.jolokia.server.core.config.ConfigKey;
import org.jolokia.server.core.config.StaticConfiguration;
import org.jolokia.server.core.http.HttpRequestHandler;
import org.jolokia.server.core.request.BadRequestException;
import org.jolokia.server.core.request.EmptyResponseException;
import org.jolokia.server.core.service.JolokiaServiceManagerFactory;
import org.jolokia.server.core.service.api.JolokiaServiceManager;
import org.jolokia.service.serializer.JolokiaSerializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** JMX over HTTP by Jolokia: routes, steps, timings and the Java machine, within {@link InspectionPolicy}. Threads share it. */
public final class Inspection implements Handler<RoutingContext>, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Inspection.class);

    private static final Pattern VIEWS = Pattern.compile("(/(read|list|search|version)(/.*)?)?/?");

    private final String path;
    private final JolokiaServiceManager services;
    private final HttpRequestHandler jolokia;
    private final Secrets secrets;

    /**
     * @param path where it is served
     * @param mayOperate whether routes may be stopped and started
     * @param secrets what must never be shown
     */
    public Inspection(String path, boolean mayOperate, Collection<String> secrets) {
        this.path = path;
        this.secrets = new Secrets(secrets);
        var settings = new StaticConfiguration(
                ConfigKey.AGENT_ID,
                "centrovision-sync",
                ConfigKey.ALLOW_ERROR_DETAILS,
                "false",
                ConfigKey.INCLUDE_STACKTRACE,
                "false",
                ConfigKey.DISABLE_DETECTORS,
                "true");
        var policy = new InspectionPolicy(mayOperate);
        services = JolokiaServiceManagerFactory.createJolokiaServiceManager(settings, new Log(), policy);
        services.addService(new JolokiaSerializer());
        services.addService(new InspectedBeans(policy));
        jolokia = new HttpRequestHandler(services.start());
    }

    /** What Camel has to know before it starts, where messages may be followed. */
    public static Properties standby() {
        return TracedSteps.standby();
    }

    @Override
    public void handle(RoutingContext context) {
        context.vertx()
                .executeBlocking(() -> answer(context), false)
                .onSuccess(answer -> context.response()
                        .putHeader("Content-Type", "application/json")
                        .end(answer))
                .onFailure(context::fail);
    }

    private String answer(RoutingContext context) throws IOException {
        try {
            return shown(asked(context));
        } catch (EmptyResponseException none) {
            return "";
        } catch (BadRequestException | RuntimeException unfit) {
            return shown(jolokia.handleThrowable(
                    unfit instanceof RuntimeMBeanException wrapped ? wrapped.getTargetException() : unfit));
        }
    }

    private JSONStructure asked(RoutingContext context)
            throws IOException, BadRequestException, EmptyResponseException {
        var request = context.request();
        Map<String, String[]> parameters = new HashMap<>();
        request.params()
                .names()
                .forEach(name ->
                        parameters.put(name, request.params().getAll(name).toArray(String[]::new)));
        if (request.method().name().equals("GET")) {
            var wish = request.path().substring(path.length());
            parameters.remove(ConfigKey.PATH_QUERY_PARAM.getKeyValue()); // it would be another way to say the same
            if (!VIEWS.matcher(wish).matches()) {
                throw new BadRequestException("what does something is asked for by POST");
            }
            return jolokia.handleGetRequest(request.uri(), wish, parameters);
        }
        var body = context.body().buffer();
        return jolokia.handlePostRequest(
                request.uri(),
                new ByteArrayInputStream(body == null ? new byte[0] : body.getBytes()),
                "UTF-8",
                parameters);
    }

    private String shown(JSONStructure answer) {
        var masked = secrets.masked(answer);
        if (masked instanceof JSONObject object) {
            object.remove("stacktrace");
        }
        return String.valueOf(masked);
    }

    @Override
    public void close() {
        services.stop();
    }

    /** What is asked and refused is of no interest to the clinic's log. */
    private static final class Log implements LogHandler {
        @Override
        public void debug(String message) {}

        @Override
        public void info(String message) {}

        @Override
        public void error(String message, Throwable failure) {
            LOG.debug(
                    "inspection failed problem={}",
                    failure == null ? "?" : failure.getClass().getSimpleName());
        }

        @Override
        public boolean isDebug() {
            return false;
        }
    }
}
