package com.centrovision.sync.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.util.Arrays;

/** Answers every question for an IPv4 address with its own, and all others with nothing. */
final class NameServer implements AutoCloseable {
    private static final int PORT = 53;
    private static final int HEADER_BYTES = 12;
    private static final int TYPE_A = 1;

    private final InetAddress address;
    private final DatagramSocket socket;

    NameServer(String address) {
        try {
            this.address = InetAddress.getByName(address);
            this.socket = new DatagramSocket(PORT, this.address);
        } catch (IOException unusable) {
            throw new UncheckedIOException(unusable);
        }
        var thread = new Thread(this::serve, "name-server");
        thread.setDaemon(true);
        thread.start();
    }

    private void serve() {
        var packet = new DatagramPacket(new byte[512], 512);
        while (!socket.isClosed()) {
            try {
                packet.setLength(512);
                socket.receive(packet);
                var answer = answer(Arrays.copyOf(packet.getData(), packet.getLength()));
                socket.send(new DatagramPacket(answer, answer.length, packet.getSocketAddress()));
            } catch (IOException closed) {
                return;
            }
        }
    }

    private byte[] answer(byte[] question) {
        int end = HEADER_BYTES;
        while (question[end] != 0) {
            end += question[end] + 1;
        }
        var type = ByteBuffer.wrap(question).getShort(end + 1);
        var asked = Arrays.copyOf(question, end + 5);
        var isAnswered = type == TYPE_A;
        var answer = ByteBuffer.allocate(asked.length + (isAnswered ? 16 : 0)).put(asked);
        answer.putShort(2, (short) 0x8180).putShort(6, (short) (isAnswered ? 1 : 0));
        answer.putShort(8, (short) 0).putShort(10, (short) 0);
        if (isAnswered) {
            answer.putShort((short) 0xc00c).putShort((short) TYPE_A).putShort((short) 1);
            answer.putInt(1).putShort((short) 4).put(address.getAddress());
        }
        return answer.array();
    }

    @Override
    public void close() {
        socket.close();
    }
}
