package io.jarnetes.etcd.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import com.google.protobuf.Message;
import io.jarnetes.etcd.proto.etcdserverpb.InternalRaftRequest;
import io.jarnetes.etcd.proto.etcdserverpb.PutRequest;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A member whose applier stands still goes on writing, up to a bound, and then refuses. */
final class BackPressureTest {
    private static final int GAP = 5_000;
    private static final int BATCH = 500;
    private static final long WAIT_SECONDS = 30;

    @TempDir Path dir;

    @Test
    void whoAppliesTooSlowlyRefusesMore() throws Exception {
        try (TestCluster cluster = TestCluster.plain(dir, 1)) {
            cluster.startAll();
            EtcdMember member = cluster.server(0).member();
            CountDownLatch go = new CountDownLatch(1);
            CompletableFuture<Boolean> held = member.onApply(stores -> await(go));
            try {
                long begin = member.raft().committed();
                // It takes what the gap allows, and commits it without applying any.
                for (int i = 0; i < GAP; i += BATCH) {
                    fill(member, begin + i);
                }
                put(member);
                until(member, begin + GAP + 1);
                assertThatThrownBy(put(member)::join)
                        .hasRootCauseMessage("etcdserver: too many requests");
                assertThat(member.applied()).isLessThanOrEqualTo(begin);
            } finally {
                go.countDown();
            }
            assertThat(held.get(WAIT_SECONDS, TimeUnit.SECONDS)).isTrue();
            Eventually.until("all is applied", () -> member.applied() >= member.raft().committed());
            assertThat(put(member).get(WAIT_SECONDS, TimeUnit.SECONDS)).isNotNull();
        }
    }

    private static void fill(EtcdMember member, long from) {
        for (int i = 0; i < BATCH; i++) {
            put(member);
        }
        until(member, from + BATCH);
    }

    private static void until(EtcdMember member, long index) {
        Eventually.until("commits " + index, () -> member.raft().committed() >= index);
    }

    private static CompletableFuture<Message> put(EtcdMember member) {
        ByteString key = ByteString.copyFromUtf8("key");
        return member.proposeAsRoot(
                InternalRaftRequest.newBuilder().setPut(PutRequest.newBuilder().setKey(key)));
    }

    private static boolean await(CountDownLatch latch) {
        try {
            return latch.await(WAIT_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
