package com.centrovision.sync.runtime;

import java.util.Properties;
import org.apache.camel.CamelContext;
import org.apache.camel.main.Main;

/** What runs beside the sync in the same Camel and must never stop it, such as the console. */
public interface Companion extends AutoCloseable {
    /** A sync without one. */
    Companion NONE = new Companion() {
        @Override
        public void join(SyncService service, Main camel, Properties properties) {}

        @Override
        public void started(CamelContext camel) {}

        @Override
        public void close() {}
    };

    /** Gives its routes their beans, and sets what they read. */
    void join(SyncService service, Main camel, Properties properties);

    /** Camel runs. */
    void started(CamelContext camel);

    @Override
    void close();
}
