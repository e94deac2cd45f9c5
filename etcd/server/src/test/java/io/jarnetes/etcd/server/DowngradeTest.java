package io.jarnetes.etcd.server;

import static io.jarnetes.etcd.client.EtcdClient.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.grpc.ManagedChannel;
import io.grpc.netty.NettyChannelBuilder;
import io.jarnetes.base.Eventually;
import io.jarnetes.etcd.client.EtcdClient;
import io.jarnetes.etcd.client.Keys;
import io.jarnetes.etcd.proto.etcdserverpb.DowngradeRequest;
import io.jarnetes.etcd.proto.etcdserverpb.DowngradeRequest.DowngradeAction;
import io.jarnetes.etcd.proto.etcdserverpb.MaintenanceGrpc;
import io.jarnetes.etcd.server.EtcdConfig.Compatibility;
import java.net.URI;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Maintenance's MoveLeader and Downgrade on clusters that run. */
class DowngradeTest {
    private static final byte[] A = Keys.utf8("a");

    @TempDir Path dir;

    @Test
    void leadershipMovesWhereItIsAskedTo() throws Exception {
        try (TestCluster cluster = TestCluster.plain(dir, 3).startAll()) {
            int leader = cluster.leader();
            int next = (leader + 1) % 3;
            long target = cluster.server(next).member().memberId();
            assertThatThrownBy(() -> await(cluster.clientOf(next).maintenance().moveLeader(target)))
                    .hasMessage("etcdserver: not leader");
            assertThatThrownBy(() ->
                            await(cluster.clientOf(leader).maintenance().moveLeader(target + 1)))
                    .hasMessage("etcdserver: bad leader transferee");
            await(cluster.clientOf(leader).maintenance().moveLeader(target));
            Eventually.until("the new leader", () -> cluster.server(next).member().isLeader());
            assertThat(cluster.log(leader))
                    .contains("\"msg\":\"leadership transfer starting\"")
                    .contains("\"msg\":\"leadership transfer finished\"");
            await(cluster.client().kv().put(A, A));
        }
    }

    /** Enabled, cancelled, enabled again, and carried out by members of 3.5 one by one. */
    @Test
    void aClusterGoesBackToTheVersionBefore() throws Exception {
        try (TestCluster cluster = TestCluster.plain(dir, 3).startAll()) {
            await(cluster.client().kv().put(A, A));
            awaitVersion(cluster, "3.6.0");
            URI endpoint = cluster.endpoints().getFirst();
            assertThat(downgrade(endpoint, DowngradeAction.VALIDATE, "3.5")).isEqualTo("3.6");
            assertThatThrownBy(() -> downgrade(endpoint, DowngradeAction.VALIDATE, "3.4.0"))
                    .hasMessageContaining("etcdserver: invalid downgrade target version");
            assertThatThrownBy(() -> downgrade(endpoint, DowngradeAction.ENABLE, "three"))
                    .hasMessageContaining("etcdserver: wrong downgrade target version format");
            downgrade(endpoint, DowngradeAction.ENABLE, "3.5.0");
            assertThatThrownBy(() -> downgrade(endpoint, DowngradeAction.ENABLE, "3.5.0"))
                    .hasMessageContaining("etcdserver: cluster has a downgrade job in progress");
            awaitVersion(cluster, "3.5.0");
            downgrade(endpoint, DowngradeAction.CANCEL, "");
            awaitVersion(cluster, "3.6.0");

            downgrade(endpoint, DowngradeAction.ENABLE, "3.5.0");
            awaitVersion(cluster, "3.5.0");
            for (int i = 0; i < 3; i++) {
                cluster.stop(i);
                cluster.configure(i, c -> c.withCompatibility(Compatibility.V3_5));
                cluster.start(i);
            }
            for (int i = 0; i < 3; i++) {
                EtcdMember member = cluster.server(i).member();
                Eventually.until(
                        "the end of the job",
                        () -> !member.stores().cluster().downgradeInfo().enabled());
                assertThat(member.stores().cluster().version()).isEqualTo("3.5.0");
            }
            assertThat(cluster.log(0) + cluster.log(1) + cluster.log(2))
                    .contains("\"msg\":\"the cluster has been downgraded\"");
            await(cluster.client().kv().put(A, A));
        }
    }

    /** Of the cluster and of each database: without a field in 3.5. */
    private static void awaitVersion(TestCluster cluster, String version) {
        for (int i = 0; i < 3; i++) {
            EtcdMember member = cluster.server(i).member();
            EtcdClient client = cluster.clientOf(i);
            Eventually.until(
                    "version " + version + " of member " + i,
                    () ->
                            version.equals(member.stores().cluster().version())
                                    && await(client.maintenance().status())
                                            .storageVersion()
                                            .equals(version));
        }
    }

    private static String downgrade(URI endpoint, DowngradeAction action, String version)
            throws InterruptedException {
        ManagedChannel channel =
                NettyChannelBuilder.forAddress(endpoint.getHost(), endpoint.getPort())
                        .usePlaintext()
                        .build();
        try {
            return MaintenanceGrpc.newBlockingStub(channel)
                    .withDeadlineAfter(20, TimeUnit.SECONDS)
                    .downgrade(
                            DowngradeRequest.newBuilder()
                                    .setAction(action)
                                    .setVersion(version)
                                    .build())
                    .getVersion();
        } finally {
            channel.shutdownNow().awaitTermination(5, TimeUnit.SECONDS);
        }
    }
}
