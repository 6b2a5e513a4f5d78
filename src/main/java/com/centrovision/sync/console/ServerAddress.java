package com.centrovision.sync.console;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.util.Optional;
import java.util.regex.Pattern;

/** Where the clinic's database is found from other machines. Threads share it. */
final class ServerAddress {
    private static final Pattern HERE = Pattern.compile("localhost|127\\..*|::1|/.*");

    private final String database;
    private volatile Optional<String> address = Optional.empty();

    /** @param database its host as the service knows it */
    ServerAddress(String database) {
        this.database = database;
    }

    Optional<String> now() {
        return address;
    }

    /** An address may be given by the network, and change. */
    void look() {
        try {
            address = HERE.matcher(database).matches()
                    ? ofThisMachine()
                    : Optional.of(InetAddress.getByName(database).getHostAddress());
        } catch (UnknownHostException | SocketException unknown) {
            address = Optional.empty();
        }
    }

    private static Optional<String> ofThisMachine() throws SocketException {
        return NetworkInterface.networkInterfaces()
                .filter(ServerAddress::isUp)
                .sorted((one, other) -> Integer.compare(one.getIndex(), other.getIndex()))
                .flatMap(NetworkInterface::inetAddresses)
                .filter(found -> found instanceof Inet4Address && found.isSiteLocalAddress())
                .map(InetAddress::getHostAddress)
                .findFirst();
    }

    private static boolean isUp(NetworkInterface network) {
        try {
            return network.isUp() && !network.isLoopback();
        } catch (SocketException gone) {
            return false;
        }
    }
}
