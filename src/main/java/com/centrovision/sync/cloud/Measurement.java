package com.centrovision.sync.cloud;

import com.centrovision.sync.cloud.line.Line;
import java.time.Duration;

/** How fast the line is while an answer comes: every few seconds of a long one, and at the end of a weighty one. */
final class Measurement {
    private static final Duration LONG = Duration.ofSeconds(3);
    private static final long WEIGHTY_BYTES = 4096;

    private final Line line;
    private long since;
    private long heardBefore;

    Measurement(Line line) {
        this.line = line;
        begin();
    }

    private void begin() {
        since = line.now();
        heardBefore = line.heard();
    }

    void read(boolean isEnd) {
        var spent = Duration.ofNanos(line.now() - since);
        var heard = line.heard() - heardBefore;
        if (heard > 0 && spent.compareTo(LONG) >= 0 || isEnd && heard >= WEIGHTY_BYTES) {
            line.speed().measured(heard, spent);
            line.width().measured(heard, spent);
            begin();
        }
    }
}
