package com.centrovision.sync.bench;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;

/** What the line of the benchmark gives and costs, so that the other figures can be trusted. */
final class LineItself implements Scenario {
    private static final String ROUND_TRIP = "round trip of one byte";
    private static final String NEW_CONNECTION = "the first one on a new connection";
    private static final String ONE = "rate of one connection";
    private static final String FOUR = "rate of four connections together";
    private static final String UNBOUNDED = "rate of four without delay";
    private static final String COST = "processor time without delay";
    private static final int CLINIC_BYTES = 20_000_000;
    private static final int UNBOUNDED_BYTES = 400_000_000;

    @Override
    public String name() {
        return "line";
    }

    @Override
    public String method() {
        return "A program of its own behind the line sends back one byte, or as many bytes as it was told to.";
    }

    @Override
    public void measure(Stand stand, Figures figures) throws Exception {
        try (var source = new Source();
                var line = new DelayedLine(source.port(), LineShape.CLINIC)) {
            try (var client = new Client(line.port())) {
                figures.add(NEW_CONNECTION, "ms", 1e3 * client.fetch(1));
                figures.add(ROUND_TRIP, "ms", 1e3 * client.fetch(1));
                figures.add(ONE, "MB/s", CLINIC_BYTES / 1e6 / client.fetch(CLINIC_BYTES));
            }
            figures.add(FOUR, "MB/s", rate(stand, line, CLINIC_BYTES));
            line.become(LineShape.NONE);
            var before = ProcessorTime.ofProcess(ProcessHandle.current().pid());
            figures.add(UNBOUNDED, "MB/s", rate(stand, line, UNBOUNDED_BYTES));
            var spent = ProcessorTime.ofProcess(ProcessHandle.current().pid()) - before;
            figures.add(COST, "ms/MB", 1e3 * spent / (UNBOUNDED_BYTES / 1e6));
        }
    }

    private static double rate(Stand stand, DelayedLine line, int bytes) throws Exception {
        var watch = new Stopwatch();
        Workers.run(4, stand.options().patience(0), worker -> () -> {
            try (var client = new Client(line.port())) {
                client.fetch(bytes / 4);
                return 0L;
            }
        });
        return bytes / 1e6 / watch.seconds();
    }

    /** Answers a number with so many bytes. */
    private static final class Source implements AutoCloseable {
        private final ServerSocket listener = new ServerSocket(0, 16, InetAddress.getLoopbackAddress());

        Source() throws IOException {
            background(this::accept);
        }

        int port() {
            return listener.getLocalPort();
        }

        private void accept() throws IOException {
            while (!listener.isClosed()) {
                var socket = listener.accept();
                background(() -> answer(socket));
            }
        }

        private static void answer(Socket socket) throws IOException {
            try (socket) {
                var in = new DataInputStream(socket.getInputStream());
                var block = new byte[64 * 1024];
                while (true) {
                    for (int left = in.readInt(); left > 0; left -= Math.min(left, block.length)) {
                        socket.getOutputStream().write(block, 0, Math.min(left, block.length));
                    }
                }
            }
        }

        private interface Work {
            void run() throws IOException;
        }

        private static void background(Work work) {
            var thread = new Thread(() -> {
                try {
                    work.run();
                } catch (IOException over) {
                    return;
                }
            });
            thread.setDaemon(true);
            thread.start();
        }

        @Override
        public void close() throws IOException {
            listener.close();
        }
    }

    private static final class Client implements AutoCloseable {
        private final Socket socket;

        Client(int port) throws IOException {
            this.socket = new Socket(InetAddress.getLoopbackAddress(), port);
            socket.setTcpNoDelay(true);
        }

        /** Returns the seconds until the last of so many bytes is there. */
        double fetch(int bytes) throws IOException {
            var watch = new Stopwatch();
            new DataOutputStream(socket.getOutputStream()).writeInt(bytes);
            socket.getInputStream().skipNBytes(bytes);
            return watch.seconds();
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }

    @Override
    public List<Goal> goals(Figures figures) {
        return List.of(
                Goal.atLeast("ms there and back, or more", figures.median(ROUND_TRIP), 120),
                Goal.atMost("ms there and back, or less", figures.median(ROUND_TRIP), 130),
                Goal.atLeast("of 20 Mbit/s, one connection", figures.median(ONE) / 2.5, 0.9),
                Goal.atLeast("of 20 Mbit/s, four connections", figures.median(FOUR) / 2.5, 0.9),
                Goal.atMost("of 20 Mbit/s, four connections", figures.median(FOUR) / 2.5, 1.02),
                Goal.atLeast("times 20 Mbit/s without delay", figures.median(UNBOUNDED) / 2.5, 50));
    }
}
