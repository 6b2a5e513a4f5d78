package com.centrovision.sync.bench;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Carries TCP connections to a port of this machine as a clinic's line does: every byte arrives half a round trip
 * later and in order, all connections share the rate, and a new connection costs a round trip before its first byte.
 */
final class DelayedLine implements AutoCloseable {
    private static final int BACKLOG = 128;

    private final int target;
    private final ServerSocket listener;
    private final Wire toCloud = new Wire();
    private final Wire toClinic = new Wire();
    private final Traffic traffic = new Traffic();
    private final Set<LineConnection> connections = ConcurrentHashMap.newKeySet();
    private volatile LineShape shape;

    DelayedLine(int target, LineShape shape) throws IOException {
        this.target = target;
        this.shape = shape;
        this.listener = new ServerSocket(0, BACKLOG, InetAddress.getLoopbackAddress());
        var thread = new Thread(this::accept, "line");
        thread.setDaemon(true);
        thread.start();
    }

    int port() {
        return listener.getLocalPort();
    }

    /** From the next byte on. */
    void become(LineShape next) {
        shape = next;
    }

    LineShape shape() {
        return shape;
    }

    Traffic traffic() {
        return traffic;
    }

    /** Forgets what went over it. */
    void clear() {
        traffic.clear();
    }

    /** Whether a request whose first line holds this text has left the clinic. */
    boolean asked(String text) {
        return traffic.asked(text);
    }

    Wire toCloud() {
        return toCloud;
    }

    Wire toClinic() {
        return toClinic;
    }

    private void accept() {
        while (!listener.isClosed()) {
            try {
                var connection = new LineConnection(
                        this, listener.accept(), new Socket(InetAddress.getLoopbackAddress(), target));
                connections.add(connection);
                connection.start(() -> connections.remove(connection));
            } catch (IOException closed) {
                continue;
            }
        }
    }

    @Override
    public void close() throws IOException {
        listener.close();
        connections.forEach(LineConnection::cut);
    }
}
