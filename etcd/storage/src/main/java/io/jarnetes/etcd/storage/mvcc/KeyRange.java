package io.jarnetes.etcd.storage.mvcc;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A range of keys as etcd's requests spell it: one key, {@code [key, end)}, or everything from
 * {@code key} on.
 *
 * @param key the first key
 * @param end the first key beyond the range; null for the one key; empty for no upper bound
 */
public record KeyRange(byte[] key, byte @Nullable [] end) {
    private static final byte[] UNBOUNDED = new byte[0];

    /** The range of one key. */
    public static KeyRange of(byte[] key) {
        return new KeyRange(key, null);
    }

    /**
     * A range in the words of a request: an empty {@code rangeEnd} means the one key, {@code "\0"}
     * means every key from {@code key} on.
     */
    public static KeyRange of(byte[] key, byte[] rangeEnd) {
        if (rangeEnd.length == 0) {
            return new KeyRange(key, null);
        }
        return rangeEnd.length == 1 && rangeEnd[0] == 0
                ? new KeyRange(key, UNBOUNDED)
                : new KeyRange(key, rangeEnd);
    }

    /** All keys. */
    public static KeyRange all() {
        return new KeyRange(UNBOUNDED, UNBOUNDED);
    }

    /** All keys that begin with {@code prefix}. */
    public static KeyRange prefix(byte[] prefix) {
        for (int i = prefix.length - 1; i >= 0; i--) {
            if (prefix[i] != (byte) 0xff) {
                byte[] end = Arrays.copyOf(prefix, i + 1);
                end[i]++;
                return new KeyRange(prefix, end);
            }
        }
        return new KeyRange(prefix, UNBOUNDED);
    }

    /** Whether this is a single key. */
    public boolean single() {
        return end == null;
    }

    /** Whether there is no upper bound. */
    public boolean unbounded() {
        return end != null && end.length == 0;
    }

    /** Whether no key can lie in it: the end is at or below the key. */
    public boolean empty() {
        return end != null && end.length > 0 && Arrays.compareUnsigned(key, end) >= 0;
    }

    /** Whether {@code candidate} lies in the range. */
    public boolean contains(byte[] candidate) {
        if (end == null) {
            return Arrays.equals(key, candidate);
        }
        return Arrays.compareUnsigned(key, candidate) <= 0
                && (end.length == 0 || Arrays.compareUnsigned(candidate, end) < 0);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof KeyRange that
                && Arrays.equals(key, that.key)
                && Arrays.equals(end, that.end);
    }

    @Override
    public int hashCode() {
        return 31 * Arrays.hashCode(key) + Arrays.hashCode(end);
    }

    @Override
    public String toString() {
        String from = KeyValue.printable(key);
        if (end == null) {
            return from;
        }
        return "[" + from + ", " + (end.length == 0 ? "..." : KeyValue.printable(end)) + ")";
    }
}
