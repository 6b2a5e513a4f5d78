package com.centrovision.sync.alerts;

import java.io.IOException;
import java.net.http.HttpResponse.BodySubscriber;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow.Subscription;

/** An answer of which no more than a little is read. */
final class ShortBody<T> implements BodySubscriber<T> {
    private static final long MOST_BYTES = 64 << 10;

    private final BodySubscriber<T> body;
    private Subscription subscription;
    private long left = MOST_BYTES;

    ShortBody(BodySubscriber<T> body) {
        this.body = body;
    }

    @Override
    public CompletionStage<T> getBody() {
        return body.getBody();
    }

    @Override
    public void onSubscribe(Subscription source) {
        subscription = source;
        body.onSubscribe(source);
    }

    @Override
    public void onNext(List<ByteBuffer> bytes) {
        if (left < 0) {
            return;
        }
        left -= bytes.stream().mapToLong(ByteBuffer::remaining).sum();
        if (left < 0) {
            subscription.cancel();
            body.onError(new IOException("the answer is too long"));
        } else {
            body.onNext(bytes);
        }
    }

    @Override
    public void onError(Throwable failure) {
        body.onError(failure);
    }

    @Override
    public void onComplete() {
        if (left >= 0) {
            body.onComplete();
        }
    }
}
