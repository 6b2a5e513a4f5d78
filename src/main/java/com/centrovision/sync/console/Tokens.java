package com.centrovision.sync.console;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;

/** Compares tokens in constant time, and lets who shows wrong ones wait: each address, and all together. Threads share it. */
final class Tokens {
    private static final int TRIES_EACH = 5;
    private static final int TRIES_ALL = 50;
    private static final int ADDRESSES = 1000;
    private static final Duration WAIT = Duration.ofMinutes(1);

    private final Optional<String> expected;
    private final LongSupplier nanos;
    private final Tries all = new Tries(TRIES_ALL);
    private final Map<String, Tries> byAddress = new LinkedHashMap<>() {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Tries> eldest) {
            return size() > ADDRESSES;
        }
    };

    /** Wrong ones since the last pause. */
    private static final class Tries {
        private final int most;
        private int wrong;
        private long firstAt;

        Tries(int most) {
            this.most = most;
        }

        void wrong(long now) {
            if (wrong == 0 || now - firstAt > WAIT.toNanos()) {
                wrong = 0;
                firstAt = now;
            }
            wrong++;
        }

        long secondsToWait(long now) {
            var left = WAIT.toNanos() - (now - firstAt);
            return wrong < most || left <= 0 ? 0 : 1 + Duration.ofNanos(left).toSeconds();
        }
    }

    Tokens(Optional<String> expected, LongSupplier nanos) {
        this.expected = expected;
        this.nanos = nanos;
    }

    synchronized long secondsToWait(String address) {
        var now = nanos.getAsLong();
        var own = byAddress.containsKey(address) ? byAddress.get(address).secondsToWait(now) : 0;
        return Math.max(own, all.secondsToWait(now));
    }

    /** False for all while there is none. */
    synchronized boolean accepts(String address, String shown) {
        if (secondsToWait(address) > 0) {
            return false;
        }
        var isRight = expected.filter(token -> MessageDigest.isEqual(bytes(token), bytes(shown)))
                .isPresent();
        if (isRight) {
            byAddress.remove(address);
        } else {
            all.wrong(nanos.getAsLong());
            byAddress.computeIfAbsent(address, unseen -> new Tries(TRIES_EACH)).wrong(nanos.getAsLong());
        }
        return isRight;
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
