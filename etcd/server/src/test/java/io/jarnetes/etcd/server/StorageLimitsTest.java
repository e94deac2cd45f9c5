package io.jarnetes.etcd.server;

import static io.jarnetes.etcd.client.EtcdClient.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import io.grpc.ManagedChannel;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.StreamObserver;
import io.jarnetes.base.Eventually;
import io.jarnetes.etcd.client.EtcdClient;
import io.jarnetes.etcd.client.KeyValue;
import io.jarnetes.etcd.client.Keys;
import io.jarnetes.etcd.client.MaintenanceClient.Alarm;
import io.jarnetes.etcd.client.Op;
import io.jarnetes.etcd.client.RangeOptions;
import io.jarnetes.etcd.proto.etcdserverpb.WatchCreateRequest;
import io.jarnetes.etcd.proto.etcdserverpb.WatchGrpc;
import io.jarnetes.etcd.proto.etcdserverpb.WatchRequest;
import io.jarnetes.etcd.proto.etcdserverpb.WatchResponse;
import io.jarnetes.etcd.proto.mvccpb.Event;
import io.jarnetes.etcd.storage.bbolt.Db;
import io.jarnetes.etcd.storage.bbolt.Options;
import io.jarnetes.etcd.storage.disk.Disk;
import io.jarnetes.etcd.storage.wal.Wal;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Where the storage rooms end: quota and its alarm, answers in parts, files that go. */
class StorageLimitsTest {
    private static final byte[] A = Keys.utf8("a");
    private static final int VALUE_BYTES = 500_000;
    private static final long QUOTA_BYTES = 8 << 20;

    @TempDir Path dir;

    private TestCluster alone(UnaryOperator<EtcdConfig.Storage> change) throws Exception {
        return new TestCluster(
                        dir,
                        1,
                        "http",
                        config -> config.withStorage(change.apply(config.storage())))
                .startAll();
    }

    private static EtcdConfig.Storage with(EtcdConfig.Storage s, long count, long quota) {
        return new EtcdConfig.Storage(
                count,
                10,
                2,
                2,
                quota,
                s.autoCompaction(),
                s.batchInterval(),
                s.batchLimit(),
                s.compactionBatchLimit(),
                s.compactionSleep(),
                s.unsafeNoFsync());
    }

    @Test
    void aFullDatabaseRefusesPutsUntilThereIsRoomAndTheAlarmIsTakenBack() throws Exception {
        try (TestCluster cluster = alone(s -> with(s, 10_000, QUOTA_BYTES))) {
            EtcdClient client = cluster.client();
            String full = "etcdserver: mvcc: database space exceeded";
            assertThatThrownBy(
                            () -> {
                                for (int i = 0; i < 100; i++) {
                                    await(client.kv().put(A, new byte[VALUE_BYTES]));
                                }
                            })
                    .hasMessageContaining(full);
            Eventually.until("the alarm", () -> await(client.maintenance().alarms()).size() == 1);
            Alarm alarm = await(client.maintenance().alarms()).getFirst();
            assertThat(alarm.type()).isEqualTo("NOSPACE");
            // With the alarm even the smallest put is refused; reads and deletions are not.
            assertThatThrownBy(() -> await(client.kv().put(A, A))).hasMessageContaining(full);
            assertThat(await(client.kv().get(A)).count()).isEqualTo(1);
            long revision = await(client.kv().delete(A)).header().revision();
            await(client.kv().compact(revision, true));
            await(client.maintenance().defragment());
            assertThat(await(client.maintenance().status()).dbSize()).isLessThan(QUOTA_BYTES / 4);
            assertThatThrownBy(() -> await(client.kv().put(A, A))).hasMessageContaining(full);
            await(client.maintenance().disarm(alarm));
            assertThat(await(client.maintenance().alarms())).isEmpty();
            await(client.kv().put(A, new byte[VALUE_BYTES]));
            cluster.stop(0);
            cluster.start(0);
            assertThat(await(client.maintenance().alarms())).isEmpty();
            assertThat(await(client.kv().get(A)).count()).isEqualTo(1);
        }
    }

    @Test
    void anAlarmOutlivesARestart() throws Exception {
        try (TestCluster cluster = alone(s -> with(s, 10_000, 1 << 20))) {
            EtcdClient client = cluster.client();
            assertThatThrownBy(
                            () -> {
                                for (int i = 0; i < 100; i++) {
                                    await(client.kv().put(A, new byte[VALUE_BYTES]));
                                }
                            })
                    .hasMessageContaining("database space exceeded");
            Eventually.until("the alarm", () -> await(client.maintenance().alarms()).size() == 1);
            cluster.stop(0);
            cluster.start(0);
            assertThat(await(client.maintenance().alarms())).hasSize(1);
            assertThatThrownBy(() -> await(client.kv().put(A, A)))
                    .hasMessageContaining("database space exceeded");
        }
    }

