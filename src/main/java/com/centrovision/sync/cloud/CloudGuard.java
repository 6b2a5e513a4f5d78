package com.centrovision.sync.cloud;

import com.centrovision.sync.cloud.line.Call;
import com.centrovision.sync.cloud.line.Calls;
import com.centrovision.sync.cloud.line.Line;
import com.centrovision.sync.cloud.line.Patience;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.regex.Pattern;
import org.apache.hc.client5.http.classic.ExecChain;
import org.apache.hc.client5.http.classic.ExecChainHandler;
import org.apache.hc.core5.http.ClassicHttpRequest;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.HttpEntity;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.HttpHeaders;
import org.apache.hc.core5.http.io.entity.HttpEntityWrapper;
import org.apache.hc.core5.http.io.entity.InputStreamEntity;
import org.apache.hc.core5.io.Closer;

/**
 * Stands around every request to the cloud: tells its refusals, its outages and the pages of others apart, bounds
 * answers in size and time, and keeps the cloud's clock. Threads share it.
 */
final class CloudGuard implements ExecChainHandler {
    private static final int ERROR_BYTES = 65_536;
    private static final long WEIGHTY_BYTES = 16_384;
    private static final long MOST_BYTES = 32L << 20;

    /** Many tables' pages may be in memory at once; one of several rows can be asked for in smaller ones. */
    private static final long MOST_PAGE_BYTES = 8L << 20;

    private static final Pattern PAGE = Pattern.compile("[?&]limit=(?!1(?:&|$))");

    private final ObjectMapper json = new ObjectMapper();
    private final CloudClock clock;
    private final CloudListener listener;
    private final Line line;
    private final Calls calls;
    private final Patience usual;
    private final AnswerBuffers buffers = new AnswerBuffers();
    private final QuietTime quiet = new QuietTime(System::nanoTime);

    CloudGuard(CloudClock clock, CloudListener listener, Line line, Calls calls, Patience usual) {
        this.clock = clock;
        this.listener = listener;
        this.line = line;
        this.calls = calls;
        this.usual = usual;
    }

    boolean isSlow() {
        return line.speed().isSlow();
    }

    @Override
    public ClassicHttpResponse execute(ClassicHttpRequest request, ExecChain.Scope scope, ExecChain chain)
            throws IOException, HttpException {
        var call = calls.begin(Patience.of(scope.clientContext, usual), scope.execRuntime::discardEndpoint);
        if (quiet.holds()) {
            listener.heard(CloudReason.DEGRADED, call.askedAt());
            throw new CloudNotAskedException(CloudReason.DEGRADED);
        }
        if (line.width().isWide()) {
            request.setHeader(HttpHeaders.ACCEPT_ENCODING, "identity");
        }
        var askedAt = clock.clinicClock().instant();
        ClassicHttpResponse response;
        calls.waits(call);
        try {
            response = chain.proceed(request, scope);
        } catch (IOException | HttpException failure) {
            throw unavailable(call, reason(call, failure), "the cloud could not be reached", failure);
        } catch (IllegalStateException closed) {
            throw new CloudNotAskedException(CloudReason.NO_NETWORK); // The service stops: its connections are closed.
        } finally {
            calls.goesOn(call);
        }
        line.width().answered(Duration.ofNanos(line.now() - call.askedAt()));
        measureSending(call);
        try {
            check(response, call, request, askedAt);
        } catch (AnswerBrokeOffException | AnswerTooLargeException brokenOff) {
            scope.execRuntime.discardEndpoint(); // Closing the answer would read the rest of it.
            throw brokenOff;
        } catch (IOException refusal) {
            Closer.closeQuietly(response);
            throw refusal;
        }
        return response;
    }

    private static boolean isFunction(ClassicHttpRequest request) {
        return request.getPath().contains("/rest/v1/rpc/");
    }

    private void measureSending(Call call) {
        if (call.sent() >= WEIGHTY_BYTES) {
            line.speed().measured(call.sent(), Duration.ofNanos(line.now() - call.askedAt()));
        }
    }

    private static long mostBytes(ClassicHttpRequest request) {
        return PAGE.matcher(request.getPath()).find() ? MOST_PAGE_BYTES : MOST_BYTES;
    }

