package com.centrovision.sync.demo;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.ArrayList;
import java.util.Optional;

/** Carries one request at a time to PostgREST, on a new connection each, and hands out its answer. */
final class Upstream {
    private static final int CONNECT_TIMEOUT_MILLIS = 5_000;
    private static final int ANSWER_TIMEOUT_MILLIS = 120_000;

    private final int port;
    private final CloudKeys keys;

    Upstream(int port, CloudKeys keys) {
        this.port = port;
        this.keys = keys;
    }

    /** An answer of PostgREST; its body is read from the connection that closing it ends. */
    record Answer(HttpHead head, InputStream body, Socket socket) implements AutoCloseable {
        int status() {
            return Integer.parseInt(head.word(1));
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }

    Answer send(HttpHead request, InputStream body) throws IOException {
        var socket = new Socket();
        try {
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), CONNECT_TIMEOUT_MILLIS);
            socket.setSoTimeout(ANSWER_TIMEOUT_MILLIS);
            socket.setTcpNoDelay(true);
            write(request, body, socket);
            var in = new BufferedInputStream(socket.getInputStream());
            var head = HttpHead.read(in).orElseThrow(EOFException::new);
            while (head.word(1).startsWith("1")) {
                head = HttpHead.read(in).orElseThrow(EOFException::new);
            }
            return new Answer(head, HttpBody.ofAnswer(head, in), socket);
        } catch (IOException | RuntimeException e) {
            socket.close();
            throw e;
        }
    }

    private void write(HttpHead request, InputStream body, Socket socket) throws IOException {
        var headers =
                new ArrayList<>(request.forwardable("Host", "Expect", "Accept-Encoding", "apikey", "Authorization"));
        headers.add(new HttpHead.Header("Host", "127.0.0.1:" + port));
        headers.add(new HttpHead.Header("Connection", "close"));
        authorization(request).ifPresent(value -> headers.add(new HttpHead.Header("Authorization", value)));
        boolean chunked = request.says("Transfer-Encoding", "chunked");
        if (chunked) {
            headers.add(new HttpHead.Header("Transfer-Encoding", "chunked"));
        }
        var path = request.word(1).substring("/rest/v1".length());
        var firstLine = request.word(0) + " " + (path.startsWith("/") ? path : "/" + path) + " HTTP/1.1";
        var out = new BufferedOutputStream(socket.getOutputStream(), 16 * 1024);
        out.write(new HttpHead(firstLine, headers).bytes());
        if (chunked) {
            try (var chunks = new HttpBody.ChunkedOutput(out)) {
                body.transferTo(chunks);
            }
        } else {
            body.transferTo(out);
        }
        out.flush();
    }

    private Optional<String> authorization(HttpHead request) {
        var apikey = request.header("apikey").orElse("");
        var authorization = request.header("Authorization");
        if (authorization.isEmpty() || authorization.get().equals("Bearer " + apikey)) {
            var token = keys.opaque(apikey).map(key -> "Bearer " + key);
            return token.isPresent() ? token : authorization;
        }
        return authorization;
    }
}
