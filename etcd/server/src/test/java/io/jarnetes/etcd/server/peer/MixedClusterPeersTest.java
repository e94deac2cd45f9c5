package io.jarnetes.etcd.server.peer;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.jarnetes.etcd.storage.membership.Member;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Our core and transport beside Debian's etcd 3.5.30. {@code JARNETES_PEERS} names the folder of
 * the unpacked peers.
 */
@Tag("cluster")
final class MixedClusterPeersTest {
    @TempDir private Path dir;

    /** Two of upstream's members and one of ours: it follows, leads, and hands back. */
    @Test
    void ourMemberFollowsAndLeadsUpstreams() throws Exception {
        List<Integer> ports = TestCluster.freePorts(5);
        List<Member> all = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            all.add(
                    Member.create(
                            "m" + i,
                            List.of("http://127.0.0.1:" + ports.get(i)),
                            TestCluster.TOKEN,
                            OptionalLong.empty(),
                            false));
        }
        List<Integer> clients = ports.subList(3, 5);
        try (Etcd a = new Etcd(dir, all, 0, clients.get(0));
                Etcd b = new Etcd(dir, all, 1, clients.get(1));
                TestMember ours = new TestMember(all.get(2), all, null, null)) {
            Waits.until("a put", 30, () -> a.ctl("put", "k", "v1").startsWith("OK"));
            Waits.until("both peers", 10, () -> ours.transport().activePeers() == 2);
            Waits.until("the put to arrive", 10, () -> hasApplied(ours, "v1"));

            // One of upstream's members is gone: ours is needed for the quorum.
            b.stop();
            Waits.until("a put with our vote", 30, () -> a.ctl("put", "k", "v2").startsWith("OK"));
            Waits.until("it to arrive", 10, () -> hasApplied(ours, "v2"));

            // Ours leads: upstream's follower forwards its client's proposals.
            String id = Long.toHexString(ours.self().id());
            Waits.until(
                    "ours to lead",
                    30,
                    () -> {
                        a.ctl("move-leader", id);
                        return TestCluster.isLeader(ours);
                    });
            Waits.until("a put through us", 30, () -> a.ctl("put", "k", "v3").startsWith("OK"));
            assertThat(a.ctl("get", "k", "--print-value-only").strip()).isEqualTo("v3");

            // And hands back.
            ours.call(() -> {
                ours.node().transferLeadership(all.getFirst().id());
                return 0;
            });
            Waits.until("upstream's to lead", 20, () -> !TestCluster.isLeader(ours));
            Waits.until("a put after it", 30, () -> a.ctl("put", "k", "v4").startsWith("OK"));
            Waits.until("it to arrive", 10, () -> hasApplied(ours, "v4"));
        }
    }

    private static boolean hasApplied(TestMember m, String value) {
        return m.applied().stream().anyMatch(e -> new String(e.data(), UTF_8).contains(value));
    }

    /** One process of upstream's. */
    private static final class Etcd implements AutoCloseable {
        private final String bin;
        private final int clientPort;
        private final Process process;

        Etcd(Path dir, List<Member> all, int index, int clientPort) throws IOException {
            String peers = System.getenv("JARNETES_PEERS");
            if (peers == null) {
                throw new IllegalStateException("JARNETES_PEERS isn't set: `hack/test` sets it");
            }
            this.bin = peers + "/etcd-3.5.30/usr/bin/";
            this.clientPort = clientPort;
            String client = "http://127.0.0.1:" + clientPort;
            String peer = all.get(index).peerUrls().getFirst();
            String cluster =
                    String.join(
                            ",",
                            all.stream()
                                    .map(m -> m.name() + "=" + m.peerUrls().getFirst())
                                    .toList());
            process =
                    new ProcessBuilder(
                                    bin + "etcd",
                                    "--name=m" + index,
                                    "--data-dir=" + dir.resolve("m" + index),
                                    "--listen-client-urls=" + client,
                                    "--advertise-client-urls=" + client,
                                    "--listen-peer-urls=" + peer,
                                    "--initial-advertise-peer-urls=" + peer,
                                    "--initial-cluster=" + cluster,
                                    "--log-level=info")
                            .redirectErrorStream(true)
                            .redirectOutput(dir.resolve("m" + index + ".log").toFile())
                            .start();
        }

        /** What etcdctl prints; its time-out is short, the caller asks again. */
        String ctl(String... words) {
            List<String> command = new ArrayList<>();
            command.add(bin + "etcdctl");
            command.add("--endpoints=http://127.0.0.1:" + clientPort);
            command.add("--command-timeout=3s");
            command.addAll(Arrays.asList(words));
            try {
                Process ctl = new ProcessBuilder(command).redirectErrorStream(true).start();
                return new String(ctl.getInputStream().readAllBytes(), UTF_8);
            } catch (IOException e) {
                throw new IllegalStateException(e);
            }
        }

        void stop() throws InterruptedException {
            process.destroy();
            process.waitFor(10, TimeUnit.SECONDS);
        }

        @Override
        public void close() throws InterruptedException {
            process.destroyForcibly();
            process.waitFor(10, TimeUnit.SECONDS);
        }
    }
}
