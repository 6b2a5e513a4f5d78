package com.centrovision.sync.tables;

import com.centrovision.sync.problem.Problem;
import com.centrovision.sync.problem.ProblemCode;
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

    /**
     * Adds the route, its steps named after the table. One of the program's own with the same id would be replaced
     * without a word.
     */
    public void add(SyncedTable table) throws Exception {
        if (camel.getRoute(table.routeId()) != null) {
            throw new Problem(
                    ProblemCode.TABLE_ROUTE_TWICE, table.routeId(), table.file().getFileName(), "routes/*.yaml");
        }
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
}
