package com.centrovision.sync.cloud.line;

import java.net.Proxy;
import java.net.Socket;
import org.apache.hc.client5.http.DnsResolver;
import org.apache.hc.client5.http.SchemePortResolver;
import org.apache.hc.client5.http.config.ConnectionConfig;
import org.apache.hc.client5.http.impl.io.DefaultHttpClientConnectionOperator;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManager;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;
import org.apache.hc.client5.http.io.DetachedSocketFactory;
import org.apache.hc.client5.http.io.HttpClientConnectionOperator;
import org.apache.hc.client5.http.ssl.TlsSocketStrategy;
import org.apache.hc.core5.http.URIScheme;
import org.apache.hc.core5.http.config.RegistryBuilder;
import org.apache.hc.core5.http.io.SocketConfig;
import org.apache.hc.core5.util.Timeout;

/** Makes the pool of connections that everything asked of the cloud shares. */
public final class Connections extends PoolingHttpClientConnectionManagerBuilder {
    private static final int MOST = 64;
    private static final Timeout CONNECT_ONE_ADDRESS = Timeout.ofSeconds(5);

    /** Behind the watchdog, which knows better. */
    private static final Timeout LAST_RESORT = Timeout.ofMinutes(3);

    private final Calls calls;

    private Connections(Calls calls) {
        this.calls = calls;
    }

    public static PoolingHttpClientConnectionManager of(Calls calls) {
        return new Connections(calls)
                .setDnsResolver(new BoundedNames(calls))
                .setMaxConnTotal(MOST)
                .setMaxConnPerRoute(MOST)
                .setDefaultSocketConfig(SocketConfig.custom()
                        .setSoTimeout(LAST_RESORT)
                        .setSndBufSize(Line.BUFFER_BYTES)
                        .build())
                .setDefaultConnectionConfig(ConnectionConfig.custom()
                        .setConnectTimeout(CONNECT_ONE_ADDRESS)
                        .setSocketTimeout(LAST_RESORT)
                        .build())
                .build();
    }

    @Override
    protected HttpClientConnectionOperator createConnectionOperator(
            SchemePortResolver ports, DnsResolver names, TlsSocketStrategy tls) {
        return new DefaultHttpClientConnectionOperator(
                new DetachedSocketFactory() {
                    @Override
                    public Socket create(Proxy proxy) {
                        return new LineSocket(calls);
                    }
                },
                ports,
                names,
                RegistryBuilder.<TlsSocketStrategy>create()
                        .register(URIScheme.HTTPS.id, tls)
                        .build());
    }
}
