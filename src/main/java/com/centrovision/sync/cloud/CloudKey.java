package com.centrovision.sync.cloud;

import java.net.URI;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.hc.client5.http.entity.GZIPInputStreamFactory;
import org.apache.hc.client5.http.impl.classic.HttpClientBuilder;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.HttpHeaders;
import org.apache.hc.core5.http.HttpHost;

/** The project's key, which goes out with every request to the project and with none to anybody else. */
public final class CloudKey {
    private final HttpHost host;
    private final String key;

    public CloudKey(URI address, String key) {
        this.host = HttpHost.create(address);
        this.key = key;
    }

    /**
     * A client of the cloud's: with the key, with no retries, redirections or cookies of its own, and without headers that
     * tell what is usual anyway: an idle pass consists of little else.
     */
    public HttpClientBuilder in(HttpClientBuilder builder) {
        return builder.disableAutomaticRetries()
                .disableRedirectHandling()
                .disableCookieManagement()
                .setUserAgent("centrovision-sync")
                .setContentDecoderRegistry(new LinkedHashMap<>(Map.of("gzip", GZIPInputStreamFactory.getInstance())))
                .addRequestInterceptorLast((request, entity, context) -> request.removeHeaders(HttpHeaders.CONNECTION))
                .addRequestInterceptorFirst((request, entity, context) -> {
                    if (!host.getHostName()
                            .equalsIgnoreCase(request.getAuthority().getHostName())) {
                        throw new HttpException("the key is sent to " + host + " alone");
                    }
                    request.setHeader("apikey", key);
                    if (!key.startsWith("sb_secret_")) {
                        request.setHeader(HttpHeaders.AUTHORIZATION, "Bearer " + key);
                    }
                });
    }
}
