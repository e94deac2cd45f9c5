package io.jarnetes.etcd.raft;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * Raft's promises under loss, doubling, reordering, cuts, crashes, slow disks, slow appliers,
 * compaction and membership changes. One seed replays a failure: {@code -Dseed=N}; {@code
 * -Dseeds=N} runs more.
 */
final class SimulatedClusterTest {
    private static final int STEPS = 6000;
    private static final int SEEDS_A_TEST = 20;

    @TestFactory
    Stream<DynamicTest> seeds() {
        Long one = Long.getLong("seed");
        if (one != null) {
            return Stream.of(DynamicTest.dynamicTest("seed " + one, () -> run(one)));
        }
        int count = Integer.getInteger("seeds", 200);
        return LongStream.range(0, count / SEEDS_A_TEST)
                .mapToObj(i ->
                        DynamicTest.dynamicTest("seeds from " + i * SEEDS_A_TEST, () -> some(i)));
    }

    private static void some(long block) {
        int committed = 0;
        int reads = 0;
        for (long i = 0; i < SEEDS_A_TEST; i++) {
            SimulatedCluster cluster = run(block * SEEDS_A_TEST + i);
            committed += cluster.entriesCommitted();
            reads += cluster.readsAnswered();
        }
        // A simulation in which nothing happens proves nothing.
        assertThat(committed).isGreaterThan(SEEDS_A_TEST * 20);
        assertThat(reads).isPositive();
    }

    private static SimulatedCluster run(long seed) {
        SimulatedCluster cluster = new SimulatedCluster(seed);
        try {
            for (int i = 0; i < STEPS; i++) {
                cluster.step();
                if (i % 50 == 0) {
                    cluster.checkLogMatching();
                }
            }
            cluster.checkProgress();
        } catch (AssertionError | RuntimeException e) {
            throw new AssertionError(
                    "seed "
                            + seed
                            + "; replay: mvn -pl etcd/raft -am test"
                            + " -Dtest=SimulatedClusterTest -Dsurefire.failIfNoSpecifiedTests=false"
                            + " -Dseed="
                            + seed,
                    e);
        }
        return cluster;
    }
}
