package com.centrovision.sync.check;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.centrovision.sync.check.Finding.Weight;
import com.centrovision.sync.config.CertificateFile;
import com.centrovision.sync.testing.KeyTool;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CertificateCheckTest {
    private static final String PASSWORD = "p12-password";

    @TempDir
    private Path folder;

    @Test
    void tellsHowLongTheCertificateServes() throws IOException {
        var file = certificate("-validity", "90");

        assertFinds(Weight.FINE, "serves until", file, Duration.ZERO);
        assertFinds(Weight.FINE, "serves until", file, Duration.ofDays(59));
        assertFinds(Weight.NOTICE, "expires on", file, Duration.ofDays(61));
        assertFinds(Weight.WRONG, "expired on", file, Duration.ofDays(91));
        assertFinds(Weight.WRONG, "is valid from", file, Duration.ofDays(-1));
    }

    @Test
    void tellsWhyAFileDoesNotServe() throws IOException, GeneralSecurityException {
        var file = certificate();

        assertUnfit("it does not exist", folder.resolve("nowhere.p12"), PASSWORD);
        assertUnfit("console.tls_password does not open it", file, "other-password");
        assertUnfit(
                "it is no PKCS #12 file that can be read", Files.writeString(folder.resolve("a.txt"), "a"), PASSWORD);
        assertUnfit("it has no certificate with its key", withoutKey(file), PASSWORD);
        assertUnfit("the key is not the certificate's", withKeyOf(file, certificate()), PASSWORD);
        assertUnfit("the key is not the certificate's", withKeyOf(file, certificate("-keyalg", "RSA")), PASSWORD);
        assertFinds(Weight.FINE, "serves until", certificate("-keyalg", "RSA"), Duration.ZERO);
        assertFinds(Weight.FINE, "serves until", certificate("-keyalg", "Ed25519"), Duration.ZERO);
    }

    private Path certificate(String... options) throws IOException {
        return KeyTool.certificate(folder.resolve(System.nanoTime() + ".p12"), PASSWORD, options);
    }

    private Path withoutKey(Path file) throws IOException, GeneralSecurityException {
        var store = open(file);
        var certificate = store.getCertificate("clinic");
        store.deleteEntry("clinic");
        store.setCertificateEntry("clinic", certificate);
        return kept(store, "without.p12");
    }

    private Path withKeyOf(Path file, Path other) throws IOException, GeneralSecurityException {
        var store = open(file);
        var key = (PrivateKey) open(other).getKey("clinic", PASSWORD.toCharArray());
        store.setKeyEntry("clinic", key, PASSWORD.toCharArray(), store.getCertificateChain("clinic"));
        return kept(store, "mixed.p12");
    }

    private static KeyStore open(Path file) throws IOException, GeneralSecurityException {
        return KeyStore.getInstance(file.toFile(), PASSWORD.toCharArray());
    }

    private Path kept(KeyStore store, String name) throws IOException, GeneralSecurityException {
        var file = folder.resolve(name);
        try (var bytes = Files.newOutputStream(file)) {
            store.store(bytes, PASSWORD.toCharArray());
        }
        return file;
    }

    private void assertUnfit(String why, Path file, String password) {
        assertEquals(
                "✗ wrong  Console's certificate: %s does not serve (%s), and the console does not open. "
                                .formatted(file, why)
                        + "Correct [console] in config.toml, or make another one: docs/console.md.",
                line(new CertificateCheck(new CertificateFile(file, password), Clock.systemUTC())));
    }

    private void assertFinds(Weight weight, String words, Path file, Duration later) {
        var check = new CertificateCheck(
                new CertificateFile(file, PASSWORD), Clock.fixed(Instant.now().plus(later), ZoneOffset.UTC));

        assertEquals(weight, check.findings().get(0).weight());
        assertTrue(line(check).contains(words), () -> line(check));
    }

    private static String line(CertificateCheck check) {
        return check.findings().get(0).lines(Locale.ENGLISH).findFirst().orElseThrow();
    }
}
