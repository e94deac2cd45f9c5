package io.jarnetes.etcd.server.peer;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.jarnetes.base.Eventually;
import io.jarnetes.etcd.raft.Entry;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import java.net.Socket;
import java.net.URI;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Members on real sockets. */
final class PeerTransportTest {

    private static String texts(TestMember m) {
        return m.applied().stream()
                .map(e -> new String(e.data(), UTF_8))
                .filter(s -> s.startsWith("v"))
                .collect(Collectors.joining(" "));
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void threeMembersElectReplicateAndHandOver(boolean tls) throws Exception {
        try (TestCluster cluster = new TestCluster(3, tls)) {
            TestMember leader = cluster.awaitLeader();
            TestMember other =
                    cluster.members().stream().filter(m -> m != leader).findFirst().orElseThrow();
            for (int i = 0; i < 200; i++) {
                TestMember proposer = i % 2 == 0 ? leader : other;
                byte[] data = ("v" + i).getBytes(UTF_8);
                // A follower drops what it is told before it has heard of its leader.
                Eventually.until("a leader for v" + i, () -> proposer.propose(data));
            }
            for (TestMember m : cluster.members()) {
                Eventually.until("200 entries", () -> texts(m).split(" ").length == 200);
                assertThat(texts(m)).isEqualTo(texts(leader));
                assertThat(m.transport().activePeers()).isEqualTo(2);
            }
            other.call(() -> {
                other.node().readIndex("r1".getBytes(UTF_8));
                return 0;
            });
            Eventually.until("the read", () -> !other.reads().isEmpty());
            leader.call(() -> {
                leader.node().transferLeadership(other.self().id());
                return 0;
            });
            Eventually.until("the new leader", () -> TestCluster.isLeader(other));
        }
    }

    @Test
    void aLostMemberIsNoticedAndTheOthersGoOn() throws Exception {
        try (TestCluster cluster = new TestCluster(3, false)) {
            TestMember leader = cluster.awaitLeader();
            leader.close();
            cluster.members().remove(leader);
            TestMember next = cluster.awaitLeader();
            Eventually.until(
                    "the lost member to be inactive",
                    () -> next.transport().activeSince(leader.self().id()) == null);
            Eventually.until("a leader for v1", () -> next.propose("v1".getBytes(UTF_8)));
            for (TestMember m : cluster.members()) {
                Eventually.until("the entry", () -> texts(m).equals("v1"));
            }
        }
    }

    @Test
    void whatFindsNoPlaceIsDroppedAndSaid() throws Exception {
        try (TestCluster cluster = new TestCluster(2, false)) {
            TestMember leader = cluster.awaitLeader();
            TestMember other =
                    cluster.members().stream().filter(m -> m != leader).findFirst().orElseThrow();
            other.overload();
            Eventually.until(
                    "a heartbeat to be dropped",
                    () ->
                            other.log()
                                    .has(
                                            "WARN dropped internal Raft message since receiving"
                                                    + " buffer is full (overloaded network)"
                                                    + " [message-type, MsgHeartbeat,"));
        }
    }

    /** What a stranger is told, with upstream's words. */
    @Test
    void strangersAreRefused() throws Exception {
        var group = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
        try (TestCluster cluster = new TestCluster(1, false)) {
            TestMember m = cluster.members().getFirst();
            PeerHttpClient client =
                    new PeerHttpClient(PeerLoops.nio(group, Runnable::run), () -> null);
            URI base = URI.create(m.self().peerUrls().getFirst());
            String cid = Long.toHexString(m.transport().context().config().clusterId());
            Map<String, String> good =
                    Map.of(
                            "X-Server-From", "99",
                            "X-Server-Version", "3.6.1",
                            "X-Min-Cluster-Version", "3.0.0",
                            "X-Etcd-Cluster-ID", cid);
            assertThat(ask(client, "GET", base, "/raft/stream/message/99", good))
                    .isEqualTo("404 error sender not found");
            assertThat(ask(client, "GET", base, "/raft/stream/nothing/99", good))
                    .isEqualTo("404 invalid path");
            assertThat(ask(client, "POST", base, "/raft/stream/message/99", good))
                    .isEqualTo("405 Method Not Allowed");
            assertThat(ask(client, "POST", base, "/raft", Map.of("X-Etcd-Cluster-ID", cid)))
                    .isEqualTo("412 incompatible version");
            assertThat(ask(client, "POST", base, "/raft", with(good, "X-Etcd-Cluster-ID", "1")))
                    .isEqualTo("412 cluster ID mismatch");
            assertThat(
                            ask(
                                    client,
                                    "POST",
                                    base,
                                    "/raft",
                                    with(good, "X-Min-Cluster-Version", "4.0.0")))
                    .isEqualTo("412 incompatible version");
            assertThat(ask(client, "GET", base, "/raft/probing", Map.of()))
                    .startsWith("200 {\"OK\":true,\"Now\":\"");
            assertThat(ask(client, "GET", base, "/nowhere", Map.of()))
                    .isEqualTo("404 404 page not found");
        } finally {
            group.shutdownGracefully(0, 1, TimeUnit.SECONDS);
        }
    }

    /** Who doesn't speak TLS, or brings no certificate, is told in the log and nowhere else. */
    @Test
    void failedHandshakesAreRejectedConnections() throws Exception {
        var group = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
        try (TestCluster cluster = new TestCluster(1, true)) {
            TestMember m = cluster.members().getFirst();
            URI base = URI.create(m.self().peerUrls().getFirst());
            try (Socket plain = new Socket(base.getHost(), base.getPort())) {
                plain.getOutputStream().write("GET / HTTP/1.1\r\n\r\n".getBytes(UTF_8));
                Eventually.until(
                        "the plain one",
                        () -> m.log().has("tls: first record does not look like a TLS handshake"));
            }
            new Socket(base.getHost(), base.getPort()).close();
            Eventually.until("the probe", () -> m.log().has("error, EOF"));
            SslContext nobody =
                    SslContextBuilder.forClient()
                            .trustManager(InsecureTrustManagerFactory.INSTANCE)
                            .build();
            PeerHttpClient client =
                    new PeerHttpClient(PeerLoops.nio(group, Runnable::run), () -> nobody);
            assertThat(client.request("GET", base.resolve("/version"), Map.of(), new byte[0], 5000))
                    .failsWithin(10, TimeUnit.SECONDS);
            Eventually.until(
                    "the one without a certificate",
                    () ->
                            m.log()
                                    .has(
                                            "WARN rejected connection on peer endpoint"
                                                    + " [remote-addr, 127.0.0.1:"));
            Eventually.until(
                    "why", () -> m.log().has("error, tls: client didn't provide a certificate"));
        } finally {
            group.shutdownGracefully(0, 1, TimeUnit.SECONDS);
        }
    }

    private static Map<String, String> with(Map<String, String> m, String key, String value) {
        Map<String, String> copy = new java.util.HashMap<>(m);
        copy.put(key, value);
        return copy;
    }

    private static String ask(
            PeerHttpClient client,
            String method,
            URI base,
            String path,
            Map<String, String> headers)
            throws Exception {
        PeerHttpClient.Response r =
                client.request(method, base.resolve(path), headers, Entry.NO_DATA, 5000)
                        .get(10, TimeUnit.SECONDS);
        return r.status() + " " + r.text().strip();
    }
}
