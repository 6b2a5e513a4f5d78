package com.centrovision.sync.cli;

import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/** The folder the program was installed in; everything it reads is below it. */
public record Home(Path path) {

    /** What the launcher says, else the folder above the jar's {@code lib}, else the working directory. */
    static Home find(Map<String, String> environment) {
        var path = Optional.ofNullable(environment.get("CENTROVISION_SYNC_HOME"))
                .filter(folder -> !folder.isBlank())
                .map(Path::of)
                .or(() -> above(code()))
                .orElse(Path.of(""));
        return new Home(path.toAbsolutePath().normalize());
    }

    static Optional<Path> above(Path code) {
        return code.toString().endsWith(".jar") && code.getParent().endsWith("lib")
                ? Optional.of(code.getParent().getParent())
                : Optional.empty();
    }

    public Path config() {
        return path.resolve("config");
    }

    public Path routes() {
        return path.resolve("routes");
    }

    public Path sql() {
        return path.resolve("sql");
    }

    private static Path code() {
        try {
            return Path.of(Home.class
                    .getProtectionDomain()
                    .getCodeSource()
                    .getLocation()
                    .toURI());
        } catch (URISyntaxException exception) {
            throw new IllegalStateException(exception);
        }
    }
}
