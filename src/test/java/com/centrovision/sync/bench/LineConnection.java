package com.centrovision.sync.bench;

import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Queue;
import java.util.concurrent.locks.LockSupport;

/** One connection of a {@link DelayedLine}: a thread that takes and a thread that delivers, for each direction. */
final class LineConnection {
    private static final int PIECE_BYTES = 16 * 1024;

    /** What one connection may have under way, as its receiver's window: enough to fill a clinic's line alone. */
    private static final int WINDOW_BYTES = 384 * 1024;

    private final DelayedLine line;
    private final Socket client;
    private final Socket server;
    private final long openAt;
    private boolean waits;
    private boolean changes;
    private int lanesLeft = 2;

    /** Nothing in it: the end of the stream. */
    private record Piece(byte[] bytes, long dueAt) {}

    LineConnection(DelayedLine line, Socket client, Socket server) throws IOException {
        this.line = line;
        this.client = client;
        this.server = server;
        this.openAt = System.nanoTime() + line.shape().roundTrip().toNanos();
        client.setTcpNoDelay(true);
        server.setTcpNoDelay(true);
    }

    void start(Runnable whenOver) {
        var up = new Lane(client, server, line.toCloud(), true);
        var down = new Lane(server, client, line.toClinic(), false);
        up.start(whenOver);
        down.start(whenOver);
    }

    void cut() {
        close(client);
        close(server);
    }

    private synchronized void notes(byte[] bytes, boolean isUp) {
        line.traffic().add(bytes.length);
        if (isUp && !waits) {
            changes = line.traffic().asks(bytes);
        } else if (!isUp && waits) {
            isAnswered();
        }
        waits = isUp;
    }

    private void isAnswered() {
        if (changes) {
            line.traffic().isChanged();
        }
    }

    private synchronized void laneEnds(Runnable whenOver) {
        lanesLeft--;
        if (lanesLeft > 0) {
            return;
        }
        if (waits) {
            isAnswered();
            waits = false;
        }
        cut();
        whenOver.run();
    }

    private static void close(Socket socket) {
        try {
            socket.close();
        } catch (IOException alreadyClosed) {
            return;
        }
    }

    private final class Lane {
        private final Socket from;
        private final Socket to;
        private final Wire wire;
        private final boolean isUp;
        private final Queue<Piece> underWay = new ArrayDeque<>();
        private int bytesUnderWay;
        private boolean isOver;

        Lane(Socket from, Socket to, Wire wire, boolean isUp) {
            this.from = from;
            this.to = to;
            this.wire = wire;
            this.isUp = isUp;
        }

        void start(Runnable whenOver) {
            inBackground(this::take, () -> {});
            inBackground(this::deliver, () -> {
                isOver();
                laneEnds(whenOver);
            });
        }

        private void take() throws IOException, InterruptedException {
            var buffer = new byte[PIECE_BYTES];
            InputStream in = from.getInputStream();
            int count = read(in, buffer);
            while (count >= 0) {
                var bytes = Arrays.copyOf(buffer, count);
                if (isUp) {
                    notes(bytes, true);
                }
                put(bytes);
                count = read(in, buffer);
            }
            put(new byte[0]);
        }

        /** A reset ends the stream like its end does, once what is under way has arrived. */
        private int read(InputStream in, byte[] buffer) {
            try {
                return in.read(buffer);
            } catch (IOException reset) {
                return -1;
            }
        }

        private synchronized void put(byte[] bytes) throws InterruptedException {
            while (!isOver && bytesUnderWay + bytes.length > WINDOW_BYTES) {
                wait();
            }
            bytesUnderWay += bytes.length;
            var shape = line.shape();
            long through = wire.send(bytes.length, shape.bytesPerSecond());
            underWay.add(new Piece(bytes, Math.max(through, openAt) + shape.oneWayNanos()));
            notifyAll();
        }

        private void deliver() throws IOException, InterruptedException {
            var out = to.getOutputStream();
            for (var piece = next(); piece.bytes().length > 0; piece = next()) {
                for (long left = piece.dueAt() - System.nanoTime();
                        left > 0;
                        left = piece.dueAt() - System.nanoTime()) {
                    LockSupport.parkNanos(left);
                }
                if (!isUp) {
                    notes(piece.bytes(), false);
                }
                out.write(piece.bytes());
                delivered(piece.bytes().length);
            }
            to.shutdownOutput();
        }

        private synchronized void isOver() {
            isOver = true;
            notifyAll();
        }

        private synchronized Piece next() throws InterruptedException {
            while (underWay.isEmpty()) {
                wait();
            }
            return underWay.remove();
        }

        private synchronized void delivered(int bytes) {
            bytesUnderWay -= bytes;
            notifyAll();
        }
    }

    private interface Work {
        void run() throws IOException, InterruptedException;
    }

    private void inBackground(Work work, Runnable whenOver) {
        var thread = new Thread(
                () -> {
                    try {
                        work.run();
                    } catch (IOException ended) {
                        cut();
                    } catch (InterruptedException stopped) {
                        Thread.currentThread().interrupt();
                    } finally {
                        whenOver.run();
                    }
                },
                "line-connection");
        thread.setDaemon(true);
        thread.start();
    }
}
