package com.centrovision.sync.demo;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** The first line and the headers of an HTTP/1.1 request or answer. */
record HttpHead(String firstLine, List<Header> headers) {
    private static final int MAX_BYTES = 256 * 1024;
    private static final Set<String> HOP_BY_HOP =
            Set.of("connection", "keep-alive", "proxy-connection", "te", "trailer", "transfer-encoding", "upgrade");

    record Header(String name, String value) {
        boolean is(String other) {
            return name.equalsIgnoreCase(other);
        }
    }

    /** The next head; empty when the other side has closed the connection. */
    static Optional<HttpHead> read(InputStream in) throws IOException {
        var firstLine = readLine(in);
        if (firstLine.isEmpty()) {
            return Optional.empty();
        }
        var headers = new ArrayList<Header>();
        for (var line = requireLine(in); !line.isEmpty(); line = requireLine(in)) {
            int colon = line.indexOf(':');
            if (colon < 1) {
                throw new IOException("not a header");
            }
            headers.add(new Header(
                    line.substring(0, colon).strip(), line.substring(colon + 1).strip()));
        }
        return Optional.of(new HttpHead(firstLine.get(), headers));
    }

    String word(int index) {
        return firstLine.split(" ", 3)[index];
    }

    Optional<String> header(String name) {
        return headers.stream()
                .filter(header -> header.is(name))
                .map(Header::value)
                .findFirst();
    }

    boolean says(String name, String token) {
        return header(name)
                .map(value -> value.toLowerCase(Locale.ROOT).contains(token))
                .orElse(false);
    }

    /** The headers meant for the far end, less those named. */
    List<Header> forwardable(String... without) {
        return headers.stream()
                .filter(header -> !HOP_BY_HOP.contains(header.name().toLowerCase(Locale.ROOT)))
                .filter(header -> Set.of(without).stream().noneMatch(header::is))
                .toList();
    }

    byte[] bytes() {
        var text = new StringBuilder(firstLine).append("\r\n");
        headers.forEach(header ->
                text.append(header.name()).append(": ").append(header.value()).append("\r\n"));
        return text.append("\r\n").toString().getBytes(StandardCharsets.ISO_8859_1);
    }

    static String requireLine(InputStream in) throws IOException {
        return readLine(in).orElseThrow(EOFException::new);
    }

    private static Optional<String> readLine(InputStream in) throws IOException {
        var line = new ByteArrayOutputStream(128);
        for (int next = in.read(); next != '\n'; next = in.read()) {
            if (next < 0) {
                if (line.size() == 0) {
                    return Optional.empty();
                }
                throw new EOFException();
            }
            if (line.size() > MAX_BYTES) {
                throw new IOException("header too long");
            }
            line.write(next);
        }
        var text = line.toString(StandardCharsets.ISO_8859_1);
        return Optional.of(text.endsWith("\r") ? text.substring(0, text.length() - 1) : text);
    }
}
