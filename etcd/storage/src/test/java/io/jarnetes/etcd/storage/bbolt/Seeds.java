package io.jarnetes.etcd.storage.bbolt;

import java.util.function.LongConsumer;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;

/**
 * Seeded runs: the name of a failed one says its seed; {@code -Dseed=N} runs that one alone, {@code
 * -Dseeds.times=N} N times as many.
 */
public final class Seeds {
    private Seeds() {}

    /** {@code count} tests, of the seeds 1 to {@code count}. */
    public static Stream<DynamicTest> of(int count, LongConsumer test) {
        Long only = Long.getLong("seed");
        int times = Integer.getInteger("seeds.times", 1);
        LongStream seeds =
                only == null ? LongStream.rangeClosed(1, count * times) : LongStream.of(only);
        return seeds.mapToObj(
                seed -> DynamicTest.dynamicTest("seed " + seed, () -> test.accept(seed)));
    }
}
