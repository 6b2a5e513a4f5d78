package com.centrovision.sync.demo;

import com.centrovision.sync.demo.storage.LabStorage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadFactory;

/**
 * The front door of the lab's cloud: keys, health, {@code /rest/v1} and {@code /storage/v1} as Supabase has them, and the faults it is told
 * to show. Each connection has a thread; every method may be called from any thread.
 */
public final class Gateway implements AutoCloseable {
    private static final Duration REOPEN_TIMEOUT = Duration.ofSeconds(10);
    private static final int BACKLOG = 128;

    private final int port = FreePorts.next();
    private final Set<GatewayConnection> connections = ConcurrentHashMap.newKeySet();
    private final ActiveFaults faults = new ActiveFaults();
    private final RequestLog log = new RequestLog();
    private final ExecutorService threads = Executors.newCachedThreadPool(daemons());
    private final CloudKeys keys;
    private final int postgrestPort;
    private final LabStorage storage;
    private ServerSocket listener;

    private Gateway(int postgrestPort, CloudKeys keys, LabStorage storage) {
        this.postgrestPort = postgrestPort;
        this.storage = storage;
        this.keys = keys;
    }

    static Gateway start(int postgrestPort, CloudKeys keys, LabStorage storage)
            throws IOException, InterruptedException {
        var gateway = new Gateway(postgrestPort, keys, storage);
        gateway.listen();
        return gateway;
    }

    public String url() {
        return "http://127.0.0.1:" + port;
    }

    /** Adds a fault to those that hold; it ends by its own count or by {@link #heal()}. */
    public synchronized void fault(Fault fault) {
        faults.add(fault);
        if (fault.effect() instanceof Effect.Refusal) {
            stopListening();
            connections.forEach(GatewayConnection::reset);
        }
    }

    /** Ends all faults; connections that hang are reset, those that wait go on, and the door is open again. */
    public synchronized void heal() {
        faults.clear();
        try {
            if (listener.isClosed() && !threads.isShutdown()) {
                listen();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** How many requests wait now because of {@link Fault#holdRequest()} or {@link Fault#holdAnswer()}. */
    public int held() {
        return faults.held();
    }

    /** How many requests have met a fault since the beginning. */
    public int met() {
        return faults.met();
    }

    /** The requests since the log was last cleared, at most the newest 100,000. */
    public List<GatewayRequest> requests() {
        return log.requests();
    }

    public long count(String method, String pathPrefix) {
        return log.requests().stream()
                .filter(request ->
                        request.method().equals(method) && request.path().startsWith(pathPrefix))
                .count();
    }

    /** Bytes of bodies sent to clients since the log was last cleared, as they went over the line. */
    public long bytesOut() {
        return log.bytesOut();
    }

    public void clearLog() {
        log.clear();
    }

    @Override
    public synchronized void close() {
        stopListening();
        connections.forEach(GatewayConnection::reset);
        threads.shutdownNow();
    }

    private void listen() throws IOException, InterruptedException {
        long deadline = System.nanoTime() + REOPEN_TIMEOUT.toNanos();
        while (true) {
            var socket = new ServerSocket();
            try {
                socket.setReuseAddress(true);
                socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), BACKLOG);
                listener = socket;
                threads.execute(() -> accept(socket));
                return;
            } catch (IOException e) {
                socket.close();
                if (System.nanoTime() > deadline) {
                    throw e;
                }
                Thread.sleep(20);
            }
        }
    }

    private void accept(ServerSocket socket) {
        while (!socket.isClosed()) {
            try {
                serve(socket.accept());
            } catch (IOException e) {
                if (!socket.isClosed()) {
                    throw new UncheckedIOException(e);
                }
            }
        }
    }

    private synchronized void serve(Socket client) throws IOException {
        if (listener.isClosed()) {
            client.close();
            return;
        }
        var connection = new GatewayConnection(client, new Upstream(postgrestPort, keys), storage, keys, faults, log);
        connections.add(connection);
        threads.execute(() -> {
            try {
                connection.run();
            } finally {
                connections.remove(connection);
            }
        });
    }

    private void stopListening() {
        try {
            listener.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static ThreadFactory daemons() {
        return task -> {
            var thread = new Thread(task, "lab-gateway");
            thread.setDaemon(true);
            return thread;
        };
    }
}
