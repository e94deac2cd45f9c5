package io.jarnetes.launcher;

import io.jarnetes.base.FreePorts;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The ports of one control plane on loopback.
 *
 * @param apiserver of the API server
 * @param etcdClients one a member
 * @param etcdPeers one a member
 * @param controllerManager of health and metrics
 * @param scheduler of health and metrics
 */
record Ports(
        int apiserver,
        List<Integer> etcdClients,
        List<Integer> etcdPeers,
        int controllerManager,
        int scheduler) {

    Ports {
        etcdClients = List.copyOf(etcdClients);
        etcdPeers = List.copyOf(etcdPeers);
    }

    /**
     * The ports asked for; free ones where 0 or nothing was asked.
     *
     * @param kept the peers' ports of an earlier start, which stay a member's for good; or empty
     * @throws UserException naming the first port that can't be taken
     */
    static Ports choose(UpOptions options, List<Integer> kept) {
        try (Chooser chooser = new Chooser()) {
            List<Integer> peers = kept.isEmpty() ? options.etcdPeerPorts() : kept;
            String peersFlag = kept.isEmpty() ? "--etcd-peer-ports" : Chooser.KEPT;
            return new Ports(
                    chooser.take("kube-apiserver", options.apiserverPort(), "--apiserver-port"),
                    chooser.takeAll(
                            "etcd clients",
                            options.etcdClientPorts(),
                            options.members(),
                            "--etcd-client-ports"),
                    chooser.takeAll("etcd peers", peers, options.members(), peersFlag),
                    chooser.take("kube-controller-manager", options.controllerManagerPort(), ""),
                    chooser.take("kube-scheduler", options.schedulerPort(), ""));
        }
    }

    /** Holds what it chose until it is closed, so that no port is chosen twice. */
    private static final class Chooser implements AutoCloseable {

        /** In place of a flag: the port belongs to what the data directory holds. */
        static final String KEPT = "kept";

        private final List<ServerSocket> held = new ArrayList<>();
        private final Set<Integer> taken = new HashSet<>();

        int take(String what, int asked, String flag) {
            if (asked != 0 && !taken.add(asked)) {
                throw new UserException("port " + asked + " is asked for twice");
            }
            try {
                if (asked == 0) {
                    ServerSocket free = FreePorts.hold();
                    held.add(free);
                    return free.getLocalPort();
                }
                ServerSocket socket = new ServerSocket();
                held.add(socket);
                socket.setReuseAddress(true);
                socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), asked));
                return asked;
            } catch (IOException e) {
                throw new UserException(
                        "port %d for %s %s".formatted(asked, what, reason(e, flag)), e);
            }
        }

        private static String reason(IOException e, String flag) {
            if (String.valueOf(e.getMessage()).contains("Permission denied")) {
                return "can't be taken: permission denied; choose one from 1024 on";
            }
            return "is in use: stop what listens there"
                    + switch (flag) {
                        case KEPT -> ", for the cluster in the data directory keeps this port";
                        case "" -> ", or choose others with --ephemeral-ports";
                        default -> ", or choose others with " + flag + " or with --ephemeral-ports";
                    };
        }

        List<Integer> takeAll(String what, List<Integer> asked, int number, String flag) {
            if (!asked.isEmpty() && asked.size() < number) {
                throw new UserException(
                        "%s names %d ports, and %d members need as many: give one a member"
                                .formatted(flag, asked.size(), number));
            }
            List<Integer> ports = new ArrayList<>();
            for (int i = 0; i < number; i++) {
                ports.add(take(what, asked.isEmpty() ? 0 : asked.get(i), flag));
            }
            return ports;
        }

        @Override
        public void close() {
            for (ServerSocket socket : held) {
                try {
                    socket.close();
                } catch (IOException e) {
                    throw new IllegalStateException("a listening socket can't be closed", e);
                }
            }
        }
    }
}
