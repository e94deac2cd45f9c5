package io.jarnetes.etcd.server;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Ports of loopback that nobody has now. They lie below those that the kernel gives to outgoing
 * connections, since members that are away for a moment come back to theirs.
 */
public final class FreePorts {
    private static final int FIRST = 12_000;
    private static final int LAST = 32_000;
    private static final int MAX_TRIES = 1_000;

    private FreePorts() {}

    /**
     * So many.
     *
     * @throws IOException if none is free
     */
    public static List<Integer> take(int count) throws IOException {
        List<ServerSocket> sockets = new ArrayList<>();
        try {
            for (int i = 0; i < count; i++) {
                sockets.add(one());
            }
            return sockets.stream().map(ServerSocket::getLocalPort).toList();
        } finally {
            for (ServerSocket socket : sockets) {
                socket.close();
            }
        }
    }

    private static ServerSocket one() throws IOException {
        for (int i = 0; i < MAX_TRIES; i++) {
            ServerSocket socket = new ServerSocket();
            int port = ThreadLocalRandom.current().nextInt(FIRST, LAST);
            try {
                socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 1);
                return socket;
            } catch (IOException taken) {
                socket.close();
            }
        }
        throw new IOException("no free port between " + FIRST + " and " + LAST);
    }
}
