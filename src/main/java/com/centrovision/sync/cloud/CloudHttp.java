package com.centrovision.sync.cloud;

import com.centrovision.sync.cloud.line.Calls;
import com.centrovision.sync.cloud.line.Connections;
import com.centrovision.sync.cloud.line.Line;
import com.centrovision.sync.cloud.line.Patience;
import java.net.URI;
import java.time.Duration;
import org.apache.camel.component.http.HttpClientConfigurer;
import org.apache.hc.client5.http.config.RequestConfig;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.HttpClientBuilder;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManager;
import org.apache.hc.core5.io.CloseMode;
import org.apache.hc.core5.util.TimeValue;
import org.apache.hc.core5.util.Timeout;

/**
 * Makes an HTTP client the cloud's: its key (which no exchange ever holds), no retries and no redirections of the
 * client's own, the {@link CloudGuard} around every request, and one pool of connections with one set of time-outs for
 * all clients.
 */
public final class CloudHttp implements HttpClientConfigurer, AutoCloseable {
    /** Routers forget connections that were idle for much longer, and tell nobody; the usual interval must fit in. */
    private static final TimeValue IDLE = TimeValue.ofSeconds(35);

    /** As config/application.properties has it for routes. */
    private static final Timeout FREE_CONNECTION = Timeout.ofSeconds(20);

    private static final Duration NOT_HEARD = Duration.ofSeconds(3);

    private final CloudKey key;
    private final Calls calls;
    private final PoolingHttpClientConnectionManager connections;
    private final CloudGuard guard;

    public CloudHttp(URI address, String key, CloudClock clock, CloudListener listener) {
        this(address, key, clock, listener, Patience.USUAL);
    }

    CloudHttp(URI address, String key, CloudClock clock, CloudListener listener, Patience usual) {
        var line = new Line(System::nanoTime);
        this.key = new CloudKey(address, key);
        this.calls = new Calls(line);
        this.connections = Connections.of(calls);
        this.guard = new CloudGuard(clock, listener, line, calls, usual);
    }

    @Override
    public void configureHttpClient(HttpClientBuilder builder) {
        key.in(builder)
                .setConnectionManager(connections)
                .setConnectionManagerShared(true)
                .addExecInterceptorFirst("cloud-guard", guard);
    }

    /** A client for what is asked outside of routes. */
    CloseableHttpClient client() {
        var builder = HttpClientBuilder.create()
                .setDefaultRequestConfig(RequestConfig.custom()
                        .setConnectionRequestTimeout(FREE_CONNECTION)
                        .build());
        configureHttpClient(builder);
        return builder.build();
    }

    /** Whether less should be asked of the line at a time. */
    boolean isSlow() {
        return guard.isSlow();
    }

    /** Whether anybody waits for an answer now. */
    public boolean isAsked() {
        return calls.areWaiting();
    }

    /** Closes connections that nobody uses now; what is asked next goes over a new one. */
    public void closeUnused() {
        connections.closeIdle(TimeValue.ZERO_MILLISECONDS);
    }

    /** Closes connections that were not used for so long that they may be dead. */
    public void closeIdle() {
        connections.closeIdle(IDLE);
    }

    /** After an outage: who was asked before it and has not been heard since waits on a dead connection. */
    public void hangUpOnSilent(long askedBefore) {
        calls.cutSilentFor(NOT_HEARD, askedBefore);
    }

    @Override
    public void close() {
        calls.close();
        connections.close(CloseMode.GRACEFUL);
    }
}
