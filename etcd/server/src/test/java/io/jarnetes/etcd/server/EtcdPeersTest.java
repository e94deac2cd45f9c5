package io.jarnetes.etcd.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.jarnetes.base.Eventually;
import io.jarnetes.base.FreePorts;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** With Debian's etcd and etcdctl 3.5.30. */
@Tag("peers")
class EtcdPeersTest {
    @TempDir Path dir;

    private static Path tool(String name) {
        String peers = System.getenv("JARNETES_PEERS");
        if (peers == null) {
            throw new IllegalStateException(
                    "JARNETES_PEERS isn't set: run `hack/test --only etcd`, or `hack/lib/peers"
                            + " .cache/peers` and set it to that folder's absolute path");
        }
        return Path.of(peers).resolve("etcd-3.5.30/usr/bin").resolve(name);
    }

    private String ctl(List<URI> endpoints, String... args) throws Exception {
        List<String> command = new ArrayList<>(List.of(tool("etcdctl").toString()));
        command.add(
                "--endpoints=" + String.join(",", endpoints.stream().map(URI::toString).toList()));
        command.addAll(List.of(args));
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().put("ETCDCTL_API", "3");
        Process process = builder.start();
        process.getOutputStream().close();
        String out = new String(process.getInputStream().readAllBytes());
        assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).as(String.join(" ", args) + ": " + out).isZero();
        return out;
    }

    @Test
    void etcdctlWorks() throws Exception {
        try (TestCluster cluster = TestCluster.plain(dir, 1).startAll()) {
            List<URI> e = cluster.endpoints();
            assertThat(ctl(e, "put", "a", "1")).isEqualTo("OK\n");
            assertThat(ctl(e, "get", "a")).isEqualTo("a\n1\n");
            assertThat(ctl(e, "lease", "grant", "60")).contains("granted with TTL(60s)");
            assertThat(ctl(e, "del", "a")).isEqualTo("1\n");
            assertThat(ctl(e, "compaction", "3")).contains("compacted revision 3");
            assertThat(ctl(e, "member", "list")).contains("started, m0");
            assertThat(ctl(e, "endpoint", "status", "-w", "json")).contains("\"version\":\"3.6.");
            assertThat(ctl(e, "endpoint", "health")).contains("is healthy");
            assertThat(ctl(e, "endpoint", "hashkv")).contains(e.getFirst().toString());
            Path saved = dir.resolve("saved.db");
            ctl(e, "snapshot", "save", saved.toString());
            assertThat(run(tool("etcdutl").toString(), "snapshot", "status", saved.toString()))
                    .isNotEmpty();
        }
    }

    private static String run(String... command) throws Exception {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String out = new String(process.getInputStream().readAllBytes());
        assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).as(out).isZero();
        return out;
    }

    /** Debian's etcd as a process. */
    private Process debian(EtcdConfig config, String initialCluster, String state)
            throws IOException {
        return new ProcessBuilder(
                        tool("etcd").toString(),
                        "--name=" + config.name(),
                        "--data-dir=" + config.dataDir(),
                        "--listen-client-urls=" + config.urls().listenClient().getFirst(),
                        "--advertise-client-urls=" + config.urls().listenClient().getFirst(),
                        "--listen-peer-urls=" + config.urls().listenPeer().getFirst(),
                        "--initial-advertise-peer-urls=" + config.urls().listenPeer().getFirst(),
                        "--initial-cluster=" + initialCluster,
                        "--initial-cluster-state=" + state,
                        "--initial-cluster-token=test")
                .redirectErrorStream(true)
                .redirectOutput(
                        ProcessBuilder.Redirect.appendTo(dir.resolve("debian.log").toFile()))
                .start();
    }

    private void write(List<URI> endpoints, String prefix) throws Exception {
        for (int i = 0; i < 20; i++) {
            ctl(endpoints, "put", prefix + i, "v" + i);
        }
        ctl(endpoints, "del", prefix + "1", "--prefix");
        ctl(endpoints, "lease", "grant", "600");
    }

    private String hash(List<URI> endpoints) throws Exception {
        String out = ctl(endpoints, "endpoint", "hashkv");
        return out.substring(out.indexOf(", ") + 2).strip();
    }

    private void waitHealthy(List<URI> endpoints) {
        Eventually.until(
                "a healthy member",
                () -> {
                    try {
                        ctl(endpoints, "--command-timeout=1s", "get", "x");
                        return true;
                    } catch (Exception | AssertionError e) {
                        return false;
                    }
                });
    }

    @Test
    void aDirectoryGoesToDebianAndBack() throws Exception {
        try (TestCluster cluster = TestCluster.at35(dir, 1).startAll()) {
            List<URI> e = cluster.endpoints();
            write(e, "ours");
            String before = hash(e);
            cluster.stop(0);
            EtcdConfig config = cluster.config(0);
            String initial = config.name() + "=" + config.urls().advertisePeer().getFirst();
            Process debian = debian(config, initial, "new");
            try {
                waitHealthy(e);
                assertThat(hash(e)).isEqualTo(before);
                assertThat(ctl(e, "member", "list")).contains("started, m0");
                write(e, "theirs");
                before = hash(e);
            } finally {
                debian.destroy();
                debian.waitFor(20, TimeUnit.SECONDS);
            }
            cluster.start(0);
            assertThat(hash(e)).isEqualTo(before);
            write(e, "again");
        }
    }

    @Test
    void aDirectoryOfDebianThatSawSnapshotsIsOpened() throws Exception {
        List<Integer> ports = FreePorts.take(2);
        EtcdConfig config =
                EtcdConfig.of(
                                "m0",
                                dir.resolve("m0"),
                                TestCluster.url("http", ports.get(0)),
                                TestCluster.url("http", ports.get(1)))
                        .withCompatibility(EtcdConfig.Compatibility.V3_5);
        List<URI> e = config.urls().listenClient();
        String initial = "m0=" + config.urls().advertisePeer().getFirst();
        Process debian = debian(config, initial, "new");
        String before;
        try {
            waitHealthy(e);
            write(e, "theirs");
            before = hash(e);
        } finally {
            debian.destroyForcibly();
            debian.waitFor(20, TimeUnit.SECONDS);
        }
        try (EtcdRuntime runtime = EtcdRuntime.create(1);
                EtcdServer server =
                        EtcdServer.start(config, runtime, io.jarnetes.base.log.Log.none())) {
            server.awaitReady(TestCluster.READY_MILLIS);
            assertThat(hash(e)).isEqualTo(before);
        }
    }

    @Test
    void oneMemberIsDebians() throws Exception {
        try (TestCluster cluster = TestCluster.at35(dir, 3)) {
            cluster.begin(0);
            cluster.begin(1);
            Map<String, List<String>> initial = cluster.config(2).cluster().initial();
            String text =
                    String.join(
                            ",",
                            initial.entrySet().stream()
                                    .map(m -> m.getKey() + "=" + m.getValue().getFirst())
                                    .toList());
            Process debian = debian(cluster.config(2), text, "new");
            try {
                List<URI> e = cluster.endpoints();
                for (URI endpoint : e) {
                    waitHealthy(List.of(endpoint));
                }
                write(e, "mixed");
                cluster.stop(cluster.leader() == 1 ? 1 : 0);
                waitHealthy(List.of(e.get(2)));
                write(List.of(e.get(2)), "more");
                String theirs = hash(List.of(e.get(2)));
                Eventually.until(
                        "the same hash on both makes",
                        () -> {
                            try {
                                return hash(List.of(e.get(running(cluster)))).equals(theirs);
                            } catch (Exception x) {
                                throw new AssertionError("hash", x);
                            }
                        });
            } finally {
                debian.destroy();
                debian.waitFor(20, TimeUnit.SECONDS);
            }
        }
    }

    private static int running(TestCluster cluster) {
        try {
            cluster.server(0);
            return 0;
        } catch (IllegalStateException e) {
            return 1;
        }
    }
}
