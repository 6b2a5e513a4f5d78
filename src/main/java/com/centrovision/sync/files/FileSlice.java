package com.centrovision.sync.files;

import com.centrovision.sync.cloud.storage.FolderException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.io.entity.AbstractHttpEntity;

/** Some bytes of a file, sent as fast as they may go. */
final class FileSlice extends AbstractHttpEntity {
    private final Source source;
    private final long length;
    private final Courtesy courtesy;

    private interface Source {
        InputStream open() throws IOException;
    }

    private FileSlice(Source source, long length, String type, Courtesy courtesy) {
        super(ContentType.parseLenient(type), null);
        this.source = source;
        this.length = length;
        this.courtesy = courtesy;
    }

    static FileSlice of(byte[] content, String type, Courtesy courtesy) {
        return new FileSlice(() -> new ByteArrayInputStream(content), content.length, type, courtesy);
    }

    static FileSlice of(Path file, long from, long length, String type, Courtesy courtesy) {
        return new FileSlice(
                () -> {
                    var content = Files.newInputStream(file, LinkOption.NOFOLLOW_LINKS);
                    content.skipNBytes(from);
                    return content;
                },
                length,
                type,
                courtesy);
    }

    @Override
    public void writeTo(OutputStream out) throws IOException {
        try (var content = opened()) {
            var block = new byte[courtesy.block()];
            for (long left = length; left > 0; ) {
                var read = read(content, block, (int) Math.min(block.length, left));
                courtesy.before(read);
                out.write(block, 0, read);
                left -= read;
            }
        }
    }

    private InputStream opened() throws FolderException {
        try {
            return source.open();
        } catch (IOException unreadable) {
            throw new FolderException(unreadable);
        }
    }

    private static int read(InputStream content, byte[] block, int most) throws FolderException {
        try {
            var read = content.read(block, 0, most);
            if (read < 0) {
                throw FileException.changedHere();
            }
            return read;
        } catch (IOException unreadable) {
            throw new FolderException(unreadable);
        }
    }

    @Override
    public boolean isRepeatable() {
        return true;
    }

    @Override
    public long getContentLength() {
        return length;
    }

    @Override
    public InputStream getContent() throws IOException {
        return source.open();
    }

    @Override
    public boolean isStreaming() {
        return false;
    }

    @Override
    public void close() {}
}
