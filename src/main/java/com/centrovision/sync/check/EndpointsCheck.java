package com.centrovision.sync.check;

import com.centrovision.sync.problem.Nearest;
import com.centrovision.sync.problem.Problem;
import com.centrovision.sync.problem.ProblemCode;
import com.centrovision.sync.problem.Text;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.camel.impl.DefaultCamelContext;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;

/** What the routes call: components and their options, statements, other routes. Nothing of it is started or asked. */
public record EndpointsCheck(Path home) implements Check {
    private static final String STATEMENT = "sql:file:{{app.home}}/";
    private static final String ROUTE = "direct:";

    /** One {@code uri:} of a file, with the names of the {@code parameters:} beside it. */
    private record Endpoint(Path file, int line, String uri, Set<String> options, boolean isStart) {
        boolean is(String kind) {
            return uri.startsWith(kind)
                    && !uri.contains("${")
                    && !uri.substring(kind.length()).contains("{{");
        }
    }

    @Override
    public List<Finding> findings() throws IOException {
        var endpoints = new ArrayList<Endpoint>();
        var routes = home.resolve("routes");
        try (var files = Files.walk(routes)) {
            for (var file : files.filter(
                            file -> file.toString().endsWith(".yaml") && !file.startsWith(routes.resolve("tables")))
                    .sorted()
                    .toList()) {
                root(file).ifPresent(node -> collect(routes.relativize(file), node, false, endpoints));
            }
        }
        var starts = endpoints.stream()
                .filter(Endpoint::isStart)
                .map(Endpoint::uri)
                .collect(Collectors.toCollection(TreeSet::new));
        try (var camel = new DefaultCamelContext()) {
            var findings = new ArrayList<Finding>();
            for (var endpoint : endpoints) {
                mistake(endpoint, starts, camel)
                        .map(what -> finding(endpoint, what))
                        .ifPresent(findings::add);
            }
            return Check.orFine(findings, Finding.fine(Text.of("check.endpoints.fine", endpoints.size())));
        }
    }

    private Optional<Text> mistake(Endpoint endpoint, Set<String> starts, DefaultCamelContext camel) {
        var uri = endpoint.uri();
        if (uri.startsWith(STATEMENT) && endpoint.is(STATEMENT)) {
            var statement = uri.substring(STATEMENT.length());
            if (!Files.isRegularFile(home.resolve(statement))) {
                return Optional.of(Text.of("check.endpoints.file", statement));
            }
        }
        if (endpoint.is(ROUTE) && !starts.isEmpty() && starts.stream().noneMatch(start -> isFilledIn(start, uri))) {
            return Optional.of(Text.of("check.endpoints.route", uri, Nearest.to(uri, starts)));
        }
        if (uri.startsWith("{{") || uri.contains("${")) {
            return Optional.empty();
        }
        var scheme = uri.replaceFirst(":.*", "");
        if (camel.getComponent(scheme) == null) {
            return Optional.of(Text.of("check.endpoints.component", scheme));
        }
        var factory = camel.getCamelContextExtension().getEndpointUriFactory(scheme);
        return factory == null || factory.isLenientProperties()
                ? Optional.empty()
                : endpoint.options().stream()
                        .filter(option -> !factory.propertyNames().contains(option))
                        .filter(option ->
                                factory.multiValuePrefixes().values().stream().noneMatch(option::startsWith))
                        .findFirst()
                        .map(option -> Text.of(
                                "check.endpoints.option", scheme, option, Nearest.to(option, factory.propertyNames())));
    }

    /** A template's route begins with a name that its parameters complete. */
    private static boolean isFilledIn(String start, String uri) {
        return Stream.of(start.split("\\{\\{[^}]*}}", -1))
                .map(Pattern::quote)
                .collect(Collectors.collectingAndThen(Collectors.joining(".+"), uri::matches));
    }

    private static Finding finding(Endpoint endpoint, Text what) {
        return Finding.of(new Problem(
                ProblemCode.ROUTES_UNFIT, Text.of("check.routes.place", endpoint.file(), endpoint.line(), what)));
    }

    /** A file that is no YAML is told by {@link RouteFilesCheck}. */
    private static Optional<Node> root(Path file) throws IOException {
        try {
            return new Compose(LoadSettings.builder().build()).composeString(Files.readString(file));
        } catch (YamlEngineException toldElsewhere) {
            return Optional.empty();
        }
    }

    private static void collect(Path file, Node node, boolean isStart, List<Endpoint> found) {
        if (node instanceof SequenceNode list) {
            list.getValue().forEach(item -> collect(file, item, false, found));
        } else if (node instanceof MappingNode mapping) {
            value(mapping, "uri")
                    .filter(ScalarNode.class::isInstance)
                    .map(ScalarNode.class::cast)
                    .ifPresent(uri -> found.add(new Endpoint(
                            file,
                            uri.getStartMark().map(mark -> mark.getLine() + 1).orElse(1),
                            uri.getValue(),
                            options(mapping),
                            isStart)));
            mapping.getValue()
                    .forEach(entry -> collect(
                            file, entry.getValueNode(), name(entry.getKeyNode()).equals("from"), found));
        }
    }

    private static Set<String> options(MappingNode endpoint) {
        return value(endpoint, "parameters")
                .filter(MappingNode.class::isInstance)
                .map(MappingNode.class::cast)
                .map(parameters -> parameters.getValue().stream()
                        .map(entry -> name(entry.getKeyNode()))
                        .collect(Collectors.toCollection(TreeSet::new)))
                .orElseGet(TreeSet::new);
    }

    private static Optional<Node> value(MappingNode mapping, String name) {
        return mapping.getValue().stream()
                .filter(entry -> name(entry.getKeyNode()).equals(name))
                .map(entry -> entry.getValueNode())
                .findFirst();
    }

    private static String name(Node key) {
        return key instanceof ScalarNode scalar ? scalar.getValue() : "";
    }
}
