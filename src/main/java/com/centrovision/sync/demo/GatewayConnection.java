package com.centrovision.sync.demo;

import com.centrovision.sync.demo.ActiveFaults.Effects;
import com.centrovision.sync.demo.HttpHead.Header;
import com.centrovision.sync.demo.storage.LabStorage;
import com.centrovision.sync.demo.storage.StorageRequest;
import java.io.BufferedInputStream;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** One client's connection: reads its requests one after the other and answers them, as well as the faults allow. */
final class GatewayConnection {
    private static final int LOOK_MILLIS = 10;
    private static final String JSON = "application/json; charset=utf-8";
    private static final String NO_KEY =
            """
            {"message":"No API key found in request","hint":"No `apikey` request header or url param was found."}""";
    private static final String WRONG_KEY =
            """
            {"message":"Invalid API key","hint":"Double check your Supabase `anon` or `service_role` API key."}""";
    private static final String HEALTH =
            """
            {"version":"v2.180.0","name":"GoTrue","description":"GoTrue is a user registration and authentication API"}""";
    private static final String LOGIN_PAGE =
            """
            <!doctype html><html lang="es"><head><title>Bienvenido</title></head>
            <body><form action="/login"><p>Acepte las condiciones para navegar.</p></form></body></html>""";

    private final Socket client;
    private final Upstream upstream;
    private final LabStorage storage;
    private final CloudKeys keys;
    private final ActiveFaults faults;
    private final RequestLog log;

    GatewayConnection(
            Socket client, Upstream upstream, LabStorage storage, CloudKeys keys, ActiveFaults faults, RequestLog log) {
        this.client = client;
        this.upstream = upstream;
        this.storage = storage;
        this.keys = keys;
        this.faults = faults;
        this.log = log;
    }

    void run() {
        try {
            client.setTcpNoDelay(true);
            var in = new BufferedInputStream(client.getInputStream(), 16 * 1024);
            for (var request = HttpHead.read(in); request.isPresent(); request = HttpHead.read(in)) {
                serve(request.get(), in);
                if (request.get().says("Connection", "close")) {
                    break;
                }
            }
            client.close();
        } catch (IOException | RuntimeException e) {
            reset();
        } catch (InterruptedException e) {
            reset();
            Thread.currentThread().interrupt();
        }
    }

    /** Ends the connection the hard way: the client sees a TCP reset. */
    void reset() {
        try {
            client.setSoLinger(true, 0);
            client.close();
        } catch (IOException alreadyClosed) {
            return;
        }
    }

    private void serve(HttpHead request, InputStream in) throws IOException, InterruptedException {
        var effects = faults.take(request.word(0), request.word(1));
        var line = new ClientLine(client, faults, effects, log);
        var answer = new AnswerWriter(request, client, line, effects, log);
        var delay = effects.find(Effect.Delay.class);
        if (delay.isPresent()) {
            faults.pause(delay.get().duration(), effects);
        }
        if (effects.has(Effect.BlackHole.class)) {
            log.add(GatewayRequest.unanswered(request));
            faults.awaitHealing(effects);
            throw new ClientLine.LineCut();
        }
        if (request.says("Expect", "100-continue")) {
            client.getOutputStream().write("HTTP/1.1 100 Continue\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
        }
        var body = line.input(HttpBody.ofRequest(request, in));
        if (effects.hold(Effect.Hold.Moment.REQUEST)) {
            body = new ByteArrayInputStream(body.readAllBytes());
            faults.hold(effects);
            requireClient(in);
        }
        if (effects.has(Effect.CaptivePortal.class)) {
            discard(body);
            answer.send(200, "text/html; charset=utf-8", LOGIN_PAGE);
            return;
        }
        var status = effects.find(Effect.Status.class);
        if (status.isPresent()) {
            discard(body);
            sendStatus(status.get(), answer);
            return;
        }
        route(request, body, effects, answer);
    }

    /** What waited for a client that has hung up meanwhile is not carried out. */
    private void requireClient(InputStream in) throws IOException {
        in.mark(1);
        client.setSoTimeout(LOOK_MILLIS);
        try {
            if (in.read() < 0) {
                throw new ClientLine.LineCut();
            }
            in.reset();
        } catch (SocketTimeoutException stillThere) {
            in.reset();
        } finally {
            client.setSoTimeout(0);
        }
    }

    private void route(HttpHead request, InputStream body, Effects effects, AnswerWriter answer)
            throws IOException, InterruptedException {
        var path = request.word(1).split("\\?", 2)[0];
        var refusal = refusal(request);
        var isStorage = path.startsWith("/storage/v1/");
        if (!(path + "/").startsWith("/rest/v1/") && !isStorage && !path.equals("/auth/v1/health")) {
            discard(body);
            answer.send(404, JSON, "{\"error\":\"requested path is invalid\"}");
        } else if (refusal.isPresent()) {
            discard(body);
            answer.send(401, JSON, refusal.get());
        } else if (path.equals("/auth/v1/health")) {
            discard(body);
            answer.send(200, JSON, HEALTH);
        } else if (isStorage) {
            store(request, body, effects, answer);
        } else {
            proxy(request, body, effects, answer);
        }
    }

    private void store(HttpHead request, InputStream body, Effects effects, AnswerWriter answer)
            throws IOException, InterruptedException {
        var key = request.header("apikey").orElseThrow();
        var fromStorage = storage.answer(new StorageRequest(
                request.word(0),
                request.word(1).substring("/storage/v1".length()),
                request::header,
                body,
                key.equals(keys.serviceKey()) || key.equals(keys.secretKey())));
        discard(body);
        if (effects.hold(Effect.Hold.Moment.ANSWER)) {
            faults.hold(effects);
        }
        answer.send(fromStorage);
    }

    private void proxy(HttpHead request, InputStream body, Effects effects, AnswerWriter answer)
            throws IOException, InterruptedException {
        Upstream.Answer fromCloud;
        try {
            fromCloud = upstream.send(request, body);
        } catch (ClientLine.LineCut e) {
            throw e;
        } catch (IOException e) {
            answer.send(502, JSON, "{\"message\":\"An invalid response was received from the upstream server\"}");
            throw e;
        }
        try (fromCloud) {
            if (effects.hold(Effect.Hold.Moment.ANSWER)) {
                faults.hold(effects);
            }
            answer.relay(fromCloud);
        }
    }

    private Optional<String> refusal(HttpHead request) {
        var key = request.header("apikey");
        if (key.isEmpty()) {
            return Optional.of(NO_KEY);
        }
        return keys.isKnown(key.get()) ? Optional.empty() : Optional.of(WRONG_KEY);
    }

    private static void sendStatus(Effect.Status status, AnswerWriter answer) throws IOException {
        var message = "{\"message\":\"The lab answers " + status.code() + ", as it was told\"}";
        var body = status.code() == 401 ? WRONG_KEY : message;
        if (status.retryAfter().isPresent()) {
            var seconds = String.valueOf(status.retryAfter().get().toSeconds());
            answer.send(status.code(), JSON, body, new Header("Retry-After", seconds));
        } else {
            answer.send(status.code(), JSON, body);
        }
    }

    private static void discard(InputStream body) throws IOException {
        body.transferTo(OutputStream.nullOutputStream());
    }
}
