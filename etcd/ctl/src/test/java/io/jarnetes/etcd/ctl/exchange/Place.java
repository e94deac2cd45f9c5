package io.jarnetes.etcd.ctl.exchange;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * One member's name, directory and URLs, whoever runs there.
 *
 * @param initialCluster as the flag has it
 */
record Place(String name, Path data, int clientPort, int peerPort, String initialCluster) {

    /** Places of a new cluster below {@code folder}. */
    static List<Place> cluster(Path folder, int members) {
        List<Integer> ports = Ports.take(2 * members);
        List<Place> places = new ArrayList<>();
        for (int i = 0; i < members; i++) {
            places.add(
                    new Place(
                            "m" + i,
                            folder.resolve("m" + i),
                            ports.get(2 * i),
                            ports.get(2 * i + 1),
                            ""));
        }
        String initial =
                places.stream()
                        .map(p -> p.name + "=" + p.peerUrl())
                        .collect(Collectors.joining(","));
        return places.stream()
                .map(p -> new Place(p.name, p.data, p.clientPort, p.peerPort, initial))
                .toList();
    }

    String clientUrl() {
        return "http://127.0.0.1:" + clientPort;
    }

    String peerUrl() {
        return "http://127.0.0.1:" + peerPort;
    }

    Path database() {
        return data.resolve("member/snap/db");
    }

    /** The same member in another folder. */
    Place in(Path folder) {
        return new Place(name, folder.resolve(name), clientPort, peerPort, initialCluster);
    }

    /** The arguments that restore this member's directory. */
    String[] restore(Path snapshot) {
        return new String[] {
            "snapshot",
            "restore",
            snapshot.toString(),
            "--name=" + name,
            "--data-dir=" + data,
            "--initial-cluster=" + initialCluster,
            "--initial-cluster-token=exchange",
            "--initial-advertise-peer-urls=" + peerUrl()
        };
    }

    /** Copies a directory and all below it. */
    static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> all = Files.walk(from)) {
            for (Path path : all.toList()) {
                Path target = to.resolve(from.relativize(path));
                Files.createDirectories(target.getParent());
                if (Files.isRegularFile(path)) {
                    Files.copy(path, target);
                } else {
                    Files.createDirectories(target);
                }
            }
        }
    }

    Path log() {
        return data.resolveSibling(name + ".log");
    }

    /** One alone may elect itself soon; others need time to hear of each other. */
    private int heartbeatMillis() {
        return initialCluster.contains(",") ? 100 : 50;
    }

    List<String> flags() {
        return List.of(
                "--name=" + name,
                "--data-dir=" + data,
                "--listen-client-urls=" + clientUrl(),
                "--advertise-client-urls=" + clientUrl(),
                "--listen-peer-urls=" + peerUrl(),
                "--initial-advertise-peer-urls=" + peerUrl(),
                "--initial-cluster=" + initialCluster,
                "--initial-cluster-token=exchange",
                "--heartbeat-interval=" + heartbeatMillis(),
                "--election-timeout=" + 10 * heartbeatMillis(),
                "--bcrypt-cost=4");
    }
}
