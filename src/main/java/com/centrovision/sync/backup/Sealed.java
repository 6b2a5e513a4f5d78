package com.centrovision.sync.backup;

import com.centrovision.sync.disk.DiskFiles;
import com.centrovision.sync.problem.Problem;
import com.centrovision.sync.problem.ProblemCode;
import com.exceptionfactory.jagged.RecipientStanzaReader;
import com.exceptionfactory.jagged.RecipientStanzaWriter;
import com.exceptionfactory.jagged.UnsupportedRecipientStanzaException;
import com.exceptionfactory.jagged.framework.stream.StandardDecryptingChannelFactory;
import com.exceptionfactory.jagged.framework.stream.StandardEncryptingChannelFactory;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.DigestOutputStream;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;

/** A file in age's format: what is written into it only the holders of the private keys can read. A few blocks in memory. */
final class Sealed extends FilterOutputStream {
    private static final int BUFFER = 64 * 1024;

    private final FileChannel file;
    private final MessageDigest digest;

    private Sealed(OutputStream encrypting, FileChannel file, MessageDigest digest) {
        super(encrypting);
        this.file = file;
        this.digest = digest;
    }

    /** A new file, for its owner alone. */
    static Sealed create(Path path, List<RecipientStanzaWriter> recipients) throws IOException {
        DiskFiles.createPrivate(path);
        var file = FileChannel.open(path, StandardOpenOption.WRITE);
        try {
            var digest = sha256();
            var counted = new DigestOutputStream(Channels.newOutputStream(file), digest);
            return new Sealed(
                    Channels.newOutputStream(new StandardEncryptingChannelFactory()
                            .newEncryptingChannel(new KeptOpen(counted), recipients)),
                    file,
                    digest);
        } catch (GeneralSecurityException | IOException failure) {
            file.close();
            throw new IOException(failure);
        }
    }

    @Override
    public void write(byte[] bytes, int from, int length) throws IOException {
        out.write(bytes, from, length);
    }

    /** Writes the last block and waits until the disk has all of it; the file's SHA-256. */
    String seal() throws IOException {
        out.close();
        file.force(true);
        file.close();
        return HexFormat.of().formatHex(digest.digest());
    }

    @Override
    public void close() throws IOException {
        file.close();
    }

    /** The content of a sealed file; the first read tells whether a key fits. */
    static InputStream open(Path path, List<RecipientStanzaReader> keys) throws IOException {
        var file = FileChannel.open(path, StandardOpenOption.READ);
        try {
            return Channels.newInputStream(new StandardDecryptingChannelFactory().newDecryptingChannel(file, keys));
        } catch (UnsupportedRecipientStanzaException otherKey) {
            file.close();
            throw new Problem(ProblemCode.BACKUP_KEY_WRONG, path.getFileName()).causedBy(otherKey);
        } catch (GeneralSecurityException | IOException | RuntimeException damaged) {
            file.close();
            throw new Problem(ProblemCode.BACKUP_DAMAGED, path.getFileName()).causedBy(damaged);
        }
    }

    static String sha256(Path path) throws IOException {
        var digest = sha256();
        try (var in = Files.newInputStream(path)) {
            var block = new byte[BUFFER];
            for (int read = in.read(block); read >= 0; read = in.read(block)) {
                digest.update(block, 0, read);
            }
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
