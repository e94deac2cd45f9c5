package io.jarnetes.etcd.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import com.google.protobuf.Message;
import io.jarnetes.base.Eventually;
import io.jarnetes.etcd.proto.etcdserverpb.InternalRaftRequest;
import io.jarnetes.etcd.proto.etcdserverpb.PutRequest;
import io.jarnetes.etcd.raft.Entry;
import io.jarnetes.etcd.raft.EntryType;
import io.jarnetes.etcd.raft.MessageType;
import io.jarnetes.etcd.server.apply.ApplyResult;
import io.jarnetes.etcd.server.peer.ReceiveBufferFullException;
import io.jarnetes.etcd.server.peer.ReceiveBuffers;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A member one of whose threads stands still takes more up to a bound, and then refuses. */
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

    @Test
    void whatWaitsForRaftIsBounded() throws Exception {
        try (TestCluster cluster = TestCluster.plain(dir, 1)) {
            cluster.startAll();
            MemberCore core = cluster.server(0).member().core();
            EtcdMember member = cluster.server(0).member();
            CountDownLatch go = new CountDownLatch(1);
            CompletableFuture<Boolean> held = core.onRaft(driver -> await(go));
            List<CompletableFuture<Message>> taken = new ArrayList<>();
            try {
                while (core.proposals().hasRoom()) {
                    taken.add(put(member));
                }
                assertThat(taken).hasSize(Proposals.MAX_WAITING);
                assertThatThrownBy(put(member)::join)
                        .hasRootCauseMessage("etcdserver: too many requests");
                takesSoManyOf(core, 2, MessageType.MSG_HEARTBEAT_RESP);
                // Neither another sort nor another peer is held back by that.
                takesSoManyOf(core, 2, MessageType.MSG_PROP);
                takesSoManyOf(core, 3, MessageType.MSG_HEARTBEAT_RESP);
            } finally {
                go.countDown();
            }
            assertThat(held.get(WAIT_SECONDS, TimeUnit.SECONDS)).isTrue();
            for (CompletableFuture<Message> put : taken) {
                assertThat(put.get(WAIT_SECONDS, TimeUnit.SECONDS)).isNotNull();
            }
            core.step(message(2, MessageType.MSG_HEARTBEAT_RESP));
            assertThat(put(member).get(WAIT_SECONDS, TimeUnit.SECONDS)).isNotNull();
        }
    }

    private static void takesSoManyOf(MemberCore core, long peer, MessageType type) {
        for (int i = 0; i < ReceiveBuffers.SIZE; i++) {
            core.step(message(peer, type));
        }
        assertThatThrownBy(() -> core.step(message(peer, type)))
                .isInstanceOf(ReceiveBufferFullException.class);
    }

    private static io.jarnetes.etcd.raft.Message message(long from, MessageType type) {
        return io.jarnetes.etcd.raft.Message.of(type)
                .from(from)
                .entries(
                        type == MessageType.MSG_PROP
                                ? List.of(Entry.proposal(EntryType.NORMAL, Entry.NO_DATA))
                                : List.of())
                .build();
    }

    @Test
    void dataThatWaitsIsBoundedToo() {
        Proposals proposals = new Proposals(Long.MAX_VALUE);
        long each = Proposals.MAX_WAITING_BYTES / 4;
        for (int i = 0; i < 4; i++) {
            assertThat(proposals.hasRoom()).isTrue();
            proposals.register(i, (int) each, Runnable::run);
        }
        assertThat(proposals.hasRoom()).isFalse();
        proposals.done(0, new ApplyResult(null, null));
        proposals.flush();
        assertThat(proposals.hasRoom()).isTrue();
        proposals.register(4, (int) each, Runnable::run);
        proposals.fail(1, new IllegalStateException("no more"));
        assertThat(proposals.hasRoom()).isTrue();
        proposals.register(5, (int) each, Runnable::run);
        proposals.failAll(new IllegalStateException("the end"));
        assertThat(proposals.hasRoom()).isTrue();
        assertThat(proposals.pending()).isZero();
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
