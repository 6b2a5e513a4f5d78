package com.centrovision.sync.soak;

import java.util.Arrays;
import java.util.Locale;
import java.util.function.ToLongFunction;
import java.util.stream.Collectors;

/** What the service's process takes at one moment; {@code heap} is what is left after a collection. */
record Sample(long pid, long second, long heap, long memory, long threads, long files, long connections, long log) {
    /** A figure of the process, in the unit that a person reads it in. */
    enum Figure {
        HEAP_MB(sample -> sample.heap() >> 20),
        MEMORY_MB(sample -> sample.memory() >> 20),
        THREADS(Sample::threads),
        FILES(Sample::files),
        CONNECTIONS(Sample::connections);

        private final ToLongFunction<Sample> value;

        Figure(ToLongFunction<Sample> value) {
            this.value = value;
        }

        long of(Sample sample) {
            return value.applyAsLong(sample);
        }

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    @Override
    public String toString() {
        return "second=%d pid=%d %s log_kb=%d"
                .formatted(
                        second,
                        pid,
                        Arrays.stream(Figure.values())
                                .map(figure -> figure + "=" + figure.of(this))
                                .collect(Collectors.joining(" ")),
                        log >> 10);
    }
}
