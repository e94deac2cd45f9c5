package io.jarnetes.etcd.server;

import static io.jarnetes.etcd.client.EtcdClient.await;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.netty.NettyChannelBuilder;
import io.jarnetes.base.Eventually;
import io.jarnetes.etcd.client.Keys;
import io.jarnetes.etcd.proto.etcdserverpb.ClusterGrpc;
import io.jarnetes.etcd.proto.etcdserverpb.KVGrpc;
import io.jarnetes.etcd.proto.etcdserverpb.LeaseGrpc;
import io.jarnetes.etcd.proto.etcdserverpb.LeaseTimeToLiveRequest;
import io.jarnetes.etcd.proto.etcdserverpb.MemberPromoteRequest;
import io.jarnetes.etcd.proto.etcdserverpb.MemberUpdateRequest;
import io.jarnetes.etcd.proto.etcdserverpb.PutRequest;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a member says that has no leader, and has had none since it was asked. */
class LostQuorumTest {
    private static final byte[] A = Keys.utf8("a");

    @TempDir Path dir;

    @Test
    void proposalsRunIntoTheirDeadlineAndQuestionsToTheLeaderHaveNone() throws Exception {
        try (TestCluster cluster = TestCluster.plain(dir, 2).startAll()) {
            await(cluster.client().kv().put(A, A));
            int left = cluster.leader();
            cluster.stop(1 - left);
            EtcdMember member = cluster.server(left).member();
            Eventually.until("no leader", () -> member.raft().lead() == 0);
            URI url = cluster.endpoints().get(left);
            ManagedChannel channel =
                    NettyChannelBuilder.forAddress(url.getHost(), url.getPort())
                            .usePlaintext()
                            .build();
            try {
                var kv = KVGrpc.newFutureStub(channel);
                var members = ClusterGrpc.newFutureStub(channel);
                var lease = LeaseGrpc.newFutureStub(channel);
                List<Future<?>> proposals =
                        List.of(
                                kv.put(
                                        PutRequest.newBuilder()
                                                .setKey(ByteString.copyFrom(A))
                                                .build()),
                                members.memberUpdate(
                                        MemberUpdateRequest.newBuilder().setID(5).build()));
                List<Future<?>> questions =
                        List.of(
                                lease.leaseTimeToLive(
                                        LeaseTimeToLiveRequest.newBuilder().setID(5).build()),
                                members.memberPromote(
                                        MemberPromoteRequest.newBuilder().setID(5).build()));
                for (Future<?> proposal : proposals) {
                    Status status = failure(proposal);
                    assertThat(status.getCode()).isEqualTo(Status.Code.DEADLINE_EXCEEDED);
                    assertThat(status.getDescription()).isEqualTo("context deadline exceeded");
                }
                for (Future<?> question : questions) {
                    Status status = failure(question);
                    assertThat(status.getCode()).isEqualTo(Status.Code.UNAVAILABLE);
                    assertThat(status.getDescription()).isEqualTo("etcdserver: no leader");
                }
            } finally {
                channel.shutdownNow();
            }
        }
    }

    private static Status failure(Future<?> call) throws Exception {
        try {
            return Status.OK.withDescription(call.get(30, TimeUnit.SECONDS).toString());
        } catch (ExecutionException e) {
            return Status.fromThrowable(e);
        }
    }
}
