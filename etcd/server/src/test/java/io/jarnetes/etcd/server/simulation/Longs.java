package io.jarnetes.etcd.server.simulation;

import java.util.Arrays;

/** Numbers by index; 0 where there is none. */
final class Longs {
    private long[] values = new long[64];

    long get(long index) {
        return index < values.length ? values[(int) index] : 0;
    }

    void set(long index, long value) {
        int at = Math.toIntExact(index);
        if (at >= values.length) {
            values = Arrays.copyOf(values, Math.max(at + 1, 2 * values.length));
        }
        values[at] = value;
    }
}
