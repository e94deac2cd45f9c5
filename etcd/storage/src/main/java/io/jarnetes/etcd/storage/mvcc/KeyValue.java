package io.jarnetes.etcd.storage.mvcc;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * One key at one revision: what {@code mvccpb.KeyValue} carries. The arrays are shared and never
 * changed by anyone; {@link KeyValueCodec} has the bytes.
 *
 * @param key the key
 * @param createRevision the main revision that made the key's present life; 0 for a tombstone
 * @param modRevision the main revision of this change
 * @param version how many changes its present life has seen, from 1; 0 for a tombstone
 * @param value the value; empty for a tombstone, and where only keys were asked for
 * @param lease the lease it is attached to, or 0
 */
public record KeyValue(
        byte[] key, long createRevision, long modRevision, long version, byte[] value, long lease) {
    static final byte[] NO_BYTES = new byte[0];

    /** What a delete event shows: the key and the revision that deleted it. */
    public static KeyValue tombstone(byte[] key, long modRevision) {
        return new KeyValue(key, 0, modRevision, 0, NO_BYTES, 0);
    }

    /** Whether the key was just made by this change. */
    public boolean created() {
        return createRevision == modRevision && version == 1;
    }

    /** Bytes as text, with everything beyond printable ASCII escaped. */
    static String printable(byte[] bytes) {
        StringBuilder text = new StringBuilder(bytes.length + 2).append('"');
        for (byte b : bytes) {
            if (b >= 0x20 && b < 0x7f && b != '"' && b != '\\') {
                text.append((char) b);
            } else {
                text.append(String.format("\\x%02x", b & 0xff));
            }
        }
        return text.append('"').toString();
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof KeyValue that
                && createRevision == that.createRevision
                && modRevision == that.modRevision
                && version == that.version
                && lease == that.lease
                && Arrays.equals(key, that.key)
                && Arrays.equals(value, that.value);
    }

    @Override
    public int hashCode() {
        return Long.hashCode(modRevision) * 31 + Arrays.hashCode(key);
    }

    @Override
    public String toString() {
        return printable(key)
                + "="
                + printable(value)
                + " create "
                + createRevision
                + " mod "
                + modRevision
                + " version "
                + version
                + " lease "
                + lease;
    }
}
