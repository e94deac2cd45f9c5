package io.jarnetes.etcd.server;

import static io.jarnetes.etcd.client.EtcdClient.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jarnetes.base.Eventually;
import io.jarnetes.base.FreePorts;
import io.jarnetes.etcd.client.ClusterClient;
import io.jarnetes.etcd.client.EtcdClient;
import io.jarnetes.etcd.client.EtcdException;
import io.jarnetes.etcd.client.Keys;
import io.jarnetes.etcd.client.RangeOptions;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Members that come, go, move and are replaced, as an operator does it. */
class MembershipTest {
    private static final byte[] A = Keys.utf8("a");
    private static final byte[] B = Keys.utf8("b");

    @TempDir Path dir;

    /** Without the checks that make an operator wait for five seconds of health. */
    private static EtcdConfig lax(EtcdConfig config) {
        EtcdConfig.Cluster c = config.cluster();
        return config.withCluster(
                new EtcdConfig.Cluster(
                        c.initial(), c.existing(), c.token(), false, c.forceNew(), 1));
    }

    private TestCluster lax(int members) throws Exception {
        return new TestCluster(dir, members, "http", MembershipTest::lax).startAll();
    }

    private static long id(TestCluster cluster, int i) {
        return cluster.server(i).member().memberId();
    }

    private static void put(EtcdClient client, byte[] key) {
        Eventually.until(
                "an acknowledged put", () -> succeeds(() -> await(client.kv().put(key, key))));
    }

    private static boolean succeeds(Runnable call) {
        try {
            call.run();
            return true;
        } catch (EtcdException e) {
            return false;
        }
    }

    private static long count(EtcdClient client) {
        return await(client.kv().range(RangeOptions.prefix(new byte[0]))).count();
    }

    private static void requireLeft(TestCluster cluster, int i) throws Exception {
        assertThat(cluster.server(i).failure().get(30, TimeUnit.SECONDS))
                .hasMessage("the member has been permanently removed from the cluster");
        assertThat(cluster.log(i))
                .contains(
                        "\"msg\":\"server error\",\"error\":\"the member has been permanently"
                                + " removed from the cluster\"")
                .contains("\"msg\":\"data-dir used by this member must be removed\"");
        cluster.stop(i);
    }

    /** Of two members only the leader knows that its own removal is committed. */
    @Test
    void theLeaderOfTwoIsRemovedAndTheOtherGoesOn() throws Exception {
        try (TestCluster cluster = lax(2)) {
            int leader = cluster.leader();
            int other = 1 - leader;
            put(cluster.client(), A);
            await(cluster.clientOf(leader).cluster().remove(id(cluster, leader)));
            requireLeft(cluster, leader);
            put(cluster.clientOf(other), B);
            assertThat(await(cluster.clientOf(other).cluster().list(true)).members()).hasSize(1);
            assertThat(cluster.log(other))
                    .contains("\"msg\":\"removed member\"")
                    .contains("\"removed-remote-peer-id\"");
        }
    }

    @Test
    void aMemberRemovedWhileItWasDownIsToldWhenItComesBack() throws Exception {
        try (TestCluster cluster = lax(3)) {
            int down = (cluster.leader() + 1) % 3;
            long id = id(cluster, down);
            cluster.stop(down);
            await(cluster.clientOf((down + 1) % 3, (down + 2) % 3).cluster().remove(id));
            cluster.begin(down);
            requireLeft(cluster, down);
        }
    }

    /** The disk is lost: told what to do, removed, added anew, and whole again; checks are on. */
    @Test
    void aMemberThatLostItsDiskIsReplaced() throws Exception {
        try (TestCluster cluster = TestCluster.plain(dir, 3).startAll()) {
            int lost = (cluster.leader() + 1) % 3;
            EtcdClient client = cluster.clientOf((lost + 1) % 3, (lost + 2) % 3);
            put(client, A);
            long id = id(cluster, lost);
            cluster.stop(lost);
            delete(cluster.config(lost).dataDir());
            assertThatThrownBy(() -> cluster.begin(lost))
                    .isInstanceOf(BootException.class)
                    .hasMessageContaining(
                            "member " + Ids.hex(id) + " has already been bootstrapped")
                    .hasMessageContaining("member remove")
                    .hasMessageContaining("member add");
            await(client.cluster().remove(id));
            List<String> urls = cluster.initial(lost).values().iterator().next();
            // Refused until the two that are left have been in touch for five seconds.
            Eventually.until(
                    "the new member",
                    () -> succeeds(() -> await(client.cluster().add(urls, false))));
            delete(cluster.config(lost).dataDir());
            cluster.configure(lost, c -> c.withExistingCluster(cluster.initial(0, 1, 2), "test"));
            cluster.start(lost);
            put(cluster.clientOf(lost), B);
            assertThat(count(cluster.clientOf(lost))).isEqualTo(2);
            assertThat(id(cluster, lost)).isNotEqualTo(id);
        }
    }

