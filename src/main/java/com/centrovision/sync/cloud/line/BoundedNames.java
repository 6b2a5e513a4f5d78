package com.centrovision.sync.cloud.line;

import java.net.InetAddress;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.hc.client5.http.SystemDefaultDnsResolver;

/**
 * The system's names, asked for in a thread of their own: Java's resolver cannot be told to give up. Who asks for a name
 * that is being asked for already waits for the same answer. Threads share it.
 */
final class BoundedNames extends SystemDefaultDnsResolver {
    private final Calls calls;
    private final Map<String, CompletableFuture<InetAddress[]>> asked = new ConcurrentHashMap<>();

    BoundedNames(Calls calls) {
        this.calls = calls;
    }

    @Override
    public InetAddress[] resolve(String host) throws UnknownHostException {
        try {
            var left = calls.leftToConnect();
            return asked.computeIfAbsent(host, this::ask).get(left.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException | SocketTimeoutException silent) {
            throw unknown(host, silent);
        } catch (ExecutionException failure) {
            throw unknown(host, failure);
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw unknown(host, stopped);
        }
    }

    private CompletableFuture<InetAddress[]> ask(String host) {
        var answer = new CompletableFuture<InetAddress[]>();
        var thread = new Thread(
                () -> {
                    try {
                        answer.complete(super.resolve(host));
                    } catch (UnknownHostException failure) {
                        answer.completeExceptionally(failure);
                    } finally {
                        asked.remove(host);
                    }
                },
                "cloud-name");
        thread.setDaemon(true);
        thread.start();
        return answer;
    }

    private static UnknownHostException unknown(String host, Exception cause) {
        var unknown = new UnknownHostException(host);
        unknown.initCause(cause);
        return unknown;
    }
}
