package com.centrovision.sync.tables;

import com.centrovision.sync.problem.Nearest;
import com.centrovision.sync.problem.Problem;
import com.centrovision.sync.problem.ProblemCode;
import com.centrovision.sync.problem.Text;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;

/**
 * One file of {@code routes/tables/}: what it declares, or one problem that names the file and the line. Camel itself
 * passes over a misspelt parameter and stops everything for a malformed file.
 */
final class TableFile {
    private final Path file;

    TableFile(Path file) {
        this.file = file;
    }

    SyncedTable read() {
        var route = fields(only(items(root())), "templatedRoute").get("templatedRoute");
        if (route == null) {
            throw malformed(Optional.empty(), Text.of("table.unfit.missing", "templatedRoute"));
        }
        var fields = fields(route, "routeTemplateRef", "routeId", "parameters");
        var template = text(required(route, fields, "routeTemplateRef"));
        if (!template.equals(TableParameters.TEMPLATE)) {
            throw new Problem(
                    ProblemCode.TABLE_TEMPLATE_UNKNOWN,
                    file.getFileName(),
                    line(fields.get("routeTemplateRef")),
                    template,
                    TableParameters.TEMPLATE);
        }
        var parameters = parameters(required(route, fields, "parameters"));
        if (!parameters.containsKey("table")) {
            throw malformed(fields.get("parameters").getStartMark(), Text.of("table.unfit.missing", "table"));
        }
        var table = parameters.get("table");
        if (!file.getFileName().toString().matches("\\Q" + table + "\\E(\\.camel)?\\.yaml")) {
            throw new Problem(ProblemCode.TABLE_FILE_MISNAMED, file.getFileName(), table, table + ".camel.yaml");
        }
        return new SyncedTable(
                table,
                text(required(route, fields, "routeId")),
                parameters.getOrDefault("conflicts", "last-write-wins"),
                parameters.getOrDefault("direction", "both"),
                parameters.getOrDefault("filter", ""),
                columns(parameters.getOrDefault("derived_columns", "")),
                seconds(parameters.getOrDefault("interval_seconds", "")),
                file);
    }

    private Node root() {
        try {
            var settings = LoadSettings.builder()
                    .setLabel(file.getFileName().toString())
                    .build();
            return new Compose(settings)
                    .composeString(Files.readString(file))
                    .orElseThrow(() -> malformed(Optional.empty(), Text.of("table.unfit.empty")));
        } catch (MarkedYamlEngineException mistake) {
            throw malformed(mistake.getProblemMark(), mistake.getProblem());
        } catch (YamlEngineException | IOException unreadable) {
            throw malformed(Optional.empty(), Text.of("table.unfit.unreadable")).causedBy(unreadable);
        }
    }

    private Map<String, String> parameters(Node list) {
        var values = new LinkedHashMap<String, String>();
        for (var item : items(list)) {
            var fields = fields(item, "name", "value");
            var name = text(required(item, fields, "name"));
            var value = text(required(item, fields, "value"));
            var rule = TableParameters.rule(name)
                    .orElseThrow(() -> new Problem(
                            ProblemCode.TABLE_PARAMETER_UNKNOWN,
                            file.getFileName(),
                            line(item),
                            name,
                            Nearest.to(name, TableParameters.names()),
                            String.join(", ", TableParameters.names())));
            if (!rule.accepts().test(value)) {
                throw new Problem(
                        ProblemCode.TABLE_PARAMETER_WRONG, file.getFileName(), line(item), name, value, rule.allowed());
            }
            if (values.put(name, value) != null) {
                throw malformed(item.getStartMark(), Text.of("table.unfit.twice", name));
            }
        }
        return values;
    }

    private static OptionalInt seconds(String text) {
        return text.isEmpty() ? OptionalInt.empty() : OptionalInt.of(Integer.parseInt(text));
    }

    private static List<String> columns(String list) {
        return Arrays.stream(list.split(","))
                .map(String::strip)
                .filter(name -> !name.isEmpty())
                .toList();
    }

    private List<Node> items(Node node) {
        if (node instanceof SequenceNode sequence) {
            return sequence.getValue();
        }
        throw malformed(node.getStartMark(), Text.of("table.unfit.list"));
    }

    private Node only(List<Node> items) {
        if (items.size() != 1) {
            throw malformed(Optional.empty(), Text.of("table.unfit.one", "templatedRoute"));
        }
        return items.get(0);
    }

    private Map<String, Node> fields(Node node, String... known) {
        if (!(node instanceof MappingNode mapping)) {
            throw malformed(node.getStartMark(), Text.of("table.unfit.fields", String.join(", ", known)));
        }
        var fields = new LinkedHashMap<String, Node>();
        for (var entry : mapping.getValue()) {
            var name = text(entry.getKeyNode());
            if (!List.of(known).contains(name)) {
                throw malformed(
                        entry.getKeyNode().getStartMark(),
                        Text.of("table.unfit.unknown", name, String.join(", ", known)));
            }
            fields.put(name, entry.getValueNode());
        }
        return fields;
    }

    private Node required(Node parent, Map<String, Node> fields, String name) {
        return Optional.ofNullable(fields.get(name))
                .orElseThrow(() -> malformed(parent.getStartMark(), Text.of("table.unfit.missing", name)));
    }

    private String text(Node node) {
        if (node instanceof ScalarNode scalar) {
            return scalar.getValue();
        }
        throw malformed(node.getStartMark(), Text.of("table.unfit.text"));
    }

    private static int line(Node node) {
        return node.getStartMark().map(mark -> mark.getLine() + 1).orElse(1);
    }

    private Problem malformed(Optional<Mark> mark, Object what) {
        return new Problem(
                ProblemCode.TABLE_FILE_MALFORMED,
                file.getFileName(),
                mark.map(place -> place.getLine() + 1).orElse(1),
                what);
    }
}
