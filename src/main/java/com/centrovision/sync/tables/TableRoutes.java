package com.centrovision.sync.tables;

import java.util.function.Supplier;
import org.apache.camel.CamelContext;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.support.PluginHelper;
import org.apache.camel.support.ResourceHelper;

/** Puts the routes of tables into Camel, and takes them out; their files were checked before. */
public final class TableRoutes {
    private final Supplier<CamelContext> context;

    public TableRoutes(Supplier<CamelContext> context) {
        this.context = context;
    }

    /** Adds a table's route, or replaces it. */
    public void add(SyncedTable table) throws Exception {
        remove(table.routeId());
        var camel = context.get();
        var resource = ResourceHelper.resolveMandatoryResource(
                camel, table.file().toUri().toString());
        for (var builder : PluginHelper.getRoutesLoader(camel).findRoutesBuilders(resource)) {
            var routes = (RouteBuilder) builder;
            routes.setCamelContext(camel);
            routes.configureRoutes(camel);
            camel.addTemplatedRoutes(routes);
        }
    }

    void remove(String routeId) throws Exception {
        var camel = context.get();
        if (camel.getRoute(routeId) != null) {
            camel.getRouteController().stopRoute(routeId);
            camel.removeRoute(routeId);
        }
    }
}
