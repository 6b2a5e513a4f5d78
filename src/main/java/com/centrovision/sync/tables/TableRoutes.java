package com.centrovision.sync.tables;

import java.nio.file.Path;
import org.apache.camel.CamelContext;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.support.PluginHelper;
import org.apache.camel.support.ResourceHelper;

/** Puts the route of a table file into Camel; the file was checked before. */
public final class TableRoutes {
    private final CamelContext camel;

    public TableRoutes(CamelContext camel) {
        this.camel = camel;
    }

    public void add(Path file) throws Exception {
        var resource =
                ResourceHelper.resolveMandatoryResource(camel, file.toUri().toString());
        for (var builder : PluginHelper.getRoutesLoader(camel).findRoutesBuilders(resource)) {
            var routes = (RouteBuilder) builder;
            routes.setCamelContext(camel);
            routes.configureRoutes(camel);
            camel.addTemplatedRoutes(routes);
        }
    }
}
