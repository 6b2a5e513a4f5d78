package com.centrovision.sync.cloud;

import java.io.IOException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.util.Objects;
import java.util.stream.Stream;
import javax.net.ssl.SSLException;

/** Which outage an exception of the line tells of. */
final class Outage {
    private Outage() {}

    static CloudReason of(Exception failure) {
        if (is(failure, UnknownHostException.class)) {
            return CloudReason.NO_ADDRESS;
        } else if (is(failure, SocketTimeoutException.class)) {
            return CloudReason.TIMEOUT;
        } else if (is(failure, SocketException.class)) {
            return CloudReason.NO_NETWORK;
        } else if (is(failure, SSLException.class)) {
            return CloudReason.TLS;
        }
        return CloudReason.DEGRADED;
    }

    private static boolean is(Exception failure, Class<? extends IOException> type) {
        return Stream.<Throwable>iterate(failure, Objects::nonNull, Throwable::getCause)
                .anyMatch(type::isInstance);
    }
}
