package io.jarnetes.etcd.ctl.exchange;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Ports for servers that stop and start again. They lie below those that the system gives to
 * connections, which could else take one in between; and no two tests of a run get the same, since
 * one's server may just be stopped when the other looks.
 */
final class Ports {
    private static final int LEAST = 12_000;
    private static final int BELOW = 32_000;
    private static final AtomicInteger NEXT =
            new AtomicInteger(ThreadLocalRandom.current().nextInt(BELOW - LEAST));

    private Ports() {}

    static List<Integer> take(int count) {
        List<Integer> ports = new ArrayList<>();
        while (ports.size() < count) {
            int port = LEAST + NEXT.getAndIncrement() % (BELOW - LEAST);
            if (free(port)) {
                ports.add(port);
            }
        }
        return ports;
    }

    private static boolean free(int port) {
        try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
            return socket.isBound();
        } catch (IOException _) {
            return false;
        }
    }
}
