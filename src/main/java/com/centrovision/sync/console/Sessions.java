package com.centrovision.sync.console;

import java.security.SecureRandom;
import java.time.Duration;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.LongSupplier;

/** Who has shown the token: a random name each, good for a working day, forgotten with the process. Threads share it. */
final class Sessions {
    static final String COOKIE = "centrovision_sync";
    static final Duration LASTS = Duration.ofHours(12);
    private static final int MOST = 500;

    private final SecureRandom random = new SecureRandom();
    private final LongSupplier nanos;
    private final Map<String, Long> openedAt = new LinkedHashMap<>() {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Long> eldest) {
            return size() > MOST;
        }
    };

    Sessions(LongSupplier nanos) {
        this.nanos = nanos;
    }

    synchronized String open() {
        var bytes = new byte[32];
        random.nextBytes(bytes);
        var name = Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
        openedAt.put(name, nanos.getAsLong());
        return name;
    }

    synchronized boolean isOpen(String name) {
        var opened = openedAt.get(name);
        return opened != null && nanos.getAsLong() - opened < LASTS.toNanos();
    }

    synchronized void close(String name) {
        openedAt.remove(name);
    }
}
