package io.jarnetes.etcd.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import io.grpc.Context;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.NettyChannelBuilder;
import io.jarnetes.base.Eventually;
import io.jarnetes.etcd.proto.etcdserverpb.KVGrpc;
import io.jarnetes.etcd.proto.etcdserverpb.LeaseGrantRequest;
import io.jarnetes.etcd.proto.etcdserverpb.LeaseGrpc;
import io.jarnetes.etcd.proto.etcdserverpb.LeaseRevokeRequest;
import io.jarnetes.etcd.proto.etcdserverpb.RangeRequest;
import io.jarnetes.etcd.proto.v3electionpb.CampaignRequest;
import io.jarnetes.etcd.proto.v3electionpb.CampaignResponse;
import io.jarnetes.etcd.proto.v3electionpb.ElectionGrpc;
import io.jarnetes.etcd.proto.v3electionpb.LeaderKey;
import io.jarnetes.etcd.proto.v3electionpb.LeaderRequest;
import io.jarnetes.etcd.proto.v3electionpb.LeaderResponse;
import io.jarnetes.etcd.proto.v3electionpb.ProclaimRequest;
import io.jarnetes.etcd.proto.v3electionpb.ResignRequest;
import io.jarnetes.etcd.proto.v3lockpb.LockGrpc;
import io.jarnetes.etcd.proto.v3lockpb.LockRequest;
import io.jarnetes.etcd.proto.v3lockpb.LockResponse;
import io.jarnetes.etcd.proto.v3lockpb.UnlockRequest;
import java.net.URI;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The services that make others wait for their turn. */
class ElectionAndLockTest {
    private static final ByteString NAME = ByteString.copyFromUtf8("e");

    @TempDir private Path dir;
    private TestCluster cluster;
    private ManagedChannel channel;

    @BeforeEach
    void start() throws Exception {
        cluster = TestCluster.plain(dir, 1).startAll();
        URI url = cluster.endpoints().getFirst();
        channel =
                NettyChannelBuilder.forAddress(url.getHost(), url.getPort()).usePlaintext().build();
    }

    @AfterEach
    void stop() {
        channel.shutdownNow();
        cluster.close();
    }

    private long lease() {
        return LeaseGrpc.newBlockingStub(channel)
                .leaseGrant(LeaseGrantRequest.newBuilder().setTTL(60).build())
                .getID();
    }

    /** How many stand below {@code e/}. */
    private long waiting() {
        return KVGrpc.newBlockingStub(channel)
                .range(
                        RangeRequest.newBuilder()
                                .setKey(ByteString.copyFromUtf8("e/"))
                                .setRangeEnd(ByteString.copyFromUtf8("e0"))
                                .build())
                .getCount();
    }

    private static CampaignRequest campaign(long lease, String value) {
        return CampaignRequest.newBuilder()
                .setName(NAME)
                .setLease(lease)
                .setValue(ByteString.copyFromUtf8(value))
                .build();
    }

    private LeaderKey lead(String value) {
        return ElectionGrpc.newBlockingStub(channel)
                .withDeadlineAfter(20, TimeUnit.SECONDS)
                .campaign(campaign(lease(), value))
                .getLeader();
    }

    private void resign(LeaderKey leader) {
        ElectionGrpc.newBlockingStub(channel)
                .resign(ResignRequest.newBuilder().setLeader(leader).build());
    }

    @Test
    void aCampaignWaitsForThoseBeforeIt() throws Exception {
        LeaderKey first = lead("one");
        var stub = ElectionGrpc.newFutureStub(channel);
        Future<CampaignResponse> second = stub.campaign(campaign(lease(), "two"));
        Eventually.until("the second to stand in line", () -> waiting() == 2);
        Future<CampaignResponse> third = stub.campaign(campaign(lease(), "three"));
        Eventually.until("the third to stand in line", () -> waiting() == 3);
        resign(first);
        LeaderKey next = second.get(20, TimeUnit.SECONDS).getLeader();
        assertThat(third.isDone()).isFalse();
        resign(next);
        assertThat(third.get(20, TimeUnit.SECONDS).getLeader().getRev())
                .isGreaterThan(next.getRev());
    }

