package io.jarnetes.etcd.client;

import io.jarnetes.base.FreePorts;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Members of Debian's etcd 3.5.30, on free ports of loopback. */
final class RealEtcd implements AutoCloseable {
    private final List<URI> endpoints = new ArrayList<>();
    private final List<List<String>> commands = new ArrayList<>();
    private final List<Process> processes = new ArrayList<>();
    private final Path dir;

    RealEtcd(Path dir, int members) throws IOException {
        String peers = System.getenv("JARNETES_PEERS");
        if (peers == null) {
            throw new IllegalStateException("JARNETES_PEERS isn't set: `hack/test` sets it");
        }
        this.dir = dir;
        List<Integer> ports = FreePorts.take(2 * members);
        StringBuilder cluster = new StringBuilder();
        for (int i = 0; i < members; i++) {
            cluster.append(i == 0 ? "" : ",").append("m" + i + "=http://127.0.0.1:");
            cluster.append(ports.get(2 * i + 1));
            endpoints.add(URI.create("http://127.0.0.1:" + ports.get(2 * i)));
        }
        for (int i = 0; i < members; i++) {
            String peer = "http://127.0.0.1:" + ports.get(2 * i + 1);
            commands.add(
                    List.of(
                            peers + "/etcd-3.5.30/usr/bin/etcd",
                            "--name=m" + i,
                            "--data-dir=" + dir.resolve("m" + i),
                            "--listen-client-urls=" + endpoints.get(i),
                            "--advertise-client-urls=" + endpoints.get(i),
                            "--listen-peer-urls=" + peer,
                            "--initial-advertise-peer-urls=" + peer,
                            "--initial-cluster=" + cluster,
                            "--log-level=error"));
            processes.add(null);
            start(i);
        }
    }

    void start(int member) throws IOException {
        Path log = dir.resolve("m" + member + ".log");
        processes.set(
                member,
                new ProcessBuilder(commands.get(member))
                        .redirectErrorStream(true)
                        .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
                        .start());
    }

    void kill(int member) throws InterruptedException {
        Process process = processes.get(member);
        process.destroyForcibly();
        process.waitFor(10, TimeUnit.SECONDS);
    }

    List<URI> endpoints() {
        return endpoints;
    }

    @Override
    public void close() throws IOException, InterruptedException {
        for (int i = 0; i < processes.size(); i++) {
            kill(i);
        }
        Files.writeString(dir.resolve("closed"), "");
    }
}
