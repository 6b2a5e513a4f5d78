package com.centrovision.sync.cloud.storage;

import com.centrovision.sync.cloud.CloudException;
import com.centrovision.sync.cloud.CloudKey;
import com.centrovision.sync.cloud.CloudNotAskedException;
import com.centrovision.sync.cloud.CloudReason;
import com.centrovision.sync.cloud.CloudUnavailableException;
import com.centrovision.sync.cloud.line.Calls;
import com.centrovision.sync.cloud.line.Connections;
import com.centrovision.sync.cloud.line.Line;
import com.centrovision.sync.cloud.line.Patience;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.HttpClientBuilder;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManager;
import org.apache.hc.core5.http.ClassicHttpRequest;
import org.apache.hc.core5.http.io.HttpClientResponseHandler;
import org.apache.hc.core5.io.CloseMode;
import org.apache.hc.core5.util.TimeValue;

/**
 * Connections to the storage, apart from those of the rows: a slow or broken storage tells nothing about the rows' line,
 * and takes none of its connections. Threads share it.
 */
final class StorageHttp implements AutoCloseable {
    private static final Patience PATIENCE = new Patience(Duration.ofSeconds(8), Duration.ofSeconds(60));
    private static final TimeValue IDLE = TimeValue.ofSeconds(35);

    private final Calls calls = new Calls(new Line(System::nanoTime));
    private final StorageRefusals refusals = new StorageRefusals(System::nanoTime);
    private final PoolingHttpClientConnectionManager connections;
    private final CloseableHttpClient client;

    StorageHttp(URI address, String key) {
        this.connections = Connections.of(calls);
        this.client = new CloudKey(address, key)
                .in(HttpClientBuilder.create())
                .disableContentCompression()
                .setConnectionManager(connections)
                .addExecInterceptorFirst("storage-watch", new StorageWatch(calls, PATIENCE))
                .build();
    }

    /** What the answer comes to; whatever else happens is a {@link CloudException}, or the caller's own failure. */
    <T> T ask(ClassicHttpRequest request, HttpClientResponseHandler<T> handler) throws IOException {
        refusals.requireNoQuiet();
        connections.closeIdle(IDLE);
        try {
            var answer = client.execute(request, response -> {
                refusals.check(response);
                return handler.handleResponse(response);
            });
            refusals.answered();
            return answer;
        } catch (CloudNotAskedException closed) {
            throw closed;
        } catch (CloudUnavailableException silence) {
            if (silence.reason() == CloudReason.DEGRADED) {
                refusals.troubled();
            } else {
                refusals.unanswered();
            }
            throw silence;
        } catch (CloudException known) {
            throw known;
        } catch (FolderException ours) {
            throw ours;
        } catch (IOException cut) {
            refusals.unanswered();
            throw new CloudUnavailableException(CloudReason.NO_NETWORK, "the storage could not be reached", cut);
        }
    }

    @Override
    public void close() throws IOException {
        client.close();
        calls.close();
        connections.close(CloseMode.GRACEFUL);
    }
}
