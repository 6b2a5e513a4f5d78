package com.centrovision.sync.demo;

import java.time.Duration;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A misbehaviour the gateway is told to show: an {@link Effect}, for the next so many requests of a method and path.
 * Without {@link #times(int)} it lasts until the gateway is healed. Immutable.
 *
 * @param spared how many matching requests pass unharmed before
 */
public record Fault(Effect effect, int spared, int times, String method, Pattern path) {
    private static final String ANY_METHOD = "*";
    private static final int UNTIL_HEALED = Integer.MAX_VALUE;

    public static Fault delay(Duration duration) {
        return of(new Effect.Delay(duration));
    }

    public static Fault status(int code) {
        return of(new Effect.Status(code, Optional.empty()));
    }

    public static Fault status(int code, Duration retryAfter) {
        return of(new Effect.Status(code, Optional.of(retryAfter)));
    }

    public static Fault unauthorized() {
        return status(401);
    }

    public static Fault cutAfterBytes(long bytes) {
        return of(new Effect.Cut(bytes));
    }

    public static Fault cutRequestAfterBytes(long bytes) {
        return of(new Effect.CutRequest(bytes));
    }

    public static Fault loseAnswer() {
        return of(new Effect.LostAnswer());
    }

    /** Goes on when the gateway is healed, unless the client has hung up meanwhile; see {@link Gateway#held()}. */
    public static Fault holdRequest() {
        return of(new Effect.Hold(Effect.Hold.Moment.REQUEST));
    }

    /** The request is carried out; its answer goes on when the gateway is healed. */
    public static Fault holdAnswer() {
        return of(new Effect.Hold(Effect.Hold.Moment.ANSWER));
    }

    public static Fault blackHole() {
        return of(new Effect.BlackHole());
    }

    public static Fault refuse() {
        return of(new Effect.Refusal());
    }

    public static Fault captivePortal() {
        return of(new Effect.CaptivePortal());
    }

    public static Fault dateOffset(Duration offset) {
        return of(new Effect.WrongDate(offset));
    }

    public static Fault slowLine(int bytesPerSecond) {
        return of(new Effect.SlowLine(bytesPerSecond));
    }

    /** The same fault, for the next {@code count} matching requests only. */
    public Fault times(int count) {
        return new Fault(effect, spared, count, method, path);
    }

    /** The same fault, after {@code count} matching requests that it leaves alone. */
    public Fault after(int count) {
        return new Fault(effect, count, times, method, path);
    }

    /** The same fault, for one method ({@code *} is any) and for paths, with their query, in which the pattern is found. */
    public Fault matching(String onlyMethod, String pathPattern) {
        return new Fault(effect, spared, times, onlyMethod, Pattern.compile(pathPattern));
    }

    boolean concerns(String requestMethod, String requestPath) {
        return (method.equals(ANY_METHOD) || method.equals(requestMethod))
                && path.matcher(requestPath).find();
    }

    boolean isForEverything() {
        return spared == 0
                && times == UNTIL_HEALED
                && method.equals(ANY_METHOD)
                && path.pattern().isEmpty();
    }

    private static Fault of(Effect effect) {
        return new Fault(effect, 0, UNTIL_HEALED, ANY_METHOD, Pattern.compile(""));
    }
}
