package io.jarnetes.base;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Ports of loopback that nobody has now. They lie below those that systems give to outgoing
 * connections (from 32768 on on Linux, 49152 elsewhere), and so does what asks for port 0: a server
 * that is away for a moment must find its own free when it comes back. They also stay out of the
 * node ports of Kubernetes, which begin at 30000. Two calls may give the same port while nobody has
 * taken it: who needs several asks once.
 */
public final class FreePorts {
    private static final int FIRST = 10_240;
    private static final int END = 30_000;
    private static final int MAX_TRIES = 1_000;

    private FreePorts() {}

    /**
     * So many, all different.
     *
     * @throws IOException if there are none
     */
    public static List<Integer> take(int count) throws IOException {
        List<ServerSocket> sockets = new ArrayList<>();
        try {
            for (int i = 0; i < count; i++) {
                sockets.add(hold());
            }
            return sockets.stream().map(ServerSocket::getLocalPort).toList();
        } finally {
            for (ServerSocket socket : sockets) {
                socket.close();
            }
        }
    }

    /**
     * One, nobody else's until the socket is closed.
     *
     * @throws IOException if there is none
     */
    public static ServerSocket hold() throws IOException {
        IOException last = null;
        for (int i = 0; i < MAX_TRIES; i++) {
            ServerSocket socket = new ServerSocket();
            int port = ThreadLocalRandom.current().nextInt(FIRST, END);
            try {
                socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 1);
                return socket;
            } catch (IOException e) {
                socket.close();
                last = e;
            }
        }
        throw new IOException("no free port between " + FIRST + " and " + END, last);
    }
}
