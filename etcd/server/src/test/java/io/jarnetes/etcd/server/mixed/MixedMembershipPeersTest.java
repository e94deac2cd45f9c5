package io.jarnetes.etcd.server.mixed;

import static org.assertj.core.api.Assertions.assertThat;

import io.jarnetes.etcd.proto.etcdserverpb.Member;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Members of one make come into a cluster of the other, lead it, leave it and come back. */
@Tag("cluster")
@Execution(ExecutionMode.CONCURRENT)
final class MixedMembershipPeersTest {
    @TempDir private Path dir;

    /** Who comes, whom to, at which version, with plain or mutual TLS between peers. */
    static Stream<Arguments> comers() {
        return Stream.of(
                Arguments.of(Make.JAVA, Make.GO, Upstream.V3_5_30, false),
                Arguments.of(Make.GO, Make.JAVA, Upstream.V3_5_16, true),
                Arguments.of(Make.JAVA, Make.GO, Upstream.V3_6, true),
                Arguments.of(Make.GO, Make.JAVA, Upstream.V3_6, false));
    }

    @ParameterizedTest(name = "{0} comes to {1}, {2}, mutual TLS: {3}")
    @MethodSource("comers")
    void comesLeadsLeavesAndComesBack(Make guest, Make host, Upstream upstream, boolean tls)
            throws Exception {
        Settings settings =
                tls ? Settings.PLAIN.withTls(PeerTls.create(dir.resolve("pki"))) : Settings.PLAIN;
        try (Cluster cluster = Cluster.start(dir, upstream, settings, host, host)) {
            cluster.ctl().run("put", "before", "1");
            Node learner = cluster.join("learner", guest, true);
            assertThat(member(cluster, learner).getIsLearner()).isTrue();
            cluster.promote(learner);
            assertThat(member(cluster, learner).getIsLearner()).isFalse();
            cluster.ctl(learner).run("put", "promoted", "1");

            cluster.moveLeader(learner);
            cluster.ctl(cluster.node("m0")).run("put", "led", "1");
            Agreement.await(cluster);
            cluster.moveLeader(cluster.node("m1"));
            cluster.ctl(learner).run("put", "handed over", "1");

            cluster.remove(learner);
            Node again = cluster.join("again", guest, false);
            cluster.ctl(again).run("put", "came back", "1");
            cluster.moveLeader(again);
            // The leader itself is told to go.
            Agreement.await(cluster);
            cluster.remove(again);
            // What is forwarded to a leader that is gone would be lost.
            cluster.leader();
            cluster.ctl().run("put", "gone", "1");
            Agreement.await(cluster);
            for (Node node : cluster.nodes()) {
                assertThat(Agreement.clusterVersion(node)).isEqualTo(upstream.clusterVersion());
                Member member = member(cluster, node);
                assertThat(member.getName()).isEqualTo(node.name());
                assertThat(member.getClientURLsList()).isEqualTo(List.of(node.clientUrl()));
            }
        }
    }

    private static Member member(Cluster cluster, Node node) {
        long id = cluster.id(node);
        return cluster.members().stream().filter(m -> m.getID() == id).findFirst().orElseThrow();
    }
}
