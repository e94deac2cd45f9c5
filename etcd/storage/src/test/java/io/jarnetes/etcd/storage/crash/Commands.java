package io.jarnetes.etcd.storage.crash;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.jarnetes.etcd.raft.Entry;
import io.jarnetes.etcd.raft.EntryType;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;

/**
 * What each entry of the log asks for follows from its index alone, so that whoever knows how far a
 * member got knows what it must hold.
 */
final class Commands {
    /** So many keys there are. */
    static final int KEYS = 120;

    private static final int LEASES = 6;
    private static final int LARGEST_BYTES = 6000;

    private Commands() {}

    /** What commands change: the real stores, or a plain model of them. */
    interface Target {
        long revision();

        long compactRevision();

        boolean hasLease(long id);

        void grant(long id);

        /** Deletes the lease and its keys. */
        void revoke(long id);

        void compact(long revision);

        /** Changes of one request, in order. */
        void change(List<Change> changes);
    }

    /** A change of a request. */
    sealed interface Change {
        record Put(byte[] key, byte[] value, long lease) implements Change {}

        /** Deletes one key, or with an end all from it up to there. */
        record Delete(byte[] key, byte[] end) implements Change {}
    }

    static Entry entry(long index) {
        return new Entry(EntryType.NORMAL, 1, index, data(index));
    }

    /** Bytes of all sizes; now and then so many zeros that a sector of the log has nothing else. */
    static byte[] data(long index) {
        Random random = new Random(index * 31);
        int size = random.nextInt(12) == 0 ? random.nextInt(LARGEST_BYTES) : random.nextInt(300);
        byte[] data = new byte[Long.BYTES + size];
        if (random.nextInt(4) != 0) {
            random.nextBytes(data);
        }
        ByteBuffer.wrap(data).putLong(index);
        return data;
    }

    static void apply(long index, Target target) {
        Random random = new Random(index * 7919 + 17);
        switch (random.nextInt(20)) {
            case 0 -> {
                long at = target.revision() - random.nextInt(40);
                if (at > target.compactRevision() && at > 0) {
                    target.compact(at);
                }
            }
            case 1, 2 -> {
                long id = 1 + random.nextInt(LEASES);
                if (target.hasLease(id)) {
                    target.revoke(id);
                } else {
                    target.grant(id);
                }
            }
            case 3 -> {
                byte[] from = key(random);
                byte[] end = (new String(from, UTF_8) + random.nextInt(10)).getBytes(UTF_8);
                target.change(List.of(new Change.Delete(from, end)));
            }
            case 4, 5, 6 -> target.change(List.of(new Change.Delete(key(random), new byte[0])));
            case 7, 8 -> target.change(several(index, random, target));
            default -> target.change(List.of(put(index, key(random), random, target)));
        }
    }

    /** Puts and deletions of different keys: etcd refuses to change one twice. */
    private static List<Change> several(long index, Random random, Target target) {
        TreeSet<Integer> keys = new TreeSet<>();
        for (int i = 0; i < 4; i++) {
            keys.add(random.nextInt(KEYS));
        }
        List<Change> changes = new ArrayList<>();
        for (int key : keys) {
            changes.add(
                    random.nextInt(3) == 0
                            ? new Change.Delete(name(key), new byte[0])
                            : put(index, name(key), random, target));
        }
        return changes;
    }

    private static Change put(long index, byte[] key, Random random, Target target) {
        long lease = random.nextInt(4) == 0 ? 1 + random.nextInt(LEASES) : 0;
        return new Change.Put(key, data(index), target.hasLease(lease) ? lease : 0);
    }

    private static byte[] key(Random random) {
        return name(random.nextInt(KEYS));
    }

    private static byte[] name(int key) {
        return ("k%03d".formatted(key)).getBytes(UTF_8);
    }
}
