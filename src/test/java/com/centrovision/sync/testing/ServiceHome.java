package com.centrovision.sync.testing;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** A home of the service's in a folder of the test's own: everything as shipped but the tables. */
public record ServiceHome(Path path) {

    public static ServiceHome in(Path folder) throws IOException {
        var home = new ServiceHome(folder);
        for (var shipped : List.of("config", "sql", "routes/templates")) {
            home.copy(shipped);
        }
        try (var routes = Files.list(Path.of("routes"))) {
            for (var route : routes.filter(Files::isRegularFile).toList()) {
                home.copy(route.toString());
            }
        }
        Files.createDirectories(home.path.resolve("routes/tables"));
        return home;
    }

    /** Copies a file or a folder of the project to the same place. */
    public void copy(String from) throws IOException {
        try (var files = Files.walk(Path.of(from))) {
            for (var file : files.filter(Files::isRegularFile).toList()) {
                Files.createDirectories(path.resolve(file).getParent());
                Files.copy(file, path.resolve(file));
            }
        }
    }

    /** Writes a table's file; the parameters are names and values in turn. */
    public void table(String name, String... parameters) throws IOException {
        var yaml = new StringBuilder(
                """
                - templatedRoute:
                    routeTemplateRef: table-down
                    routeId: %1$s-down
                    parameters:
                      - name: table
                        value: %1$s
                """
                        .formatted(name));
        for (int parameter = 0; parameter < parameters.length; parameter += 2) {
            yaml.append("      - name: %s%n        value: %s%n"
                    .formatted(parameters[parameter], parameters[parameter + 1]));
        }
        Files.writeString(path.resolve("routes/tables/" + name + ".camel.yaml"), yaml);
    }
}
