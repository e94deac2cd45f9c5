package io.jarnetes.etcd.storage.mvcc;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Finds a key's history by hashing: open addressing, one writer at a time, readers without locks. A
 * place that was taken is never given to another key before the table is rebuilt, so that a reader
 * on its way always finds what was there.
 */
final class KeyTable {
    private static final VarHandle PLACES = MethodHandles.arrayElementVarHandle(KeyHistory[].class);
    private static final VarHandle WORDS =
            MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final long MIX = 0x9e3779b97f4a7c15L;
    private static final int FIRST_PLACES = 1024;

    // From it the places come, so that nobody can choose keys that all collide.
    private final long seed;
    private volatile @Nullable KeyHistory[] places = new KeyHistory[FIRST_PLACES];
    // Places that are not empty, those of removed keys included.
    private int taken;
    private int size;

    KeyTable(long seed) {
        this.seed = seed;
    }

    int size() {
        return size;
    }

    int hash(byte[] key) {
        long hash = seed ^ key.length;
        int at = 0;
        for (; at + Long.BYTES <= key.length; at += Long.BYTES) {
            hash = mix(hash ^ (long) WORDS.get(key, at));
        }
        long rest = 0;
        for (; at < key.length; at++) {
            rest = rest << Byte.SIZE | (key[at] & 0xff);
        }
        hash = mix(hash ^ rest);
        return (int) (hash >>> Integer.SIZE);
    }

    private static long mix(long value) {
        return Math.multiplyHigh(value, MIX) ^ (value * MIX);
    }

    /** The history of a key, or null. */
    @Nullable KeyHistory get(byte[] key, int hash) {
        @Nullable KeyHistory[] now = places;
        int mask = now.length - 1;
        for (int at = hash & mask; ; at = (at + 1) & mask) {
            KeyHistory found = (KeyHistory) PLACES.getAcquire(now, at);
            if (found == null) {
                return null;
            }
            if (found.hash() == hash && !found.removed() && Arrays.equals(found.key(), key)) {
                return found;
            }
        }
    }

    /** Adds a history whose key is not there. The writer alone. */
    void add(KeyHistory history) {
        @Nullable KeyHistory[] now = places;
        // At least three places in ten stay empty: searches are short.
        if ((taken + 1) * 10L > now.length * 7L) {
            now = rebuilt(now);
        }
        place(now, history);
        taken++;
        size++;
    }

    private static void place(@Nullable KeyHistory[] places, KeyHistory history) {
        int mask = places.length - 1;
        int at = history.hash() & mask;
        while (places[at] != null) {
            at = (at + 1) & mask;
        }
        PLACES.setRelease(places, at, history);
    }

    private @Nullable KeyHistory[] rebuilt(@Nullable KeyHistory[] old) {
        int length = size * 10L > old.length * 3L ? old.length * 2 : old.length;
        @Nullable KeyHistory[] fresh = new KeyHistory[length];
        taken = 0;
        for (KeyHistory history : old) {
            if (history != null && !history.removed()) {
                place(fresh, history);
                taken++;
            }
        }
        places = fresh;
        return fresh;
    }

    /** Notes that a history which is marked as removed counts no more. The writer alone. */
    void noteRemoved() {
        size--;
    }

    /** All histories, in no order. The writer alone. */
    KeyHistory[] all() {
        KeyHistory[] found = new KeyHistory[size];
        int count = 0;
        for (KeyHistory history : places) {
            if (history != null && !history.removed()) {
                found[count++] = history;
            }
        }
        return count == found.length ? found : Arrays.copyOf(found, count);
    }
}
