package com.centrovision.sync.cloud;

import java.net.URI;
import org.apache.camel.component.http.HttpClientConfigurer;
import org.apache.hc.client5.http.config.ConnectionConfig;
import org.apache.hc.client5.http.config.RequestConfig;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.HttpClientBuilder;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.HttpHeaders;
import org.apache.hc.core5.http.HttpHost;
import org.apache.hc.core5.util.Timeout;

/**
 * Makes an HTTP client the cloud's: its key (which no exchange ever holds), its time-outs, no retries and no
 * redirections of the client's own, and the {@link CloudGuard} around every request.
 */
public final class CloudHttp implements HttpClientConfigurer {
    private static final Timeout CONNECT = Timeout.ofSeconds(5);
    private static final Timeout SILENCE = Timeout.ofSeconds(15);

    private final HttpHost host;
    private final String key;
    private final CloudGuard guard;

    public CloudHttp(URI address, String key, CloudClock clock, CloudListener listener) {
        this.host = HttpHost.create(address);
        this.key = key;
        this.guard = new CloudGuard(clock, listener);
    }

    @Override
    public void configureHttpClient(HttpClientBuilder builder) {
        builder.disableAutomaticRetries()
                .disableRedirectHandling()
                .disableCookieManagement()
                .setUserAgent("centrovision-sync")
                .addRequestInterceptorFirst((request, entity, context) -> {
                    if (!host.getHostName()
                            .equalsIgnoreCase(request.getAuthority().getHostName())) {
                        throw new HttpException("the key is sent to " + host + " alone");
                    }
                    request.setHeader("apikey", key);
                    if (!key.startsWith("sb_secret_")) {
                        request.setHeader(HttpHeaders.AUTHORIZATION, "Bearer " + key);
                    }
                })
                .addExecInterceptorFirst("cloud-guard", guard);
    }

    /** A client for what is asked outside of routes. */
    CloseableHttpClient client() {
        var connections = PoolingHttpClientConnectionManagerBuilder.create()
                .setDefaultConnectionConfig(ConnectionConfig.custom()
                        .setConnectTimeout(CONNECT)
                        .setSocketTimeout(SILENCE)
                        .build())
                .build();
        var builder = HttpClientBuilder.create()
                .setConnectionManager(connections)
                .setDefaultRequestConfig(RequestConfig.custom()
                        .setConnectionRequestTimeout(CONNECT)
                        .setResponseTimeout(SILENCE)
                        .build());
        configureHttpClient(builder);
        return builder.build();
    }
}
