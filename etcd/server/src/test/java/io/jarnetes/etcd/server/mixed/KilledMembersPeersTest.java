package io.jarnetes.etcd.server.mixed;

import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Members of both makes are killed under load, one by one and all together, and come back. */
@Tag("cluster")
final class KilledMembersPeersTest {
    private static final int ROUNDS = 4;

    @TempDir private Path dir;

    static Stream<Arguments> clusters() {
        return Stream.of(
                Arguments.of(Upstream.V3_5_30, List.of(Make.GO, Make.JAVA, Make.JAVA)),
                Arguments.of(Upstream.V3_6, List.of(Make.JAVA, Make.GO, Make.GO)));
    }

    @ParameterizedTest(name = "{0}, {1}")
    @MethodSource("clusters")
    void nothingAcknowledgedIsLost(Upstream upstream, List<Make> makes) {
        Seeds.run(seed -> run(upstream, makes, seed));
    }

    private void run(Upstream upstream, List<Make> makes, long seed) throws Exception {
        Random random = new Random(seed);
        // A short log, so that snapshots are taken and sent while members are killed.
        Settings settings = Settings.PLAIN.asProcesses().with(upstream.shortLogs());
        try (Cluster cluster = Cluster.start(dir, upstream, settings, makes.toArray(Make[]::new));
                Load load = new Load(cluster, seed)) {
            load.awaitProgress();
            for (int i = 0; i < ROUNDS; i++) {
                Node victim =
                        random.nextBoolean()
                                ? cluster.leader()
                                : cluster.nodes().get(random.nextInt(makes.size()));
                cluster.kill(victim);
                load.awaitProgress();
                cluster.restart(victim, victim.make());
                load.awaitProgress();
            }
            cluster.nodes().forEach(cluster::kill);
            cluster.restartAll();
            load.awaitProgress();
            load.verify();
            Agreement.await(cluster);
        }
    }
}
