package com.centrovision.sync.console;

import java.util.Optional;
import java.util.regex.Pattern;

/** The part of a file that is asked for, from its first byte to its last one. */
record ByteRange(long from, long to) {
    private static final Pattern ONE = Pattern.compile("bytes=(\\d{0,18})-(\\d{0,18})");

    static ByteRange all(long size) {
        return new ByteRange(0, size - 1);
    }

    /** Empty where it is not one part that is asked for: then all of the file is a good answer. */
    static Optional<ByteRange> parse(String text, long size) {
        var asked = ONE.matcher(text.strip());
        if (!asked.matches() || asked.group(1).isEmpty() && asked.group(2).isEmpty()) {
            return Optional.empty();
        }
        if (asked.group(1).isEmpty()) {
            var length = Math.min(size, Long.parseLong(asked.group(2)));
            return Optional.of(new ByteRange(length == 0 ? size : size - length, size - 1));
        }
        var from = Long.parseLong(asked.group(1));
        var to = asked.group(2).isEmpty() ? size - 1 : Math.min(size - 1, Long.parseLong(asked.group(2)));
        return to < from && from < size ? Optional.empty() : Optional.of(new ByteRange(from, to));
    }

    /** Whether the file has nothing of it. */
    boolean isOutside() {
        return from > to;
    }

    long length() {
        return to - from + 1;
    }
}
