package io.jarnetes.etcd.storage.auth;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The keys that a user may read, or write: disjoint intervals in order, with those that touch made
 * one, so that a range over two adjacent permissions is allowed.
 */
final class MergedRanges {
    /**
     * Keys from {@code start} up to {@code end}, which is not part of it; null for no end.
     *
     * @param start the first key
     * @param end the first key beyond
     */
    private record Interval(byte[] start, byte @Nullable [] end) {
        boolean reaches(byte[] key) {
            return end == null || Arrays.compareUnsigned(end, key) >= 0;
        }

        boolean contains(byte[] key) {
            return Arrays.compareUnsigned(start, key) <= 0
                    && (end == null || Arrays.compareUnsigned(key, end) < 0);
        }
    }

    private final List<Interval> merged = new ArrayList<>();

    MergedRanges(List<Permission> permissions) {
        List<Interval> sorted =
                permissions.stream()
                        .map(permission -> interval(permission.key(), permission.rangeEnd()))
                        .sorted((a, b) -> Arrays.compareUnsigned(a.start(), b.start()))
                        .toList();
        for (Interval next : sorted) {
            Interval last = merged.isEmpty() ? null : merged.getLast();
            if (last == null || !last.reaches(next.start())) {
                merged.add(next);
            } else {
                merged.set(merged.size() - 1, new Interval(last.start(), later(last, next)));
            }
        }
    }

    private static byte @Nullable [] later(Interval a, Interval b) {
        byte[] first = a.end();
        byte[] second = b.end();
        if (first == null || second == null) {
            return null;
        }
        return Arrays.compareUnsigned(first, second) >= 0 ? first : second;
    }

    private static Interval interval(byte[] key, byte[] rangeEnd) {
        if (rangeEnd.length == 0) {
            // The next key after it is itself and a zero byte.
            return new Interval(key, Arrays.copyOf(key, key.length + 1));
        }
        return new Interval(key, isOpenEnded(rangeEnd) ? null : rangeEnd);
    }

    static boolean isOpenEnded(byte[] rangeEnd) {
        return rangeEnd.length == 1 && rangeEnd[0] == 0;
    }

    /**
     * Whether all keys of a range are covered; an empty {@code rangeEnd} means the one key. A range
     * that ends before it begins is covered where its first key is.
     */
    boolean contains(byte[] key, byte[] rangeEnd) {
        Interval asked = interval(key, rangeEnd);
        byte[] end = asked.end();
        for (Interval interval : merged) {
            if (interval.contains(key)
                    && (end == null ? interval.end() == null : interval.reaches(end))) {
                return true;
            }
        }
        return false;
    }
}
