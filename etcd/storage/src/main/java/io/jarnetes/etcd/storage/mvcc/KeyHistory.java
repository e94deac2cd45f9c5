package io.jarnetes.etcd.storage.mvcc;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The revisions of one key, oldest first; a tombstone ends a life of the key.
 *
 * <p>Writers (the apply thread and the compaction) hold the object's lock; readers need none: they
 * see an array whose places fill up in order, or a newer one.
 */
final class KeyHistory {
    private static final VarHandle LONGS = MethodHandles.arrayElementVarHandle(long[].class);
    private static final long[] NONE = new long[0];
    // In the place of the revisions, once compaction has left nothing of them.
    private static final long[] REMOVED = new long[0];
    private static final int PAIR = 2;

    private final byte[] key;
    private final int hash;
    // Pairs of main and sub << 1 | tombstone. A main of 0, which no revision has, is a free place;
    // it is written last.
    private volatile long[] revisions = NONE;
    // Of the present life; for the writers alone.
    private long created;
    private long version;

    KeyHistory(byte[] key, int hash) {
        this.key = key;
        this.hash = hash;
    }

    byte[] key() {
        return key;
    }

    int hash() {
        return hash;
    }

    /** Whether compaction has taken it out of the index. */
    boolean removed() {
        return revisions == REMOVED;
    }

    /**
     * What a put becomes.
     *
     * @param created the create revision
     * @param version the version
     */
    record Life(long created, long version) {}

    /** Adds a put. Null when compaction has just taken the key out of the index. */
    synchronized @Nullable Life put(long main, long sub) {
        if (removed()) {
            return null;
        }
        if (!alive()) {
            created = main;
            version = 0;
        }
        version++;
        append(main, sub << 1);
        return new Life(created, version);
    }

    /** Adds the first revision found in a file, whose forerunners may be compacted. */
    synchronized void restore(long main, long sub, long createRevision, long keyVersion) {
        created = createRevision;
        version = keyVersion;
        append(main, sub << 1);
    }

    /** Adds a tombstone; false when the key is not alive. */
    synchronized boolean tombstone(long main, long sub) {
        if (removed() || !alive()) {
            return false;
        }
        append(main, sub << 1 | 1);
        return true;
    }

    /** Adds the first revision found in a file, when it is a tombstone. */
    synchronized void restoreTombstone(long main, long sub) {
        append(main, sub << 1 | 1);
    }

    /** Whether the newest revision is a put. */
    boolean alive() {
        long[] now = revisions;
        int last = count(now) - 1;
        return last >= 0 && (now[PAIR * last + 1] & 1) == 0;
    }

    /** The revision that a read at {@code atMain} sees, or null when there is no key then. */
    @Nullable Revision at(long atMain) {
        long[] now = revisions;
        int found = lastUpTo(now, atMain);
        if (found < 0 || (now[PAIR * found + 1] & 1) != 0) {
            return null;
        }
        return new Revision(now[PAIR * found], now[PAIR * found + 1] >>> 1);
    }

    /** Whether a read at {@code atMain} sees the key. */
    boolean existsAt(long atMain) {
        long[] now = revisions;
        int found = lastUpTo(now, atMain);
        return found >= 0 && (now[PAIR * found + 1] & 1) == 0;
    }

    /** Whether a compaction at {@code atMain} keeps any revision up to it. */
    boolean keepsAt(long atMain) {
        long[] now = revisions;
        int found = lastUpTo(now, atMain);
        return found >= 0 && ((now[PAIR * found + 1] & 1) == 0 || now[PAIR * found] == atMain);
    }

    /** Takes revisions. */
    @FunctionalInterface
    interface RevisionVisitor {
        void visit(byte[] key, Revision revision, boolean tombstone);
    }

    /** Hands over all revisions, oldest first. */
    void forEach(RevisionVisitor visitor) {
        long[] now = revisions;
        int count = count(now);
        for (int i = 0; i < count; i++) {
            long sub = now[PAIR * i + 1];
            visitor.visit(key, new Revision(now[PAIR * i], sub >>> 1), (sub & 1) != 0);
        }
    }

    /** Whether this revision is in the history. */
    boolean contains(long main, long sub) {
        long[] now = revisions;
        for (int at = lastUpTo(now, main); at >= 0 && now[PAIR * at] == main; at--) {
            if (now[PAIR * at + 1] >>> 1 == sub) {
                return true;
            }
        }
        return false;
    }

    /**
     * Drops what nobody reads at {@code compactMain} or later: all before the newest revision up to
     * it, and that one too when it is a tombstone of an older revision.
     *
     * @return whether nothing is left and the key must leave the index
     */
    synchronized boolean compact(long compactMain) {
        long[] now = revisions;
        int count = count(now);
        int keep = lastUpTo(now, compactMain);
        if (keep >= 0 && (now[PAIR * keep + 1] & 1) != 0 && now[PAIR * keep] < compactMain) {
            keep++;
        }
        if (keep == count) {
            revisions = REMOVED;
        } else if (keep > 0) {
            revisions = Arrays.copyOfRange(now, PAIR * keep, PAIR * count);
        }
        return keep == count;
    }

    private void append(long main, long sub) {
        long[] now = revisions;
        int count = count(now);
        if (count > 0
                && (now[PAIR * (count - 1)] > main
                        || (now[PAIR * (count - 1)] == main
                                && now[PAIR * (count - 1) + 1] >>> 1 >= sub >>> 1))) {
            throw new IllegalStateException(
                    "revision " + main + "/" + (sub >>> 1) + " does not rise");
        }
        if (PAIR * count == now.length) {
            // Most keys have one revision or two: grow slowly at first.
            now = Arrays.copyOf(now, PAIR * (count + 1 + count / 2));
        }
        now[PAIR * count + 1] = sub;
        LONGS.setRelease(now, PAIR * count, main);
        revisions = now;
    }

    private static int count(long[] revisions) {
        int low = 0;
        int high = revisions.length / PAIR;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if ((long) LONGS.getAcquire(revisions, PAIR * middle) != 0) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }

    /** The place of the newest revision up to {@code main}, or -1. */
    private static int lastUpTo(long[] revisions, long main) {
        int low = 0;
        int high = revisions.length / PAIR;
        while (low < high) {
            int middle = (low + high) >>> 1;
            long at = (long) LONGS.getAcquire(revisions, PAIR * middle);
            if (at != 0 && at <= main) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low - 1;
    }
}
