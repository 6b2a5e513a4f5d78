package com.centrovision.sync.cloud;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.time.Instant;
import java.util.Optional;
import javax.net.ssl.SSLException;
import org.apache.hc.client5.http.classic.ExecChain;
import org.apache.hc.client5.http.classic.ExecChainHandler;
import org.apache.hc.client5.http.utils.DateUtils;
import org.apache.hc.core5.http.ClassicHttpRequest;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.HttpHeaders;

/**
 * Stands around every request to the cloud: tells its refusals, its outages and the pages of others apart, bounds
 * answers in size and time, and keeps the cloud's clock. Threads share it.
 */
final class CloudGuard implements ExecChainHandler {
    private static final int ERROR_BYTES = 65_536;

    private final ObjectMapper json = new ObjectMapper();
    private final CloudClock clock;
    private final CloudListener listener;
    private final QuietTime quiet;

    CloudGuard(CloudClock clock, CloudListener listener) {
        this.clock = clock;
        this.listener = listener;
        this.quiet = new QuietTime(clock.clinicClock());
    }

    @Override
    public ClassicHttpResponse execute(ClassicHttpRequest request, ExecChain.Scope scope, ExecChain chain)
            throws IOException, HttpException {
        if (quiet.holds()) {
            listener.unavailable(CloudReason.DEGRADED);
            throw new CloudNotAskedException(CloudReason.DEGRADED);
        }
        var askedAt = clock.clinicClock().instant();
        ClassicHttpResponse response;
        try {
            response = chain.proceed(request, scope);
        } catch (IOException failure) {
            throw unavailable(reason(failure), "the cloud could not be reached", failure);
        }
        try {
            check(response, request.getPath().contains("/rest/v1/rpc/"), askedAt);
        } catch (IOException refusal) {
            response.close();
            throw refusal;
        }
        return response;
    }

    private void check(ClassicHttpResponse response, boolean isCall, Instant askedAt) throws IOException {
        var status = response.getCode();
        var body = response.getEntity();
        var isJson = body != null
                && Optional.ofNullable(body.getContentType()).orElse("").contains("json");
        var isEmpty = body == null || body.getContentLength() == 0;
        if (status < 300) {
            if (!isJson && !isEmpty) {
                throw unavailable(CloudReason.CAPTIVE_PORTAL, "something else answered for the cloud", null);
            }
            learnClock(response, askedAt);
            if (body != null) {
                response.setEntity(new BoundedEntity(
                        body, failure -> unavailable(reason(failure), "the answer broke off", failure)));
            }
            answered();
            return;
        }
        if (status < 400) {
            throw unavailable(CloudReason.CAPTIVE_PORTAL, "something sent the request elsewhere", null);
        }
        if (status == 429 || status == 503) {
            quiet.learn(response.getFirstHeader(HttpHeaders.RETRY_AFTER), clock.now());
        }
        var code = isJson ? errorCode(response) : Optional.<String>empty();
        if (status == 402 || status == 540) {
            throw unavailable(CloudReason.PAUSED, "the project is paused or over its quota", null);
        }
        if (status == 401 || (status == 403 && code.isEmpty())) {
            listener.unauthorized();
            throw new CloudUnauthorizedException(status);
        }
        if (status == 429
                || code.isEmpty() && status >= 500
                || code.filter(CloudGuard::isLostDatabase).isPresent()) {
            throw unavailable(CloudReason.DEGRADED, "the cloud is busy or broken (HTTP " + status + ")", null);
        }
        if (!isJson && !isEmpty) {
            throw unavailable(
                    CloudReason.CAPTIVE_PORTAL, "something else answered for the cloud (HTTP " + status + ")", null);
        }
        learnClock(response, askedAt);
        answered();
        throw isCall && code.filter(CloudGuard::isNoFunction).isPresent()
                ? new CloudFunctionGoneException(status, code.get())
                : new CloudRefusedException(status, code.orElse("HTTP" + status));
    }

    /** An answer that was under way when the cloud asked for quiet does not end it. */
    private void answered() {
        if (!quiet.holds()) {
            listener.answered();
        }
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
        var date = DateUtils.parseStandardDate(response, HttpHeaders.DATE);
        if (date != null) {
            clock.learn(date, askedAt);
        }
    }

    private CloudUnavailableException unavailable(CloudReason reason, String message, Throwable cause) {
        listener.unavailable(reason);
        return new CloudUnavailableException(reason, message, cause);
    }

    private static CloudReason reason(IOException failure) {
        if (failure instanceof UnknownHostException) {
            return CloudReason.NO_ADDRESS;
        } else if (failure instanceof SSLException) {
            return CloudReason.TLS;
        } else if (failure instanceof SocketTimeoutException) {
            return CloudReason.TIMEOUT;
        } else if (failure instanceof ConnectException || failure instanceof NoRouteToHostException) {
            return CloudReason.NO_NETWORK;
        }
        return CloudReason.DEGRADED;
    }
}
