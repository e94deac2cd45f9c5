package io.jarnetes.etcd.server.mixed;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Anything that clients may ask for leaves members of both makes with the same. */
@Tag("cluster")
final class MixedWorkloadPeersTest {
    private static final int STEPS = 150;
    private static final int STEPS_AFTER = 20;

    @TempDir private Path dir;

    static Stream<Arguments> clusters() {
        return Stream.of(
                Arguments.of(Upstream.V3_5_30, List.of(Make.GO, Make.JAVA, Make.GO)),
                Arguments.of(Upstream.V3_5_16, List.of(Make.JAVA, Make.GO, Make.JAVA)),
                Arguments.of(Upstream.V3_6, List.of(Make.GO, Make.JAVA, Make.GO)));
    }

    @ParameterizedTest(name = "{0}, {1}")
    @MethodSource("clusters")
    void allMembersComeToTheSame(Upstream upstream, List<Make> makes) {
        Seeds.run(seed -> run(upstream, makes, seed));
    }

    private void run(Upstream upstream, List<Make> makes, long seed) throws Exception {
        Settings settings =
                Settings.PLAIN.with(
                        "--bcrypt-cost=4", "--quota-backend-bytes=" + Workload.QUOTA_BYTES);
        try (Cluster cluster = Cluster.start(dir, upstream, settings, makes.toArray(Make[]::new))) {
            Workload workload = new Workload(cluster, seed);
            for (Make make : List.of(Make.GO, Make.JAVA, Make.GO, Make.JAVA)) {
                cluster.moveLeader(cluster.any(make));
                workload.run(STEPS);
                workload.outgrow();
                workload.run(STEPS_AFTER);
                Agreement.await(cluster);
            }
            assertThat(workload.answered()).containsOnlyKeys(Workload.Kind.values());
            cluster.nodes().forEach(cluster::stop);
            Databases.requireEqual(cluster);
        }
    }
}
