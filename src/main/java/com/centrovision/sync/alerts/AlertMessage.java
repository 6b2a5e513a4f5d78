package com.centrovision.sync.alerts;

import java.time.Instant;
import java.util.Optional;

/**
 * What goes over a channel.
 *
 * @param id the same when a message goes out twice because nobody knows whether it arrived
 * @param stage {@code raised}, {@code reminder}, {@code solved}, or {@code passed} where it ended before it could be told
 */
public record AlertMessage(
        String id, String stage, Alert alert, Optional<String> clinic, Instant at, String subject, String text) {}
