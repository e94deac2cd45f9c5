package io.jarnetes.etcd.storage.mvcc;

import java.util.Arrays;
import java.util.Comparator;

/**
 * Sorts histories by key. Opening a store of a million keys is mostly this, and a comparison costs
 * two trips to memory; so five bytes of each key are laid side by side with its place in one long,
 * sorted as numbers, and only what is equal in them is looked at further.
 */
final class KeySort {
    private static final Comparator<KeyHistory> BY_KEY =
            (a, b) -> Arrays.compareUnsigned(a.key(), b.key());
    private static final int SMALL = 64;
    private static final int PLACE_BITS = 24;
    private static final int TAG_BYTES = 5;
    private static final long PLACE_MASK = (1L << PLACE_BITS) - 1;

    private KeySort() {}

    static void sort(KeyHistory[] histories) {
        sort(histories, 0, histories.length, 0);
    }

    /** Sorts a part whose keys are equal in their first {@code depth} bytes. */
    private static void sort(KeyHistory[] all, int from, int to, int depth) {
        int count = to - from;
        if (count < SMALL || count > PLACE_MASK) {
            Arrays.sort(all, from, to, BY_KEY);
            return;
        }
        int shared = shared(all, from, to, depth);
        long[] tags = new long[count];
        for (int i = 0; i < count; i++) {
            tags[i] = tag(all[from + i].key(), shared) | i;
        }
        Arrays.sort(tags);
        KeyHistory[] before = Arrays.copyOfRange(all, from, to);
        for (int i = 0; i < count; i++) {
            all[from + i] = before[(int) (tags[i] & PLACE_MASK)];
        }
        sortEqual(all, from, tags, shared + TAG_BYTES);
    }

    private static void sortEqual(KeyHistory[] all, int from, long[] tags, int depth) {
        int start = 0;
        for (int i = 1; i <= tags.length; i++) {
            if (i < tags.length && (tags[i] | PLACE_MASK) == (tags[start] | PLACE_MASK)) {
                continue;
            }
            if (i - start > 1) {
                if (allReach(all, from + start, from + i, depth)) {
                    sort(all, from + start, from + i, depth);
                } else {
                    // A key ends here, and zero bytes of others look like its end.
                    Arrays.sort(all, from + start, from + i, BY_KEY);
                }
            }
            start = i;
        }
    }

    private static boolean allReach(KeyHistory[] all, int from, int to, int depth) {
        for (int i = from; i < to; i++) {
            if (all[i].key().length < depth) {
                return false;
            }
        }
        return true;
    }

    /** How many first bytes all keys share; at least {@code depth}. */
    private static int shared(KeyHistory[] all, int from, int to, int depth) {
        byte[] first = all[from].key();
        int shared = first.length;
        for (int i = from + 1; i < to && shared > depth; i++) {
            byte[] key = all[i].key();
            int differs =
                    Arrays.mismatch(first, depth, shared, key, depth, Math.min(key.length, shared));
            if (differs >= 0) {
                shared = depth + differs;
            }
        }
        return shared;
    }

    /** Five bytes from {@code depth} on, zero beyond the end, so that the order is unsigned. */
    private static long tag(byte[] key, int depth) {
        long tag = 0;
        for (int i = depth; i < depth + TAG_BYTES; i++) {
            tag = tag << Byte.SIZE | (i < key.length ? key[i] & 0xff : 0);
        }
        return tag << PLACE_BITS ^ Long.MIN_VALUE;
    }
}
