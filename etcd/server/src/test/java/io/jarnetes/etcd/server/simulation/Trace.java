package io.jarnetes.etcd.server.simulation;

import io.jarnetes.etcd.raft.Entry;

/**
 * A hash of everything that happens, in order: two runs of one seed have the same. Its mixing
 * serves the other hashes of the simulation too.
 */
final class Trace {
    private long hash;

    void add(long value) {
        hash = mix(hash, value);
    }

    long hash() {
        return hash;
    }

    /** A hash of a hash and what follows it (the finalizer of MurmurHash3). */
    static long mix(long before, long value) {
        long h = (before ^ value) * 0x9E3779B97F4A7C15L + 0x632BE59BD9B4E019L;
        h = (h ^ (h >>> 33)) * 0xFF51AFD7ED558CCDL;
        h = (h ^ (h >>> 33)) * 0xC4CEB9FE1A85EC53L;
        return h ^ (h >>> 33);
    }

    static long of(byte[] bytes) {
        long h = bytes.length;
        for (byte b : bytes) {
            h = (h ^ b) * 0x100000001B3L;
        }
        return mix(h, bytes.length);
    }

    static long of(Entry entry) {
        long place = mix(entry.index(), entry.term());
        return mix(mix(place, entry.type().ordinal()), of(entry.data()));
    }
}
