package io.jarnetes.etcd.client;

import static io.jarnetes.etcd.client.EtcdClient.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollIoHandler;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("peers")
class EtcdClientPeersTest {
    private static final byte[] A = Keys.utf8("a");
    private static final byte[] B = Keys.utf8("b");

    @TempDir Path dir;

    private interface Scenario {
        void run(RealEtcd etcd, EtcdClient client) throws Exception;
    }

    private void with(int members, Scenario scenario) throws Exception {
        var loops = new MultiThreadIoEventLoopGroup(1, EpollIoHandler.newFactory());
        try (RealEtcd etcd = new RealEtcd(dir, members)) {
            var config =
                    EtcdClientConfig.of(etcd.endpoints(), null)
                            .withRequestTimeout(Duration.ofSeconds(15));
            try (EtcdClient client = new EtcdClient(config, loops)) {
                scenario.run(etcd, client);
            }
        } finally {
            loops.shutdownGracefully(0, 1, TimeUnit.SECONDS).sync();
        }
    }

    @Test
    void keysTransactionsAndCompaction() throws Exception {
        with(
                1,
                (etcd, client) -> {
                    waitForLeader(client);
                    KvClient kv = client.kv();
                    assertThat(await(kv.put(A, Keys.utf8("1"))).header().revision()).isEqualTo(2);
                    KeyValue got = Objects.requireNonNull(await(kv.get(A)).first());
                    assertThat(new String(got.value())).isEqualTo("1");
                    var create =
                            new Op.Txn(
                                    List.of(Compare.modRevisionIs(A, 0)),
                                    List.of(Op.put(A, B)),
                                    List.of(Op.get(A)));
                    OpResult.Txn refused = await(kv.txn(create));
                    assertThat(refused.succeeded()).isFalse();
                    assertThat(((OpResult.Range) refused.results().getFirst()).kvs()).hasSize(1);
                    await(kv.put(B, B));
                    assertThat(await(kv.range(RangeOptions.prefix(new byte[0]))).count())
                            .isEqualTo(2);
                    assertThat(await(kv.delete(A)).deleted()).isEqualTo(1);
                    await(kv.compact(4, true));
                    assertThatThrownBy(() -> await(kv.range(RangeOptions.key(A).atRevision(2))))
                            .isInstanceOfSatisfying(
                                    EtcdException.class, e -> assertThat(e.isCompacted()).isTrue());
                    try (EtcdClient one = client.at(etcd.endpoints().getFirst())) {
                        assertThat(await(one.maintenance().status()).version()).startsWith("3.5.");
                        assertThat(await(one.maintenance().hashKv(0)).compactRevision())
                                .isEqualTo(4);
                    }
                    List<byte[]> blobs = new ArrayList<>();
                    await(client.maintenance().snapshot(blobs::add));
                    assertThat(blobs.getLast()).hasSize(32);
                });
    }

    @Test
    void leasesAreKeptAndRevoked() throws Exception {
        with(
                1,
                (etcd, client) -> {
                    waitForLeader(client);
                    long id = await(client.lease().grant(5, 0)).id();
                    await(client.kv().put(new Op.Put(A, A, id, false, false, false)));
                    BlockingQueue<Long> heard = new LinkedBlockingQueue<>();
                    var listener =
                            new LeaseKeeper.Listener() {
                                @Override
                                public void onAlive(long ttlSeconds) {
                                    heard.add(ttlSeconds);
                                }

                                @Override
                                public void onLost(@Nullable EtcdException reason) {
                                    heard.add(-1L);
                                }
                            };
                    try (LeaseKeeper keeper = client.lease().keepAlive(id, listener)) {
                        assertThat(heard.poll(5, TimeUnit.SECONDS)).isEqualTo(5);
                        assertThat(await(client.lease().timeToLive(id, true)).keys()).hasSize(1);
                        await(client.lease().revoke(id));
                        assertThat(heard.poll(10, TimeUnit.SECONDS)).isEqualTo(-1);
                    }
                    assertThat(await(client.kv().get(A)).count()).isZero();
                });
    }

    @Test
    void aWatchGoesOnAtAnotherMember() throws Exception {
        with(
                3,
                (etcd, client) -> {
                    waitForLeader(client);
                    Recorder recorder = new Recorder();
                    try (var watch = client.watch().start(WatchOptions.prefix(A), recorder)) {
                        recorder.next("created");
                        int sent = 0;
                        for (int killed = 0; killed < 3; killed++) {
                            putRetrying(client, sent++);
                            etcd.kill(killed);
                            putRetrying(client, sent++);
                            etcd.start(killed);
                            putRetrying(client, sent++);
                        }
                        List<Long> seen = new ArrayList<>();
                        while (seen.size() < sent) {
                            seen.add(recorder.nextEvent());
                        }
                        assertThat(seen).isSorted().doesNotHaveDuplicates();
                        watch.requestProgress();
                        recorder.next("progress");
                    }
                    recorder.next("closed 0");
                });
    }

    @Test
    void aWatchOfACompactedRevisionSaysSo() throws Exception {
        with(
                1,
                (etcd, client) -> {
                    waitForLeader(client);
                    await(client.kv().put(A, A));
                    await(client.kv().put(A, B));
                    await(client.kv().compact(3, false));
                    Recorder recorder = new Recorder();
                    client.watch().start(WatchOptions.key(A).from(1), recorder);
                    recorder.next(
                            "closed 3 io.jarnetes.etcd.client.EtcdException: etcdserver: mvcc:"
                                    + " required revision has been compacted");
                });
    }

    private static void putRetrying(EtcdClient client, int i) {
        for (int attempt = 0; ; attempt++) {
            try {
                await(client.kv().put(Keys.utf8("a" + i), A));
                return;
            } catch (EtcdException e) {
                if (attempt > 20) {
                    throw e;
                }
            }
        }
    }

    private static void waitForLeader(EtcdClient client) {
        await(client.kv().get(A));
    }

    private static final class Recorder implements WatchListener {
        private final BlockingQueue<Object> heard = new LinkedBlockingQueue<>();

        @Override
        public void onCreated(long revision) {
            heard.add("created");
        }

        @Override
        public void onEvents(long revision, List<Event> events) {
            events.forEach(e -> heard.add(e.kv().modRevision()));
        }

        @Override
        public void onProgress(long revision) {
            heard.add("progress");
        }

        @Override
        public void onClosed(long compactRevision, @Nullable EtcdException reason) {
            heard.add("closed " + compactRevision + (reason == null ? "" : " " + reason));
        }

        void next(String wanted) throws InterruptedException {
            Object got;
            do {
                got = heard("waiting for " + wanted);
            } while (!wanted.equals(got));
        }

        long nextEvent() throws InterruptedException {
            Object got;
            do {
                got = heard("waiting for an event");
                assertThat(String.valueOf(got)).doesNotStartWith("closed");
            } while (!(got instanceof Long));
            return (Long) got;
        }

        private Object heard(String why) throws InterruptedException {
            return Objects.requireNonNull(heard.poll(20, TimeUnit.SECONDS), why);
        }
    }
}
