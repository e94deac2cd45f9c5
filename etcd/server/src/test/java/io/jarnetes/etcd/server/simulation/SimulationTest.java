package io.jarnetes.etcd.server.simulation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.function.LongFunction;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Clusters from seeds. {@code -Dsimulation.seeds=N} runs another number of them; {@code
 * hack/simulate} runs on, and replays one.
 */
@Tag("simulation")
final class SimulationTest {
    private static final long SEEDS = 3000;
    private static final long SEEDS_A_TEST = 250;
    private static final long MAX_SEEDS_TO_FIND_A_FAULT = 200;
    private static final int WORKERS = 2;

    @TestFactory
    Stream<DynamicTest> seeds() {
        long count = Long.getLong("simulation.seeds", SEEDS);
        return LongStream.range(0, (count + SEEDS_A_TEST - 1) / SEEDS_A_TEST)
                .map(block -> block * SEEDS_A_TEST)
                .mapToObj(
                        first -> DynamicTest.dynamicTest("seeds from " + first, () -> some(first)));
    }

    private static void some(long first) {
        Seeds seeds = Seeds.of(PlantedFault.NONE, first, SEEDS_A_TEST);
        Seeds.Failure failure = seeds.run(WORKERS);
        if (failure != null) {
            throw new AssertionError(failure.text(), failure.cause());
        }
        // Runs in which nothing happens prove nothing.
        Seeds.Total total = seeds.total();
        assertThat(total.writes()).isGreaterThan(SEEDS_A_TEST * 100);
        assertThat(total.reads()).isGreaterThan(SEEDS_A_TEST * 50);
        assertThat(total.events()).isGreaterThan(SEEDS_A_TEST * 100);
        assertThat(total.oldTermCommits()).isZero();
        assertThat(total.unhealed()).isLessThanOrEqualTo(SEEDS_A_TEST / 100);
        for (Happening happening : Happening.values()) {
            assertThat(total.runsWith(happening))
                    .as("runs with %s\n%s", happening.words(), total.happened())
                    .isGreaterThanOrEqualTo(SEEDS_A_TEST / 100);
        }
    }

    @Test
    void theSameSeedGivesTheSameRun() {
        for (long seed = 0; seed < 10; seed++) {
            assertThat(PlantedFault.NONE.runner().apply(seed))
                    .isEqualTo(PlantedFault.NONE.runner().apply(seed));
        }
    }

    /** Several at once give what one after the other gives. */
    @Test
    void noRunDependsOnAnother() {
        Seeds alone = Seeds.of(PlantedFault.NONE, 0, 20);
        Seeds together = Seeds.of(PlantedFault.NONE, 0, 20);
        assertThat(alone.run(1)).isNull();
        assertThat(together.run(WORKERS)).isNull();
        assertThat(together.total()).isEqualTo(alone.total());
    }

    /** Each run has its classes from another world, and so no state or order of this one. */
    @Test
    void noRunDependsOnWhatRanBefore() {
        PatchedClasses elsewhere = new PatchedClasses(null);
        for (long seed = 0; seed < 5; seed++) {
            assertThat(elsewhere.runner().apply(seed))
                    .isEqualTo(PlantedFault.NONE.runner().apply(seed));
        }
    }

    /** The patched method runs: leaders commit by counting what they never do as written. */
    @Test
    void patchedLeadersCommitEntriesOfOldTerms() {
        LongFunction<Report> patched = PlantedFault.COMMIT_OLD_TERM.runner();
        assertThat(
                        LongStream.range(0, MAX_SEEDS_TO_FIND_A_FAULT)
                                .anyMatch(seed -> commitsOldTerm(patched, seed)))
                .isTrue();
    }

    private static boolean commitsOldTerm(LongFunction<Report> patched, long seed) {
        try {
            return patched.apply(seed).oldTermCommits() > 0;
        } catch (AssertionError harm) {
            return false; // A run that found the fault reports nothing.
        }
    }

    /** The checks look: each fault that is planted is found, and its seed replays. */
    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "NONE")
    void plantedFaultsAreFound(PlantedFault fault) {
        Seeds.Failure found = Seeds.of(fault, 0, MAX_SEEDS_TO_FIND_A_FAULT).run(WORKERS);
        if (found == null) {
            throw new AssertionError("no run of 200 finds " + fault);
        }
        assertThat(found.text()).contains("replay: hack/simulate --seed " + found.seed());
        assertThatThrownBy(() -> fault.runner().apply(found.seed()))
                .hasMessage(found.cause().getMessage());
    }
}
