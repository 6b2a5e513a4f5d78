package com.centrovision.sync.testing;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Makes certificates as the clinic's technician does. */
public final class KeyTool {
    private KeyTool() {}

    /** A certificate for {@code localhost} with its key, under the alias {@code clinic}. */
    public static Path certificate(Path file, String password, String... options) throws IOException {
        var command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-keyalg",
                "EC",
                "-alias",
                "clinic",
                "-dname",
                "CN=localhost",
                "-storetype",
                "PKCS12",
                "-storepass",
                password,
                "-keystore",
                file.toString()));
        command.addAll(List.of(options));
        try {
            if (new ProcessBuilder(command).start().waitFor() != 0) {
                throw new IOException("keytool made no " + file);
            }
            return file;
        } catch (InterruptedException stopped) {
            throw new IOException(stopped);
        }
    }
}
