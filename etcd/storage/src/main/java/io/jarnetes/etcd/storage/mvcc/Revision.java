package io.jarnetes.etcd.storage.mvcc;

import io.jarnetes.etcd.storage.backend.BadPairException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * A place in the store's history.
 *
 * @param main rises by one with each request that changes anything
 * @param sub the ordinal of the change within the request
 */
record Revision(long main, long sub) implements Comparable<Revision> {
    private static final int BYTES = 17;
    private static final byte SEPARATOR = '_';
    private static final VarHandle LONGS =
            MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);
    private static final int SEPARATOR_AT = Long.BYTES;
    private static final byte TOMBSTONE = 't';

    /** As a key of the bucket {@code key}: 8 bytes, '_', 8 bytes, and 't' for a tombstone. */
    static byte[] encode(long main, long sub, boolean tombstone) {
        byte[] bytes = new byte[tombstone ? BYTES + 1 : BYTES];
        LONGS.set(bytes, 0, main);
        bytes[SEPARATOR_AT] = SEPARATOR;
        LONGS.set(bytes, SEPARATOR_AT + 1, sub);
        if (tombstone) {
            bytes[BYTES] = TOMBSTONE;
        }
        return bytes;
    }

    static byte[] encode(long main) {
        return encode(main, 0, false);
    }

    /** Reads a key of the bucket {@code key}. */
    static Revision decode(byte[] bytes) {
        if ((bytes.length != BYTES && bytes.length != BYTES + 1)
                || bytes[SEPARATOR_AT] != SEPARATOR) {
            throw new BadPairException("is no revision: " + KeyValue.printable(bytes));
        }
        long main = (long) LONGS.get(bytes, 0);
        long sub = (long) LONGS.get(bytes, SEPARATOR_AT + 1);
        if (main < 0 || sub < 0) {
            throw new BadPairException("is a negative revision: " + main + "/" + sub);
        }
        return new Revision(main, sub);
    }

    /** Whether a key of the bucket {@code key} marks a deletion. */
    static boolean isTombstone(byte[] bytes) {
        return bytes.length == BYTES + 1 && bytes[BYTES] == TOMBSTONE;
    }

    @Override
    public int compareTo(Revision other) {
        int byMain = Long.compare(main, other.main);
        return byMain != 0 ? byMain : Long.compare(sub, other.sub);
    }
}
