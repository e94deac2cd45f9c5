package io.jarnetes.etcd.storage.mvcc;

import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Finds the ranges that hold a key: sorted by start, as a balanced tree that lies in an array (the
 * middle of a part is its root), where each root knows the highest end below it. Immutable.
 */
final class RangeTree {
    private static final Comparator<KeyRange> BY_START =
            (a, b) -> Arrays.compareUnsigned(a.key(), b.key());

    private final KeyRange[] ranges;
    // Null for no upper bound.
    private final byte[] @Nullable [] highest;

    RangeTree(Collection<KeyRange> unordered) {
        ranges = unordered.toArray(new KeyRange[0]);
        Arrays.sort(ranges, BY_START);
        highest = new byte[ranges.length][];
        if (ranges.length > 0) {
            fill(0, ranges.length);
        }
    }

    private byte @Nullable [] fill(int from, int to) {
        int middle = (from + to) >>> 1;
        byte[] high = end(ranges[middle]);
        if (from < middle) {
            high = higher(high, fill(from, middle));
        }
        if (middle + 1 < to) {
            high = higher(high, fill(middle + 1, to));
        }
        highest[middle] = high;
        return high;
    }

    private static byte @Nullable [] end(KeyRange range) {
        return range.unbounded() ? null : range.end();
    }

    private static byte @Nullable [] higher(byte @Nullable [] a, byte @Nullable [] b) {
        if (a == null || b == null) {
            return null;
        }
        return Arrays.compareUnsigned(a, b) >= 0 ? a : b;
    }

    /** Hands over the ranges that hold {@code key}. */
    void forKey(byte[] key, Consumer<KeyRange> action) {
        find(0, ranges.length, key, action);
    }

    private void find(int from, int to, byte[] key, Consumer<KeyRange> action) {
        if (from >= to) {
            return;
        }
        int middle = (from + to) >>> 1;
        byte[] high = highest[middle];
        if (high != null && Arrays.compareUnsigned(high, key) <= 0) {
            return;
        }
        find(from, middle, key, action);
        if (Arrays.compareUnsigned(ranges[middle].key(), key) <= 0) {
            if (ranges[middle].contains(key)) {
                action.accept(ranges[middle]);
            }
            find(middle + 1, to, key, action);
        }
    }
}