    @Test
    void whoGoesAwayLeavesTheLine() throws Exception {
        LeaderKey first = lead("one");
        Future<CampaignResponse> second =
                ElectionGrpc.newFutureStub(channel).campaign(campaign(lease(), "two"));
        Eventually.until("the second to stand in line", () -> waiting() == 2);
        second.cancel(true);
        Eventually.until("it to leave", () -> waiting() == 1);
        Future<LockResponse> locked =
                LockGrpc.newFutureStub(channel)
                        .lock(LockRequest.newBuilder().setName(NAME).build());
        Eventually.until("a lock to stand in the same line", () -> waiting() == 2);
        locked.cancel(true);
        Eventually.until("it to leave", () -> waiting() == 1);
        resign(first);
    }

    @Test
    void anObserverSeesWhatALeaderSaysAndWhoFollows() throws Exception {
        Context.CancellableContext watching = Context.current().withCancellation();
        Iterator<LeaderResponse> seen =
                watching.call(() ->
                        ElectionGrpc.newBlockingStub(channel)
                                .observe(LeaderRequest.newBuilder().setName(NAME).build()));
        LeaderKey first = lead("one");
        assertThat(value(seen)).isEqualTo("one");
        ElectionGrpc.newBlockingStub(channel)
                .proclaim(
                        ProclaimRequest.newBuilder()
                                .setLeader(first)
                                .setValue(ByteString.copyFromUtf8("more"))
                                .build());
        assertThat(value(seen)).isEqualTo("more");
        resign(first);
        lead("two");
        assertThat(value(seen)).isEqualTo("two");
        watching.cancel(null);
        assertThatThrownBy(seen::hasNext)
                .isInstanceOfSatisfying(
                        StatusRuntimeException.class,
                        e -> assertThat(e.getStatus().getCode()).isEqualTo(Status.Code.CANCELLED));
    }

    private static String value(Iterator<LeaderResponse> seen) {
        return seen.next().getKv().getValue().toStringUtf8();
    }

    @Test
    void aLockIsHeldByOneUntilItIsGivenBack() throws Exception {
        var stub = LockGrpc.newFutureStub(channel);
        LockRequest lock = LockRequest.newBuilder().setName(NAME).build();
        ByteString held = stub.lock(lock).get(20, TimeUnit.SECONDS).getKey();
        Future<LockResponse> second = stub.lock(lock);
        Eventually.until("the second to stand in line", () -> waiting() == 2);
        assertThat(second.isDone()).isFalse();
        UnlockRequest unlock = UnlockRequest.newBuilder().setKey(held).build();
        stub.unlock(unlock).get(20, TimeUnit.SECONDS);
        assertThat(second.get(20, TimeUnit.SECONDS).getKey()).isNotEqualTo(held);
        // Twice is no error.
        stub.unlock(unlock).get(20, TimeUnit.SECONDS);
    }

    @Test
    void whoseLeaseEndsWhileItWaitsIsTold() throws Exception {
        var stub = LockGrpc.newFutureStub(channel);
        LockRequest lock = LockRequest.newBuilder().setName(NAME).build();
        ByteString held = stub.lock(lock).get(20, TimeUnit.SECONDS).getKey();
        long lease = lease();
        Future<LockResponse> second = stub.lock(lock.toBuilder().setLease(lease).build());
        Eventually.until("the second to stand in line", () -> waiting() == 2);
        LeaseGrpc.newBlockingStub(channel)
                .leaseRevoke(LeaseRevokeRequest.newBuilder().setID(lease).build());
        stub.unlock(UnlockRequest.newBuilder().setKey(held).build()).get(20, TimeUnit.SECONDS);
        assertThatThrownBy(() -> second.get(20, TimeUnit.SECONDS))
                .isInstanceOf(ExecutionException.class)
                .cause()
                .isInstanceOfSatisfying(
                        StatusRuntimeException.class,
                        e -> {
                            assertThat(e.getStatus().getCode()).isEqualTo(Status.Code.UNKNOWN);
                            assertThat(e.getStatus().getDescription())
                                    .isEqualTo("mutex: session is expired");
                        });
    }
}
