package io.jarnetes.etcd.raft;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The log in all its parts, step by step, against a plain list: {@link RaftLogModel}. */
final class RaftLogModelTest {
    private static final int SEEDS = 150;
    private static final int STEPS = 300;

    @ParameterizedTest
    @ValueSource(longs = {0, 1_000, 2_000, 3_000})
    void everyStepIsTheModels(long first) {
        int conflicts = 0;
        int snapshots = 0;
        long handedOut = 0;
        for (long seed = first; seed < first + SEEDS; seed++) {
            RaftLogModel model = new RaftLogModel(seed);
            for (int step = 0; step < STEPS; step++) {
                try {
                    model.step();
                    model.check();
                } catch (AssertionError | RuntimeException e) {
                    throw new AssertionError("seed " + seed + ", step " + step + ": " + e, e);
                }
            }
            conflicts += model.conflicts();
            snapshots += model.snapshots();
            handedOut += model.handedOut();
        }
        assertThat(conflicts).isGreaterThan(SEEDS);
        assertThat(snapshots).isGreaterThan(SEEDS / 2);
        assertThat(handedOut).isGreaterThan(SEEDS * 20L);
    }
}
