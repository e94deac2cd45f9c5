package io.jarnetes.etcd.server;

import static io.jarnetes.etcd.client.EtcdClient.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jarnetes.base.Eventually;
import io.jarnetes.base.FreePorts;
import io.jarnetes.etcd.client.ClientTls;
import io.jarnetes.etcd.client.Compare;
import io.jarnetes.etcd.client.EtcdClient;
import io.jarnetes.etcd.client.EtcdException;
import io.jarnetes.etcd.client.KeyValue;
import io.jarnetes.etcd.client.Keys;
import io.jarnetes.etcd.client.Op;
import io.jarnetes.etcd.client.RangeOptions;
import io.jarnetes.etcd.client.WatchListener;
import io.jarnetes.etcd.client.WatchOptions;
import io.jarnetes.etcd.raft.ConfChangeType;
import io.jarnetes.etcd.storage.membership.Member;
import io.jarnetes.etcd.storage.membership.MemberJson;
import io.jarnetes.etcd.storage.membership.MembershipException;
import io.jarnetes.pki.SelfSigned;
import io.netty.handler.ssl.SslContext;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.List;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EtcdServerTest {
    private static final byte[] A = Keys.utf8("a");
    private static final byte[] B = Keys.utf8("b");

    @TempDir Path dir;

    @Test
    void aLoneMemberKeepsWhatItAcknowledged() throws Exception {
        try (TestCluster cluster = TestCluster.plain(dir, 1).startAll()) {
            EtcdClient client = cluster.client();
            assertThat(await(client.kv().put(A, B)).header().revision()).isEqualTo(2);
            var create =
                    new Op.Txn(
                            List.of(Compare.modRevisionIs(A, 0)),
                            List.of(Op.put(A, A)),
                            List.of(Op.get(A)));
            assertThat(await(client.kv().txn(create)).succeeded()).isFalse();
            assertThat(await(client.kv().delete(A)).deleted()).isEqualTo(1);
            await(client.kv().put(B, A));
            await(client.kv().compact(3, true));
            assertThatThrownBy(() -> await(client.kv().range(RangeOptions.key(A).atRevision(2))))
                    .isInstanceOfSatisfying(
                            EtcdException.class, e -> assertThat(e.isCompacted()).isTrue());
            cluster.stop(0);
            cluster.start(0);
            KeyValue kept = Objects.requireNonNull(await(client.kv().get(B)).first());
            assertThat(kept.modRevision()).isEqualTo(4);
            assertThat(await(client.kv().get(A)).count()).isZero();
            assertThat(await(client.maintenance().status()).storageVersion()).isEqualTo("3.6.0");
        }
    }

    /** The log still holds the change, and a restart goes through it again. */
    @Test
    void whoWasRefusedAsAMemberIsNoneAfterARestart() throws Exception {
        try (TestCluster cluster = TestCluster.plain(dir, 2).startAll()) {
            String taken = cluster.config(1).urls().advertisePeer().getFirst().toString();
            Member twin = Member.create("", List.of(taken), "", OptionalLong.of(1), false);
            CompletableFuture<Void> refused =
                    cluster.server(0)
                            .member()
                            .configure(ConfChangeType.ADD_NODE, twin.id(), MemberJson.encode(twin));
            assertThatThrownBy(() -> refused.get(10, TimeUnit.SECONDS))
                    .hasCauseInstanceOf(MembershipException.class);
            cluster.stop(0);
            cluster.stop(1);
            cluster.startAll();
            for (int i = 0; i < 2; i++) {
                var status = cluster.server(i).member().raftStatus().get(10, TimeUnit.SECONDS);
                assertThat(status.confState().voters()).hasSize(2);
            }
        }
    }

    @Test
    void watchesSeeThePastAndThePresent() throws Exception {
        try (TestCluster cluster = TestCluster.plain(dir, 1).startAll()) {
            EtcdClient client = cluster.client();
            BlockingQueue<Long> seen = new LinkedBlockingQueue<>();
            await(client.kv().put(A, A));
            try (var watch =
                    client.watch().start(WatchOptions.prefix(A).from(1), recording(seen))) {
                await(client.kv().put(Keys.utf8("ab"), A));
                await(client.kv().put(B, A));
                await(client.kv().delete(A));
                assertThat(seen.poll(10, TimeUnit.SECONDS)).isEqualTo(2);
                assertThat(seen.poll(10, TimeUnit.SECONDS)).isEqualTo(3);
                assertThat(seen.poll(10, TimeUnit.SECONDS)).isEqualTo(5);
                watch.requestProgress();
                assertThat(seen.poll(10, TimeUnit.SECONDS)).isEqualTo(-5);
            }
        }
    }

    private static WatchListener recording(BlockingQueue<Long> seen) {
        return new WatchListener() {
            @Override
            public void onEvents(long revision, List<Event> events) {
                events.forEach(e -> seen.add(e.kv().modRevision()));
            }

            @Override
            public void onProgress(long revision) {
                seen.add(-revision);
            }

            @Override
            public void onClosed(long compactRevision, @Nullable EtcdException reason) {}
        };
    }

    @Test
    void aLeaseThatRunsOutTakesItsKeysAlong() throws Exception {
        try (TestCluster cluster = TestCluster.plain(dir, 1).startAll()) {
            EtcdClient client = cluster.client();
            long id = await(client.lease().grant(1, 0)).id();
            await(client.kv().put(new Op.Put(A, A, id, false, false, false)));
            assertThat(await(client.lease().timeToLive(id, true)).keys()).hasSize(1);
            Eventually.until(
                    "the key of a lease that ran out",
                    () -> await(client.kv().get(A)).count() == 0);
            assertThat(await(client.lease().timeToLive(id, false)).ttlSeconds()).isEqualTo(-1);
        }
    }

    @Test
    void threeMembersGoOnWhenTheLeaderLeaves() throws Exception {
        try (TestCluster cluster = TestCluster.plain(dir, 3).startAll()) {
            EtcdClient client = cluster.client();
            await(client.kv().put(A, A));
            assertThat(await(client.cluster().list(true)).members())
                    .allSatisfy(m -> assertThat(m.name()).startsWith("m"));
            int leader = cluster.leader();
            cluster.stop(leader);
            putRetrying(client, B);
            cluster.start(leader);
            assertThat(await(client.kv().range(RangeOptions.prefix(new byte[0]))).count())
                    .isEqualTo(2);
            sameHashes(cluster);
        }
    }

    private static void putRetrying(EtcdClient client, byte[] key) {
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

    private static void sameHashes(TestCluster cluster) {
        long revision = await(cluster.client().kv().get(A)).header().revision();
        List<Integer> hashes =
                cluster.endpoints().stream()
                        .map(e -> hash(cluster.client(List.of(e), null), revision))
                        .distinct()
                        .toList();
        assertThat(hashes).hasSize(1);
    }

    private static int hash(EtcdClient client, long revision) {
        await(client.kv().get(A));
        return await(client.maintenance().hashKv(revision)).hash();
    }

    @Test
    void threeMembersOverTls() throws Exception {
        Path cert = dir.resolve("cert.pem");
        Path key = dir.resolve("key.pem");
        SelfSigned.ensure(cert, key, List.of("127.0.0.1"), Clock.systemUTC(), new SecureRandom());
        // The file holds the leaf and its authority: it serves as all three.
        EtcdConfig.Tls tls = EtcdConfig.Tls.of(cert, key, cert);
        try (TestCluster cluster =
                new TestCluster(dir, 3, "https", config -> config.withTls(tls, tls)).startAll()) {
            SslContext context = ClientTls.fromPem(cert, cert, key);
            await(cluster.client(context).kv().put(A, A));
            EtcdClient stranger = cluster.client(ClientTls.fromPem(cert, null, null));
            assertThatThrownBy(() ->
                            await(
                                    stranger.kv()
                                            .withTimeout(java.time.Duration.ofSeconds(2))
                                            .get(A)))
                    .isInstanceOf(EtcdException.class);
        }
    }

    @Test
    void oneMoreMemberJoinsAndLeaves() throws Exception {
        try (TestCluster cluster = TestCluster.plain(dir, 1).startAll()) {
            EtcdClient client = cluster.client();
            await(client.kv().put(A, A));
            List<Integer> ports = FreePorts.take(2);
            URI clientUrl = TestCluster.url("http", ports.get(0));
            URI peerUrl = TestCluster.url("http", ports.get(1));
            var added = await(client.cluster().add(List.of(peerUrl.toString()), true));
            EtcdConfig config =
                    EtcdConfig.of("joined", dir.resolve("joined"), clientUrl, peerUrl)
                            .withExistingCluster(
                                    java.util.Map.of(
                                            "m0",
                                            cluster.config(0).cluster().initial().get("m0"),
                                            "joined",
                                            List.of(peerUrl.toString())),
                                    "test");
            try (EtcdServer joined =
                    EtcdServer.start(config, cluster.runtime(), io.jarnetes.base.log.Log.none())) {
                joined.awaitReady(TestCluster.READY_MILLIS);
                assertThat(joined.member().isLearner()).isTrue();
                long id = added.member().id();
                Eventually.until(
                        "the promotion of a learner that caught up",
                        () -> succeeds(() -> await(client.cluster().promote(id))));
                await(client.kv().put(B, B));
                // Refused until the members have been in touch for five seconds.
                Eventually.until(
                        "the removal of a member",
                        () -> succeeds(() -> await(client.cluster().remove(id))));
                joined.failure().get(20, TimeUnit.SECONDS);
            }
            await(client.kv().put(B, A));
            assertThat(await(client.cluster().list(true)).members()).hasSize(1);
        }
    }

    @Test
    void theClientPortSpeaksHttpToo() throws Exception {
        try (TestCluster cluster = TestCluster.plain(dir, 1).startAll();
                HttpClient http = HttpClient.newHttpClient()) {
            URI base = cluster.endpoints().getFirst();
            assertThat(get(http, base, "/health"))
                    .isEqualTo("{\"health\":\"true\",\"reason\":\"\"}");
            assertThat(get(http, base, "/version"))
                    .contains("\"etcdserver\":\"3.6.")
                    .contains("\"etcdcluster\":\"3.6.0\"");
            assertThat(get(http, base, "/readyz?verbose")).contains("[+]linearizable_read ok");
            assertThat(get(http, base, "/metrics"))
                    .contains("etcd_server_has_leader 1")
                    .contains("etcd_disk_wal_fsync_duration_seconds_bucket")
                    .contains("etcd_mvcc_db_total_size_in_bytes");
            assertThat(get(http, base, "/v2/keys/a")).contains("is not there yet");
        }
    }

    private static String get(HttpClient http, URI base, String path) throws Exception {
        return http.send(
                        HttpRequest.newBuilder(URI.create(base + path))
                                .version(HttpClient.Version.HTTP_1_1)
                                .build(),
                        HttpResponse.BodyHandlers.ofString())
                .body();
    }

    @Test
    void aPortInUseIsToldInOneSentence() throws Exception {
        try (TestCluster cluster = TestCluster.plain(dir, 1).startAll()) {
            EtcdConfig config = cluster.config(0);
            assertThatThrownBy(() ->
                            EtcdServer.start(
                                    config, cluster.runtime(), io.jarnetes.base.log.Log.none()))
                    .hasMessageContaining("listen tcp 127.0.0.1")
                    .hasMessageContaining("in use");
        }
    }

    @Test
    void aSnapshotBringsALateMemberUp() throws Exception {
        try (TestCluster cluster =
                new TestCluster(
                        dir,
                        3,
                        "http",
                        config ->
                                config.withStorage(
                                        new EtcdConfig.Storage(
                                                20,
                                                5,
                                                5,
                                                5,
                                                0,
                                                null,
                                                java.time.Duration.ofMillis(100),
                                                10_000,
                                                1_000,
                                                java.time.Duration.ofMillis(10),
                                                false)))) {
            cluster.startAll();
            EtcdClient client = cluster.client();
            int late = (cluster.leader() + 1) % 3;
            cluster.stop(late);
            for (int i = 0; i < 100; i++) {
                putRetrying(client, Keys.utf8("k" + i));
            }
            cluster.start(late);
            sameHashes(cluster);
        }
    }
}
