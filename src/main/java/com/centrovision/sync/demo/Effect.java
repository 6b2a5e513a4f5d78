package com.centrovision.sync.demo;

import java.time.Duration;
import java.util.Optional;

/** What goes wrong with a request, on its way to the cloud or back. */
public sealed interface Effect {
    /** The request waits before it goes on. */
    record Delay(Duration duration) implements Effect {}

    /** The gateway answers by itself, and nothing reaches the database. */
    record Status(int code, Optional<Duration> retryAfter) implements Effect {}

    /** The connection is reset after so many bytes of the answer's body, before its end in any case. */
    record Cut(long bytes) implements Effect {}

    /** The connection is reset after so many bytes of the request's body, which have been taken. */
    record CutRequest(long bytes) implements Effect {}

    /** The request is carried out, and the connection is reset instead of an answer. */
    record LostAnswer() implements Effect {}

    /** The connection stays open and nothing comes back, also on answers that were under way. */
    record BlackHole() implements Effect {}

    /** The request waits before it reaches the cloud, or its answer after the work was done, until the gateway is healed. */
    record Hold(Moment moment) implements Effect {
        enum Moment {
            REQUEST,
            ANSWER
        }
    }

    /** Nobody listens, and open connections are reset. */
    record Refusal() implements Effect {}

    /** A login page of the local network answers everything. */
    record CaptivePortal() implements Effect {}

    /** The {@code Date} of the answers is off. */
    record WrongDate(Duration offset) implements Effect {}

    /** Bodies trickle, in both directions. */
    record SlowLine(int bytesPerSecond) implements Effect {}
}