    private static void delete(Path directory) throws Exception {
        try (Stream<Path> all = Files.walk(directory)) {
            for (Path path : all.sorted(java.util.Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }

    /** Another token, other ids: the same URLs are no way in. */
    @Test
    void membersOfAnotherTokenStayApart() throws Exception {
        try (TestCluster cluster = lax(3)) {
            put(cluster.client(), A);
            int stranger = (cluster.leader() + 1) % 3;
            cluster.stop(stranger);
            delete(cluster.config(stranger).dataDir());
            cluster.configure(
                    stranger, c -> c.withInitialCluster(cluster.initial(0, 1, 2), "another"));
            cluster.begin(stranger);
            Eventually.until(
                    "the refusal",
                    () ->
                            cluster.log(stranger)
                                    .contains(
                                            "request sent was ignored by remote peer due to cluster"
                                                    + " ID mismatch"));
            int leader = cluster.leader();
            Eventually.until(
                    "the other side's word",
                    () -> cluster.log(leader).contains("request cluster ID mismatch"));
            assertThat(cluster.server(stranger).member().hasLeader()).isFalse();
            put(cluster.clientOf(leader), B);
        }
    }

    @Test
    void aMemberMovesToAnotherUrl() throws Exception {
        try (TestCluster cluster = lax(3)) {
            int moved = (cluster.leader() + 1) % 3;
            URI url = TestCluster.url("http", FreePorts.take(1).getFirst());
            EtcdClient client = cluster.clientOf((moved + 1) % 3, (moved + 2) % 3);
            await(client.cluster().update(id(cluster, moved), List.of(url.toString())));
            cluster.stop(moved);
            put(client, A);
            cluster.configure(moved, c -> c.withUrls(withPeer(c.urls(), url)));
            cluster.start(moved);
            put(cluster.clientOf(moved), B);
            assertThat(count(cluster.clientOf(moved))).isEqualTo(2);
            ClusterClient.Member told =
                    await(client.cluster().list(true)).members().stream()
                            .filter(m -> m.id() == id(cluster, moved))
                            .findFirst()
                            .orElseThrow();
            assertThat(told.peerUrls()).containsExactly(url.toString());
            assertThat(cluster.log(cluster.leader())).contains("\"msg\":\"updated member\"");
        }
    }

    private static EtcdConfig.Urls withPeer(EtcdConfig.Urls urls, URI peer) {
        return new EtcdConfig.Urls(
                List.of(peer),
                urls.listenClient(),
                urls.listenMetrics(),
                urls.listenClientHttp(),
                List.of(peer),
                urls.advertiseClient());
    }

    /** {@code --strict-reconfig-check}, with upstream's reasons. */
    @Test
    void whatWouldEndangerTheQuorumIsRefused() throws Exception {
        try (TestCluster cluster = TestCluster.plain(dir, 3).startAll()) {
            List<String> nowhere = List.of("http://127.0.0.1:1");
            EtcdClient client = cluster.client();
            long leader = id(cluster, cluster.leader());
            int down = (cluster.leader() + 1) % 3;
            int left = 3 - cluster.leader() - down;
            EtcdClient asked = cluster.clientOf(cluster.leader());
            cluster.stop(down);
            assertThatThrownBy(() -> await(asked.cluster().add(nowhere, false)))
                    .hasMessage("etcdserver: unhealthy cluster");
            assertThatThrownBy(() -> await(asked.cluster().remove(id(cluster, left))))
                    .hasMessage("etcdserver: unhealthy cluster");
            cluster.start(down);
            Eventually.until(
                    "a new member, once all are healthy",
                    () -> succeeds(() -> await(asked.cluster().add(nowhere, false))));
            List<String> known = List.of(nowhere.getFirst(), "http://127.0.0.1:9");
            assertThatThrownBy(() -> await(asked.cluster().add(known, true)))
                    .hasMessage("etcdserver: Peer URLs already exists");
            // Three of five that have started are a quorum, three of six are none.
            await(asked.cluster().add(List.of("http://127.0.0.1:2"), false));
            assertThatThrownBy(
                            () -> await(asked.cluster().add(List.of("http://127.0.0.1:3"), false)))
                    .hasMessage(
                            "etcdserver: re-configuration failed due to not enough started"
                                    + " members");
            assertThatThrownBy(() -> await(client.cluster().remove(leader + 1)))
                    .hasMessage("etcdserver: member not found");
            assertThatThrownBy(() -> await(client.cluster().promote(leader)))
                    .hasMessage("etcdserver: can only promote a learner member");
        }
    }

    /** {@code --force-new-cluster}: one member is a cluster again, with all that was written. */
    @Test
    void oneMemberOfThreeIsMadeAClusterOfItsOwn() throws Exception {
        try (TestCluster cluster = lax(3)) {
            put(cluster.client(), A);
            for (int i = 0; i < 3; i++) {
                cluster.stop(i);
            }
            cluster.configure(1, MembershipTest::forced);
            cluster.start(1);
            put(cluster.clientOf(1), B);
            assertThat(count(cluster.clientOf(1))).isEqualTo(2);
            assertThat(await(cluster.clientOf(1).cluster().list(true)).members()).hasSize(1);
            assertThat(cluster.log(1)).contains("\"msg\":\"forcing restart member\"");
            // From here on it starts as any other.
            cluster.stop(1);
            cluster.configure(1, MembershipTest::lax);
            cluster.start(1);
            assertThat(count(cluster.clientOf(1))).isEqualTo(2);
        }
    }

    private static EtcdConfig forced(EtcdConfig config) {
        EtcdConfig.Cluster c = config.cluster();
        return config.withCluster(
                new EtcdConfig.Cluster(
                        c.initial(), c.existing(), c.token(), c.strictReconfigCheck(), true, 1));
    }

    @Test
    void aLearnerIsMadeAClusterOfItsOwn() throws Exception {
        try (TestCluster cluster = lax(1)) {
            put(cluster.client(), A);
            int learner = joined(cluster, "learner", true);
            put(cluster.clientOf(0), B);
            Eventually.until(
                    "the learner to have both",
                    () -> cluster.server(learner).member().stores().mvcc().revision() == 3);
            cluster.stop(0);
            cluster.stop(learner);
            cluster.configure(learner, MembershipTest::forced);
            cluster.start(learner);
            assertThat(count(cluster.clientOf(learner))).isEqualTo(2);
            assertThat(cluster.server(learner).member().isLearner()).isFalse();
        }
    }

    /** A member that asks another one than the leader to be promoted, and the words for it. */
    @Test
    void aLearnerIsPromotedThroughAFollower() throws Exception {
        try (TestCluster cluster = lax(2)) {
            int follower = 1 - cluster.leader();
            int learner = joined(cluster, "learner", true);
            EtcdClient asked = cluster.clientOf(follower);
            Eventually.until(
                    "the promotion of a learner that caught up",
                    () -> succeeds(() -> await(asked.cluster().promote(id(cluster, learner)))));
            Eventually.until(
                    "the learner to know it", () -> !cluster.server(learner).member().isLearner());
            assertThatThrownBy(() -> await(asked.cluster().promote(id(cluster, learner))))
                    .hasMessage("etcdserver: can only promote a learner member");
            assertThatThrownBy(() -> await(asked.cluster().promote(1)))
                    .hasMessage("etcdserver: member not found");
            assertThat(cluster.log(follower)).contains("\"msg\":\"promote member\"");
        }
    }

    private int joined(TestCluster cluster, String name, boolean learner) throws Exception {
        List<Integer> ports = FreePorts.take(2);
        URI peer = TestCluster.url("http", ports.get(1));
        await(cluster.client().cluster().add(List.of(peer.toString()), learner));
        Map<String, List<String>> initial =
                new LinkedHashMap<>(cluster.config(0).cluster().initial());
        initial.put(name, List.of(peer.toString()));
        EtcdConfig config =
                lax(
                        EtcdConfig.of(
                                        name,
                                        dir.resolve(name),
                                        TestCluster.url("http", ports.get(0)),
                                        peer)
                                .withExistingCluster(initial, "test"));
        int index = cluster.add(config);
        cluster.start(index);
        return index;
    }

    /** What a transfer that broke off left behind is gone when the member is there again. */
    @Test
    void leftOversOfTransfersAreDeleted() throws Exception {
        try (TestCluster cluster = lax(1)) {
            cluster.stop(0);
            Path half = cluster.config(0).snapPath().resolve("tmp4711");
            Files.writeString(half, "half a database");
            cluster.start(0);
            assertThat(half).doesNotExist();
        }
    }

    /** One member of two is gone: it answers from its own store, and says that it can't else. */
    @Test
    void withoutAQuorumOnlySerializableReadsAreAnswered() throws Exception {
        try (TestCluster cluster = lax(2)) {
            put(cluster.client(), A);
            cluster.stop(1);
            EtcdClient client = cluster.clientOf(0);
            assertThat(await(client.kv().range(RangeOptions.key(A).asSerializable())).count())
                    .isEqualTo(1);
            assertThatThrownBy(
                            () -> await(client.kv().withTimeout(Duration.ofSeconds(60)).put(A, B)))
                    .hasMessageStartingWith("etcdserver: request timed out");
            assertThatThrownBy(() -> await(client.kv().withTimeout(Duration.ofSeconds(2)).get(A)))
                    .isInstanceOf(EtcdException.class);
        }
    }
}
