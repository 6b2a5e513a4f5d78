package com.centrovision.sync.demo;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;

/** What the gateway remembers of its traffic. Safe for several threads. */
final class RequestLog {
    private static final int KEPT = 100_000;

    private final Deque<GatewayRequest> requests = new ArrayDeque<>();
    private final LongAdder bytesOut = new LongAdder();

    synchronized void add(GatewayRequest request) {
        if (requests.size() == KEPT) {
            requests.removeFirst();
        }
        requests.addLast(request);
    }

    synchronized List<GatewayRequest> requests() {
        return List.copyOf(requests);
    }

    synchronized void clear() {
        requests.clear();
        bytesOut.reset();
    }

    void sent(int bytes) {
        bytesOut.add(bytes);
    }

    long bytesOut() {
        return bytesOut.sum();
    }
}