    @Test
    void aLargeAnswerOfAWatchComesInParts() throws Exception {
        try (TestCluster cluster = alone(UnaryOperator.identity())) {
            EtcdClient client = cluster.client();
            for (int i = 0; i < 8; i++) {
                await(client.kv().put(Keys.utf8("k" + i), new byte[VALUE_BYTES]));
            }
            List<WatchResponse> whole = watch(cluster, false);
            assertThat(whole).hasSize(1);
            List<WatchResponse> parts = watch(cluster, true);
            assertThat(parts).hasSizeGreaterThan(1);
            int most = cluster.config(0).limits().maxMessageBytes();
            List<Event> events = new ArrayList<>();
            for (int i = 0; i < parts.size(); i++) {
                WatchResponse part = parts.get(i);
                assertThat(part.getFragment()).isEqualTo(i < parts.size() - 1);
                assertThat(part.getSerializedSize()).isLessThan(most);
                assertThat(part.getHeader().getRevision())
                        .isEqualTo(whole.getFirst().getHeader().getRevision());
                events.addAll(part.getEventsList());
            }
            assertThat(events).isEqualTo(whole.getFirst().getEventsList());
        }
    }

    /** All that a watch from the beginning gets, up to what is there now. */
    private static List<WatchResponse> watch(TestCluster cluster, boolean fragment)
            throws InterruptedException {
        URI endpoint = cluster.endpoints().getFirst();
        ManagedChannel channel =
                NettyChannelBuilder.forAddress(endpoint.getHost(), endpoint.getPort())
                        .usePlaintext()
                        .maxInboundMessageSize(64 << 20)
                        .build();
        BlockingQueue<WatchResponse> came = new LinkedBlockingQueue<>();
        try {
            StreamObserver<WatchRequest> requests =
                    WatchGrpc.newStub(channel).watch(new Collecting(came));
            requests.onNext(
                    WatchRequest.newBuilder()
                            .setCreateRequest(
                                    WatchCreateRequest.newBuilder()
                                            .setKey(ByteString.copyFromUtf8("k"))
                                            .setRangeEnd(ByteString.copyFromUtf8("l"))
                                            .setStartRevision(1)
                                            .setFragment(fragment))
                            .build());
            List<WatchResponse> found = new ArrayList<>();
            int events = 0;
            while (events < 8) {
                WatchResponse next =
                        Objects.requireNonNull(
                                came.poll(20, TimeUnit.SECONDS), "the rest of eight events");
                if (next.getEventsCount() > 0) {
                    found.add(next);
                    events += next.getEventsCount();
                }
            }
            requests.onCompleted();
            return found;
        } finally {
            channel.shutdownNow();
        }
    }

    private record Collecting(BlockingQueue<WatchResponse> came)
            implements StreamObserver<WatchResponse> {
        @Override
        public void onNext(WatchResponse response) {
            came.add(response);
        }

        @Override
        public void onError(Throwable failure) {}

        @Override
        public void onCompleted() {}
    }

    @Test
    void snapshotsLetOldFilesGoAndTheRestIsEnough() throws Exception {
        try (TestCluster cluster = alone(s -> with(s, 20, 0))) {
            EtcdClient client = cluster.client();
            for (int i = 0; i < 300; i++) {
                await(client.kv().put(Keys.utf8("k" + i % 7), new byte[VALUE_BYTES]));
            }
            Path member = cluster.config(0).dataDir().resolve("member");
            Disk disk = Disk.real();
            // 150 MB went through segments of 64 MB.
            Eventually.until(
                    "no more than two segments",
                    () -> files(disk, member.resolve("wal"), ".wal").size() <= 2);
            assertThat(files(disk, member.resolve("snap"), ".snap")).hasSizeBetween(1, 2);
            cluster.stop(0);
            assertThat(Wal.validSnapshots(disk, member.resolve("wal"))).isNotEmpty();
            try (Db db = Db.open(disk, member.resolve("snap/db"), Options.DEFAULTS)) {
                assertThat(db.check()).isEmpty();
            }
            cluster.start(0);
            assertThat(await(client.kv().range(RangeOptions.prefix(new byte[0]))).count())
                    .isEqualTo(7);
        }
    }

    private static List<String> files(Disk disk, Path folder, String ending) {
        return disk.list(folder).stream().filter(name -> name.endsWith(ending)).toList();
    }

    @Test
    void aPhysicalCompactionIsOnDiskWhenItIsAnswered() throws Exception {
        try (TestCluster cluster = alone(UnaryOperator.identity())) {
            EtcdClient client = cluster.client();
            for (int i = 0; i < 3000; i++) {
                client.kv().put(new Op.Put(A, Keys.utf8("v" + i), 0, false, false, false));
            }
            Eventually.until(
                    "all puts",
                    () -> {
                        KeyValue now = await(client.kv().get(A)).first();
                        return now != null && now.version() == 3000;
                    });
            long revision = await(client.kv().get(A)).header().revision();
            await(client.kv().compact(revision, true));
            Path db = cluster.config(0).dataDir().resolve("member/snap/db");
            cluster.stop(0);
            try (Db stored = Db.open(Disk.real(), db, Options.DEFAULTS)) {
                long pairs =
                        stored.view(tx ->
                                count(
                                        Objects.requireNonNull(tx.bucket(Keys.utf8("key")))
                                                .cursor()));
                assertThat(pairs).isEqualTo(1);
            }
        }
    }

    private static long count(io.jarnetes.etcd.storage.bbolt.Cursor cursor) {
        long count = 0;
        for (boolean on = cursor.first(); on; on = cursor.next()) {
            count++;
        }
        return count;
    }
}
