package com.centrovision.sync.check;

import com.centrovision.sync.problem.Problem;
import com.centrovision.sync.problem.ProblemCode;
import com.centrovision.sync.problem.Text;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.PluginHelper;
import org.apache.camel.support.ResourceHelper;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;

/** The program's own routes: whether Camel reads each file. The tables' files are looked at by themselves. */
public record RouteFilesCheck(Path routes) implements Check {
    @Override
    public List<Finding> findings() throws IOException {
        var findings = new ArrayList<Finding>();
        try (var camel = new DefaultCamelContext();
                var files = Files.walk(routes)) {
            for (var file : files.filter(file ->
                            file.toString().endsWith(".camel.yaml") && !file.startsWith(routes.resolve("tables")))
                    .sorted()
                    .toList()) {
                try {
                    read(camel, file);
                } catch (Exception mistake) {
                    findings.add(Finding.of(
                            new Problem(ProblemCode.ROUTES_UNFIT, routes.relativize(file) + ", " + place(mistake))));
                }
            }
        }
        return Check.orFine(findings, Finding.fine(Text.of("check.routes.fine")));
    }

    private static void read(DefaultCamelContext camel, Path file) throws Exception {
        var resource =
                ResourceHelper.resolveMandatoryResource(camel, file.toUri().toString());
        for (var builder : PluginHelper.getRoutesLoader(camel).findRoutesBuilders(resource)) {
            var routes = (RouteBuilder) builder;
            routes.setCamelContext(camel);
            routes.configure();
        }
    }

    /** The parser's own words about the innermost place; Camel wraps them in its own, without the line. */
    private static String place(Exception mistake) {
        return Stream.iterate((Throwable) mistake, cause -> cause != null, Throwable::getCause)
                .filter(MarkedYamlEngineException.class::isInstance)
                .map(MarkedYamlEngineException.class::cast)
                .filter(marked -> marked.getProblemMark().isPresent())
                .reduce((outer, inner) -> inner)
                .map(marked -> "line " + (marked.getProblemMark().get().getLine() + 1) + ": " + marked.getProblem())
                .orElseGet(() -> String.valueOf(mistake.getMessage()));
    }
}
