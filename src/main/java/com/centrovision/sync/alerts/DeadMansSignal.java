package com.centrovision.sync.alerts;

import com.centrovision.sync.connection.Connection;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.camel.Body;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Calls an address after each good pass: whoever waits for it there notices when this machine is silent. */
public final class DeadMansSignal {
    private static final Logger LOG = LoggerFactory.getLogger(DeadMansSignal.class);

    private final URI address;
    private final HttpClient client;
    private final Connection connection;
    private final AtomicBoolean fails = new AtomicBoolean();
    private volatile String lastSent;

    DeadMansSignal(URI address, HttpClient client, Connection connection, Instant startedAt) {
        this.address = address;
        this.client = client;
        this.connection = connection;
        this.lastSent = startedAt.toString();
    }

    /** By the clock of the clinic's database. */
    public String lastSent() {
        return lastSent;
    }

    /** @param at when every table had completed a pass */
    public void send(@Body String at) throws InterruptedException {
        if (!connection.isOpen()) {
            return;
        }
        try {
            client.send(HttpRequest.newBuilder(address).GET().build(), BodyHandlers.discarding());
            lastSent = at;
            if (fails.compareAndSet(true, false)) {
                LOG.info("signal of a good pass is taken again");
            }
        } catch (IOException | ChannelRefusedException failure) {
            if (fails.compareAndSet(false, true)) {
                LOG.warn("signal of a good pass not taken reason={}", ChannelFailure.word(failure));
            }
        }
    }
}
