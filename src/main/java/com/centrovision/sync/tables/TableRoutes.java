package com.centrovision.sync.tables;

import com.centrovision.sync.problem.Problem;
import com.centrovision.sync.problem.ProblemCode;
import java.util.HashSet;
import java.util.Set;
import java.util.function.Supplier;
import org.apache.camel.CamelContext;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.model.ModelCamelContext;
import org.apache.camel.support.PluginHelper;
import org.apache.camel.support.ResourceHelper;

/** Puts the routes of tables into Camel, and takes them out; their files were checked before. */
public final class TableRoutes {
    private final Supplier<CamelContext> context;
    private final Set<String> owned = new HashSet<>();

    public TableRoutes(Supplier<CamelContext> context) {
        this.context = context;
    }

    /**
     * Adds the route of a table, its steps named after the table, or replaces it. One of the program's own with the same
     * id would be replaced without a word.
     */
    public synchronized void add(SyncedTable table) throws Exception {
        remove(table.routeId());
        var camel = context.get();
        if (((ModelCamelContext) camel).getRouteDefinition(table.routeId()) != null) {
            throw new Problem(
                    ProblemCode.TABLE_ROUTE_TWICE, table.routeId(), table.file().getFileName(), "routes/*.yaml");
        }
        owned.add(table.routeId());
        var resource = ResourceHelper.resolveMandatoryResource(
                camel, table.file().toUri().toString());
        for (var builder : PluginHelper.getRoutesLoader(camel).findRoutesBuilders(resource)) {
            var routes = (RouteBuilder) builder;
            routes.setCamelContext(camel);
            routes.configureRoutes(camel);
            routes.getTemplatedRouteCollection()
                    .getTemplatedRoutes()
                    .forEach(route -> route.setPrefixId(table.name() + "-"));
            camel.addTemplatedRoutes(routes);
        }
    }

    synchronized void remove(String routeId) throws Exception {
        var camel = context.get();
        if (owned.remove(routeId) && camel.getRoute(routeId) != null) {
            camel.getRouteController().stopRoute(routeId);
            camel.removeRoute(routeId);
        }
    }
}