    private void check(ClassicHttpResponse response, Call call, ClassicHttpRequest request, Instant askedAt)
            throws IOException {
        var status = response.getCode();
        var body = response.getEntity();
        var isJson = body != null
                && Optional.ofNullable(body.getContentType()).orElse("").contains("json");
        var isEmpty = body == null || body.getContentLength() == 0;
        if (status < 300) {
            if (!isJson && !isEmpty) {
                throw unavailable(call, CloudReason.CAPTIVE_PORTAL, "something else answered for the cloud", null);
            }
            learnClock(response, askedAt);
            answered(call);
            if (body != null) {
                response.setEntity(whole(body, call, mostBytes(request)));
            }
            return;
        }
        if (status < 400) {
            throw unavailable(call, CloudReason.CAPTIVE_PORTAL, "something sent the request elsewhere", null);
        }
        if (status == 429 || status == 503) {
            quiet.learn(response.getFirstHeader(HttpHeaders.RETRY_AFTER), clock.now());
        }
        var code = isJson ? errorCode(response) : Optional.<String>empty();
        if (status == 407 || status == 511 || status < 500 && status != 402 && status != 429 && !isJson && !isEmpty) {
            throw unavailable(
                    call,
                    CloudReason.CAPTIVE_PORTAL,
                    "something else answered for the cloud (HTTP " + status + ")",
                    null);
        }
        if (status == 402) {
            throw unavailable(call, CloudReason.OVER_QUOTA, "the project is over its quota", null);
        }
        if (status == 540) {
            throw unavailable(call, CloudReason.PAUSED, "the project is paused", null);
        }
        if (status == 401 || (status == 403 && code.isEmpty())) {
            listener.heard(CloudReason.UNAUTHORIZED, call.askedAt());
            throw new CloudUnauthorizedException(status);
        }
        if (status == 429
                || code.isEmpty() && status >= 500
                || code.filter(CloudGuard::isLostDatabase).isPresent()) {
            throw unavailable(call, CloudReason.DEGRADED, "the cloud is busy or broken (HTTP " + status + ")", null);
        }
        learnClock(response, askedAt);
        answered(call);
        throw isFunction(request) && code.filter(CloudGuard::isNoFunction).isPresent()
                ? new CloudFunctionGoneException(status, code.get())
                : new CloudRefusedException(status, code.orElse("HTTP" + status));
    }

    /** Read here, and told not to be a stream: Camel takes what is one into buffers of its own. */
    private HttpEntity whole(HttpEntity body, Call call, long mostBytes) throws IOException {
        var content =
                new BoundedBody(body.getContent(), mostBytes, line, calls, call, failure -> brokeOff(call, failure));
        var answer = buffers.read(content);
        content.close(); // A decompressed answer ends before the one that holds its connection does.
        var entity = new InputStreamEntity(answer, answer.length(), ContentType.parse(body.getContentType()));
        return new HttpEntityWrapper(entity) {
            @Override
            public boolean isStreaming() {
                return false;
            }
        };
    }

    /** An answer that was under way when the cloud asked for quiet does not end it. */
    private void answered(Call call) {
        if (!quiet.holds()) {
            listener.heard(isSlow() ? CloudReason.SLOW : CloudReason.OK, call.askedAt());
        }
    }

    private IOException brokeOff(Call call, IOException failure) {
        var reason = reason(call, failure);
        listener.heard(reason, call.askedAt());
        return new AnswerBrokeOffException(reason, failure);
    }

    private static CloudReason reason(Call call, Exception failure) {
        return call.isCut() ? CloudReason.TIMEOUT : Outage.of(failure);
    }

    /** PostgREST lost its own database, has not read its schema yet, or the database lets nobody in: no row's fault. */
    private static boolean isLostDatabase(String code) {
        return code.matches("PGRST00[0-3]|08...|57P0[1-5]|53300");
    }

    /** The API knows no such function, the database has none any more, or the key may not call it. */
    private static boolean isNoFunction(String code) {
        return code.matches("PGRST202|42883|42501");
    }

    private Optional<String> errorCode(ClassicHttpResponse response) throws IOException {
        try (var content = response.getEntity().getContent()) {
            var code =
                    json.readTree(content.readNBytes(ERROR_BYTES)).path("code").asText("");
            return Optional.of(code).filter(text -> text.matches("[A-Z0-9]{5,9}"));
        } catch (JsonProcessingException notJson) {
            return Optional.empty();
        }
    }

    private void learnClock(ClassicHttpResponse response, Instant askedAt) {
        var date = response.getFirstHeader(HttpHeaders.DATE);
        if (date != null) {
            clock.told(date.getValue()).ifPresent(told -> clock.learn(told, askedAt));
        }
    }

    private CloudUnavailableException unavailable(Call call, CloudReason reason, String message, Throwable cause) {
        listener.heard(reason, call.askedAt());
        return new CloudUnavailableException(reason, message, cause);
    }
}
