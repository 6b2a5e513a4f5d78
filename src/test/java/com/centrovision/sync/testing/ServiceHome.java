package com.centrovision.sync.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.springframework.util.FileSystemUtils;

/** A home of the service's in a folder of the test's own: everything as shipped but the tables. */
public record ServiceHome(Path path) {
    private static final Path PROJECT = Path.of("").toAbsolutePath();
    private static final Path HAWTIO = Path.of("target/hawtio");
    private static final Map<List<String>, Path> HOMES = new ConcurrentHashMap<>();

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

    /** The project's own files of these tables, in a home that lasts as long as the tests; all of them where none is named. */
    static Path of(String... tables) {
        return tables.length == 0 ? PROJECT : HOMES.computeIfAbsent(List.of(tables), ServiceHome::make);
    }

    private static Path make(List<String> tables) {
        try {
            var folder = Files.createTempDirectory("home-");
            Runtime.getRuntime().addShutdownHook(new Thread(() -> FileSystemUtils.deleteRecursively(folder.toFile())));
            var home = in(folder);
            for (var table : tables) {
                home.copy("routes/tables/" + table + ".camel.yaml");
            }
            if (Files.isDirectory(HAWTIO)) {
                Files.createSymbolicLink(folder.resolve("hawtio"), HAWTIO.toAbsolutePath());
            }
            return folder;
        } catch (IOException unwritable) {
            throw new UncheckedIOException(unwritable);
        }
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
