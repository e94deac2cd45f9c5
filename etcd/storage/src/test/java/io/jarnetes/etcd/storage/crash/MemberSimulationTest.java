package io.jarnetes.etcd.storage.crash;

import static org.assertj.core.api.Assertions.assertThat;

import io.jarnetes.etcd.storage.bbolt.Seeds;
import java.util.EnumSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestFactory;

/**
 * Power failures at every single point at which a member writes: appends, cuts, commits, snapshots
 * of its own and of a leader, compactions, defragmentations. What was acknowledged is there.
 */
@Tag("crash")
class MemberSimulationTest {
    private static final int SEEDS = 3;

    @TestFactory
    Stream<DynamicTest> aCrashAtEveryPoint() {
        return Seeds.of(
                SEEDS,
                seed -> {
                    Scenario whole = new Scenario(seed, Scenario.Plant.NONE, Scenario.SOUND_DISK);
                    long points = whole.run(Long.MAX_VALUE);
                    assertThat(whole.seen())
                            .as("the scenario of seed %d writes in all ways", seed)
                            .isEqualTo(EnumSet.allOf(Scenario.Kind.class));
                    for (long point = 0; point < points; point++) {
                        new Scenario(seed, Scenario.Plant.NONE, Scenario.SOUND_DISK).run(point);
                    }
                });
    }

    @TestFactory
    Stream<DynamicTest> crashAfterCrash() {
        return Seeds.of(20, seed -> Scenario.crashAfterCrash(seed, 12));
    }
}
