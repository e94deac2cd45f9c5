package io.jarnetes.etcd.storage.bbolt;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** The order of keys: bytes compared unsigned, a prefix before what it begins. */
final class Keys {
    private static final ValueLayout.OfLong BIG_ENDIAN_LONG =
            JAVA_LONG_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);
    private static final VarHandle LONG_IN_ARRAY =
            MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

    private Keys() {}

    /** Compares the {@code length} bytes at {@code offset} with {@code key}. */
    static int compare(MemorySegment bytes, long offset, int length, byte[] key) {
        int common = Math.min(length, key.length);
        int i = 0;
        for (; i + Long.BYTES <= common; i += Long.BYTES) {
            long left = bytes.get(BIG_ENDIAN_LONG, offset + i);
            long right = (long) LONG_IN_ARRAY.get(key, i);
            if (left != right) {
                return Long.compareUnsigned(left, right);
            }
        }
        for (; i < common; i++) {
            int difference =
                    Byte.toUnsignedInt(bytes.get(JAVA_BYTE, offset + i))
                            - Byte.toUnsignedInt(key[i]);
            if (difference != 0) {
                return difference;
            }
        }
        return length - key.length;
    }
}
