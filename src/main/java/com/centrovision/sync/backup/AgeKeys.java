package com.centrovision.sync.backup;

import com.centrovision.sync.problem.Problem;
import com.centrovision.sync.problem.ProblemCode;
import com.exceptionfactory.jagged.RecipientStanzaReader;
import com.exceptionfactory.jagged.RecipientStanzaWriter;
import com.exceptionfactory.jagged.x25519.X25519KeyPairGenerator;
import com.exceptionfactory.jagged.x25519.X25519RecipientStanzaReaderFactory;
import com.exceptionfactory.jagged.x25519.X25519RecipientStanzaWriterFactory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.List;

/** Keys of age: public ones, to which backups are encrypted, and the private ones that open them. */
public final class AgeKeys {
    private static final long LARGEST_FILE = 100_000;

    private AgeKeys() {}

    /** @param privateKey opens what was encrypted to the public one; nobody but its reader may see it */
    public record Pair(String publicKey, String privateKey) {
        @Override
        public String toString() {
            return "Pair[" + publicKey + "]";
        }
    }

    public static Pair make() {
        try {
            var pair = new X25519KeyPairGenerator().generateKeyPair();
            return new Pair(pair.getPublic().toString(), pair.getPrivate().toString());
        } catch (GeneralSecurityException unavailable) {
            throw new IllegalStateException(unavailable);
        }
    }

    static List<RecipientStanzaWriter> recipients(List<String> publicKeys) {
        if (publicKeys.isEmpty()) {
            throw new Problem(ProblemCode.BACKUP_KEY_MISSING);
        }
        return publicKeys.stream().map(AgeKeys::recipient).toList();
    }

    private static RecipientStanzaWriter recipient(String publicKey) {
        try {
            return X25519RecipientStanzaWriterFactory.newRecipientStanzaWriter(publicKey);
        } catch (GeneralSecurityException | IllegalArgumentException unfit) {
            throw new Problem(ProblemCode.BACKUP_KEY_MISSING).causedBy(unfit);
        }
    }

    /** The private keys in a file as {@code age-keygen} writes it. */
    public static List<RecipientStanzaReader> readFile(Path file) {
        try {
            if (Files.size(file) > LARGEST_FILE) {
                throw new IOException("too large");
            }
            return read(Files.readString(file), file.toString());
        } catch (IOException unreadable) {
            throw new Problem(ProblemCode.BACKUP_KEY_UNREADABLE, file);
        }
    }

    /** @param source where the text is from; the text itself is never told */
    public static List<RecipientStanzaReader> read(String text, String source) {
        var keys = text.lines()
                .map(String::strip)
                .filter(line -> !line.isEmpty() && !line.startsWith("#"))
                .toList();
        if (keys.isEmpty()) {
            throw new Problem(ProblemCode.BACKUP_KEY_UNREADABLE, source);
        }
        return keys.stream().map(key -> identity(key, source)).toList();
    }

    /** The cause stays away: it may quote the key. */
    private static RecipientStanzaReader identity(String key, String source) {
        try {
            return X25519RecipientStanzaReaderFactory.newRecipientStanzaReader(key);
        } catch (GeneralSecurityException | RuntimeException unfit) {
            throw new Problem(ProblemCode.BACKUP_KEY_UNREADABLE, source);
        }
    }
}
