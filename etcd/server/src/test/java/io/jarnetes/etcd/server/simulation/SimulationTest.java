package io.jarnetes.etcd.server.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Clusters from seeds: {@code -Dsimulation.seeds=N} runs N of them, {@code -Dsimulation.seed=N}
 * just that one.
 */
@Tag("simulation")
final class SimulationTest {
    private static final int SEEDS_A_TEST = 20;
    private static final int MAX_SEEDS_TO_FIND_A_FAULT = 200;

    @TestFactory
    Stream<DynamicTest> seeds() {
        Long one = Long.getLong("simulation.seed");
        if (one != null) {
            return Stream.of(DynamicTest.dynamicTest("seed " + one, () -> run(one)));
        }
        long count = Long.getLong("simulation.seeds", 40);
        return LongStream.range(0, (count + SEEDS_A_TEST - 1) / SEEDS_A_TEST)
                .mapToObj(block ->
                        DynamicTest.dynamicTest(
                                "seeds from " + block * SEEDS_A_TEST, () -> some(block)));
    }

    private static void some(long block) {
        List<Simulation.Report> reports = new ArrayList<>();
        for (long i = 0; i < SEEDS_A_TEST; i++) {
            reports.add(run(block * SEEDS_A_TEST + i));
        }
        // A run in which nothing happens proves nothing.
        assertThat(reports.stream().mapToInt(Simulation.Report::puts).sum()).isGreaterThan(2000);
        assertThat(reports.stream().mapToInt(Simulation.Report::reads).sum()).isGreaterThan(500);
        assertThat(reports.stream().mapToInt(Simulation.Report::leaders).sum()).isGreaterThan(40);
    }

    private static Simulation.Report run(long seed) {
        try {
            return new Simulation(seed, PlantedFault.NONE).run();
        } catch (AssertionError | RuntimeException e) {
            throw new AssertionError(
                    "seed "
                            + seed
                            + ": "
                            + e
                            + "\nreplay: mvn -pl etcd/server -am test"
                            + " -Dtest=SimulationTest#seeds"
                            + " -Dsurefire.failIfNoSpecifiedTests=false -Dsimulation.seed="
                            + seed,
                    e);
        }
    }

    @Test
    void theSameSeedGivesTheSameRun() {
        assertThat(new Simulation(7, PlantedFault.NONE).run())
                .isEqualTo(new Simulation(7, PlantedFault.NONE).run());
    }

    /** The checks look: each fault that is planted is found. */
    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "NONE")
    void plantedFaultsAreFound(PlantedFault fault) {
        // A forgotten vote shows only when two campaign at once: begin where that happens soon.
        long begin = fault == PlantedFault.FORGET_VOTE ? 40 : 0;
        for (long seed = begin; seed < begin + MAX_SEEDS_TO_FIND_A_FAULT; seed++) {
            try {
                new Simulation(seed, fault).run();
            } catch (AssertionError | RuntimeException e) {
                return;
            }
        }
        throw new AssertionError(
                fault + " was not found in " + MAX_SEEDS_TO_FIND_A_FAULT + " seeds");
    }
}
