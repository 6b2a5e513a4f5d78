package com.centrovision.sync.demo;

import com.centrovision.sync.demo.ActiveFaults.Effects;
import com.centrovision.sync.demo.HttpHead.Header;
import com.centrovision.sync.demo.storage.StorageAnswer;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.zip.GZIPOutputStream;

/** Writes the answer to one request, with the gateway's clock, compressed for those who understand it. */
final class AnswerWriter {
    private static final DateTimeFormatter HTTP_DATE = DateTimeFormatter.ofPattern(
                    "EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.US)
            .withZone(ZoneOffset.UTC);
    private static final int BUFFER_BYTES = 16 * 1024;
    private static final int WORTH_COMPRESSING_BYTES = 256;

    private final HttpHead request;
    private final Socket client;
    private final ClientLine line;
    private final Effects effects;
    private final RequestLog log;

    AnswerWriter(HttpHead request, Socket client, ClientLine line, Effects effects, RequestLog log) {
        this.request = request;
        this.client = client;
        this.line = line;
        this.effects = effects;
        this.log = log;
    }

    /** Sends an answer of the gateway's own. */
    void send(int status, String contentType, String text, Header... more) throws IOException {
        loseIfToldTo();
        var body = text.getBytes(StandardCharsets.UTF_8);
        var headers = new ArrayList<>(List.of(more));
        headers.add(new Header("Content-Type", contentType));
        long promised = line.isToBeCut() ? body.length + 1 : body.length;
        headers.add(new Header("Content-Length", String.valueOf(promised)));
        writeHead("HTTP/1.1 " + status + " " + (status < 400 ? "OK" : "Error"), status, headers);
        if (!isHeadRequest()) {
            line.output().write(body);
            line.beforeEnd();
        }
    }

    /** Sends an answer of the storage; where the line is to be cut, all of it is promised. */
    void send(StorageAnswer answer) throws IOException {
        loseIfToldTo();
        var headers = new ArrayList<Header>();
        answer.headers().forEach((name, value) -> headers.add(new Header(name, value)));
        if (answer.status() != 204) {
            headers.add(new Header("Content-Length", String.valueOf(answer.length())));
        }
        writeHead("HTTP/1.1 " + answer.status() + (answer.status() < 400 ? " OK" : " Error"), answer.status(), headers);
        try (var body = answer.body()) {
            if (!isHeadRequest()) {
                body.transferTo(line.output());
                line.beforeEnd();
            }
        }
    }

    /** Sends on an answer of PostgREST, byte by byte as it comes. */
    void relay(Upstream.Answer answer) throws IOException {
        loseIfToldTo();
        var head = answer.head();
        if (isHeadRequest() || answer.status() == 204 || answer.status() == 304) {
            if (line.isToBeCut()) {
                throw new ClientLine.LineCut();
            }
            writeHead(head.firstLine(), answer.status(), head.forwardable("Date"));
            return;
        }
        long length = head.header("Content-Length").map(Long::parseLong).orElse(Long.MAX_VALUE);
        boolean compressed = request.says("Accept-Encoding", "gzip")
                && head.header("Content-Encoding").isEmpty()
                && length >= WORTH_COMPRESSING_BYTES;
        boolean chunked = compressed || line.isToBeCut() || length == Long.MAX_VALUE;
        var headers = new ArrayList<>(head.forwardable("Date", chunked ? "Content-Length" : ""));
        if (compressed) {
            headers.add(new Header("Content-Encoding", "gzip"));
            headers.add(new Header("Vary", "Accept-Encoding"));
        }
        if (chunked) {
            headers.add(new Header("Transfer-Encoding", "chunked"));
        }
        writeHead(head.firstLine(), answer.status(), headers);
        writeBody(answer.body(), chunked, compressed);
    }

    private void loseIfToldTo() throws IOException {
        if (effects.has(Effect.LostAnswer.class)) {
            log.add(GatewayRequest.unanswered(request));
            throw new ClientLine.LineCut();
        }
    }

    private void writeBody(InputStream body, boolean chunked, boolean compressed) throws IOException {
        var buffer = new BufferedOutputStream(line.output(), BUFFER_BYTES);
        var framed = chunked ? new HttpBody.ChunkedOutput(buffer) : buffer;
        if (compressed) {
            var gzip = new GZIPOutputStream(framed, BUFFER_BYTES);
            body.transferTo(gzip);
            gzip.finish();
        } else {
            body.transferTo(framed);
        }
        buffer.flush();
        line.beforeEnd();
        if (chunked) {
            framed.close();
        }
    }

    private void writeHead(String firstLine, int status, List<Header> headers) throws IOException {
        line.waitIfSilent();
        var all = new ArrayList<>(headers);
        var offset = effects.find(Effect.WrongDate.class)
                .map(Effect.WrongDate::offset)
                .orElse(Duration.ZERO);
        all.add(new Header("Date", HTTP_DATE.format(Instant.now().plus(offset))));
        log.add(new GatewayRequest(request.word(0), request.word(1), status));
        OutputStream out = client.getOutputStream();
        out.write(new HttpHead(firstLine, all).bytes());
    }

    private boolean isHeadRequest() {
        return request.word(0).equals("HEAD");
    }
}
