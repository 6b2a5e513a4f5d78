package com.centrovision.sync.config;

import com.centrovision.sync.problem.Text;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.InvalidKeyException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.UnrecoverableKeyException;
import java.security.cert.X509Certificate;
import java.util.Collections;
import java.util.Optional;

/** A PKCS #12 file as the console serves it: one certificate with its key. */
public record CertificateFile(Path file, String password) {
    private static final byte[] SAMPLE = {1};

    /** The certificate, or why the file does not serve. */
    public record Content(Optional<X509Certificate> certificate, Optional<Text> mistake) {}

    public Content read() {
        try {
            var store = KeyStore.getInstance("PKCS12");
            try (var bytes = Files.newInputStream(file)) {
                store.load(bytes, password.toCharArray());
            }
            for (var alias : Collections.list(store.aliases())) {
                if (store.getKey(alias, password.toCharArray()) instanceof PrivateKey key
                        && store.getCertificate(alias) instanceof X509Certificate certificate) {
                    return fits(key, certificate)
                            ? new Content(Optional.of(certificate), Optional.empty())
                            : unfit(Text.of("certificate.other-key"));
                }
            }
            return unfit(Text.of("certificate.no-key"));
        } catch (NoSuchFileException missing) {
            return unfit(Text.of("certificate.missing"));
        } catch (AccessDeniedException closed) {
            return unfit(Text.of("certificate.closed"));
        } catch (IOException | GeneralSecurityException unreadable) {
            var isLocked = unreadable instanceof UnrecoverableKeyException
                    || unreadable.getCause() instanceof UnrecoverableKeyException;
            return unfit(Text.of(isLocked ? "certificate.password" : "certificate.malformed"));
        }
    }

    private static Content unfit(Text mistake) {
        return new Content(Optional.empty(), Optional.of(mistake));
    }

    private static boolean fits(PrivateKey key, X509Certificate certificate) throws GeneralSecurityException {
        var signature = Signature.getInstance(
                switch (key.getAlgorithm()) {
                    case "RSA" -> "SHA256withRSA";
                    case "EC" -> "SHA256withECDSA";
                    default -> key.getAlgorithm();
                });
        signature.initSign(key);
        signature.update(SAMPLE);
        var signed = signature.sign();
        try {
            signature.initVerify(certificate.getPublicKey());
            signature.update(SAMPLE);
            return signature.verify(signed);
        } catch (InvalidKeyException ofAnotherKind) {
            return false;
        }
    }
}
