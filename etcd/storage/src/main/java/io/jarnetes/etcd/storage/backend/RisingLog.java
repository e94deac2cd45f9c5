package io.jarnetes.etcd.storage.backend;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A sorted map whose keys come in rising order: one writer appends, readers search what is there.
 */
final class RisingLog {
    private static final int FIRST_CAPACITY = 256;

    // Written before count, read after it: an array that a reader sees holds at least count pairs.
    private byte[][] pairs = new byte[FIRST_CAPACITY * 2][];
    private volatile int count;

    void append(byte[] key, byte[] value) {
        int at = count;
        byte[][] now = pairs;
        if (at > 0 && Arrays.compareUnsigned(now[2 * at - 2], key) >= 0) {
            throw new IllegalStateException("a revision was written that does not rise");
        }
        if (2 * at == now.length) {
            now = Arrays.copyOf(now, now.length * 2);
            pairs = now;
        }
        now[2 * at] = key;
        now[2 * at + 1] = value;
        count = at + 1;
    }

    byte @Nullable [] get(byte[] key) {
        int size = count;
        byte[][] now = pairs;
        int at = search(now, size, key);
        return at < size && Arrays.equals(now[2 * at], key) ? now[2 * at + 1] : null;
    }

    boolean scan(byte[] from, byte @Nullable [] end, Batch.NullableVisitor visitor) {
        int size = count;
        byte[][] now = pairs;
        for (int at = search(now, size, from); at < size; at++) {
            if (end != null && Arrays.compareUnsigned(now[2 * at], end) >= 0) {
                return true;
            }
            if (!visitor.visit(now[2 * at], now[2 * at + 1])) {
                return false;
            }
        }
        return true;
    }

    /** The first place whose key is at least {@code key}. */
    private static int search(byte[][] pairs, int size, byte[] key) {
        int low = 0;
        int high = size;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (Arrays.compareUnsigned(pairs[2 * middle], key) < 0) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }
}
