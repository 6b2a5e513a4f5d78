package com.centrovision.sync.console;

import com.centrovision.sync.config.Config;
import io.vertx.ext.auth.authentication.AuthenticationProvider;
import io.vertx.ext.web.handler.AuthenticationHandler;
import java.util.Optional;
import org.apache.camel.CamelContext;
import org.apache.camel.Service;
import org.apache.camel.component.platform.http.main.DefaultMainHttpServerFactory;
import org.apache.camel.component.platform.http.main.MainHttpServer;
import org.apache.camel.component.platform.http.vertx.auth.AuthenticationConfig;
import org.apache.camel.component.platform.http.vertx.auth.AuthenticationConfig.AuthenticationConfigEntry;
import org.apache.camel.component.platform.http.vertx.auth.AuthenticationConfig.AuthenticationHandlerFactory;
import org.apache.camel.main.HttpServerConfigurationProperties;
import org.apache.camel.support.jsse.KeyManagersParameters;
import org.apache.camel.support.jsse.KeyStoreParameters;
import org.apache.camel.support.jsse.SSLContextParameters;

/** Camel's own server with the guard before it, from the first connection on. */
final class GuardedServer extends DefaultMainHttpServerFactory {
    private final Guard guard;
    private final Optional<Config.Tls> tls;

    GuardedServer(Guard guard, Optional<Config.Tls> tls) {
        this.guard = guard;
        this.tls = tls;
    }

    @Override
    public Service newHttpServer(CamelContext camel, HttpServerConfigurationProperties properties) {
        var server = (MainHttpServer) super.newHttpServer(camel, properties);
        guard(server.getConfiguration().getAuthenticationConfig());
        tls.map(GuardedServer::context).ifPresent(server::setSslContextParameters);
        return server;
    }

    private void guard(AuthenticationConfig config) {
        var everything = new AuthenticationConfigEntry();
        everything.setPath("/*");
        everything.setAuthenticationProviderFactory(vertx -> (credentials, asked) -> {});
        everything.setAuthenticationHandlerFactory(new AuthenticationHandlerFactory() {
            @Override
            public <T extends AuthenticationProvider> AuthenticationHandler createAuthenticationHandler(T unused) {
                return guard;
            }
        });
        config.getEntries().add(everything);
        config.setEnabled(true);
    }

    private static SSLContextParameters context(Config.Tls tls) {
        var store = new KeyStoreParameters();
        store.setType("PKCS12");
        store.setResource("file:" + tls.file());
        store.setPassword(tls.password());
        var keys = new KeyManagersParameters();
        keys.setKeyStore(store);
        keys.setKeyPassword(tls.password());
        var context = new SSLContextParameters();
        context.setKeyManagers(keys);
        return context;
    }
}
