package io.jarnetes.bench;

import java.util.Collection;

/** Durations in buckets of less than 1 % width. One thread writes. */
final class Histogram {
    private static final int STEP_BITS = 7;
    private static final int STEPS = 1 << STEP_BITS;

    private final long[] counts = new long[(Long.SIZE - STEP_BITS) * STEPS];
    private long total;

    void add(long nanos) {
        counts[bucket(Math.max(0, nanos))]++;
        total++;
    }

    long total() {
        return total;
    }

    private static int bucket(long nanos) {
        int shift = Math.max(0, Long.SIZE - Long.numberOfLeadingZeros(nanos) - STEP_BITS);
        return (shift << STEP_BITS) + (int) (nanos >>> shift);
    }

    private static long nanos(int bucket) {
        int shift = bucket >>> STEP_BITS;
        return (long) (bucket & (STEPS - 1)) << shift;
    }

    static Histogram sum(Collection<Histogram> parts) {
        Histogram sum = new Histogram();
        for (Histogram part : parts) {
            for (int i = 0; i < sum.counts.length; i++) {
                sum.counts[i] += part.counts[i];
            }
            sum.total += part.total;
        }
        return sum;
    }

    /** In milliseconds; 0 when there is nothing. */
    double percentile(double percent) {
        long rank = (long) Math.ceil(total * percent / 100);
        long seen = 0;
        for (int i = 0; i < counts.length; i++) {
            seen += counts[i];
            if (seen >= rank && seen > 0) {
                return nanos(i) / 1e6;
            }
        }
        return 0;
    }
}
