package io.jarnetes.etcd.storage.bbolt;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * A place in a bucket. Each move says whether the cursor is on a pair now; only then may {@link
 * #key()} and {@link #value()} be called. In a writing transaction the bucket may be changed
 * between moves: a move goes on from the key the cursor was on. Not for more than one thread.
 */
public final class Cursor {
    private static final byte[] NONE = new byte[0];

    private final Bucket bucket;
    private final Tx tx;
    private TreePart[] parts = new TreePart[4];
    private int[] indexes = new int[4];
    private int depth = -1;
    // Of a writer: where the cursor was, for when the tree has changed under it.
    private byte[] lastKey = NONE;
    private int changesSeen;

    Cursor(Bucket bucket) {
        this.bucket = bucket;
        this.tx = bucket.tx();
    }

    /** To the first pair. */
    public boolean first() {
        restart();
        descendFirst();
        return settle(parts[depth].count() > 0 || forward());
    }

    /** To the last pair. */
    public boolean last() {
        restart();
        indexes[0] = parts[0].count() - 1;
        descendLast();
        return settle(parts[depth].count() > 0 || backward());
    }

    /** To the pair after; a cursor that is on no pair stays there. */
    public boolean next() {
        tx.requireOpen();
        if (depth < 0) {
            return false;
        }
        if (moved()) {
            byte[] from = lastKey;
            return seek(from) && compareKey(from) == 0 ? settle(forward()) : depth >= 0;
        }
        return settle(forward());
    }

    /** To the pair before; a cursor that is on no pair stays there. */
    public boolean prev() {
        tx.requireOpen();
        if (depth < 0) {
            return false;
        }
        if (moved()) {
            return seek(lastKey) ? settle(backward()) : last();
        }
        return settle(backward());
    }

    /** To the first pair whose key is at least {@code key}. */
    public boolean seek(byte[] key) {
        restart();
        while (!parts[depth].leaf()) {
            indexes[depth] = parts[depth].childIndex(key);
            descend();
        }
        indexes[depth] = parts[depth].lowerBound(key);
        if (indexes[depth] < parts[depth].count()) {
            return settle(true);
        }
        indexes[depth] = parts[depth].count() - 1;
        return settle(forward());
    }

    /** The key, valid until the transaction closes. */
    public MemorySegment key() {
        return on().key(indexes[depth]);
    }

    /** A copy of the key. */
    public byte[] keyBytes() {
        return on() instanceof Page page
                ? page.keyBytes(indexes[depth])
                : key().toArray(ValueLayout.JAVA_BYTE);
    }

    /** Compares the key with another one, unsigned; negative when the cursor's is less. */
    public int compareKey(byte[] other) {
        return on().compare(indexes[depth], other);
    }

    /** The value, valid until the transaction closes; empty for a nested bucket. */
    public MemorySegment value() {
        TreePart leaf = on();
        return leaf.isBucket(indexes[depth])
                ? MemorySegment.ofArray(NONE)
                : leaf.value(indexes[depth]);
    }

    /** A copy of the value; empty for a nested bucket. */
    public byte[] valueBytes() {
        return value().toArray(ValueLayout.JAVA_BYTE);
    }

    /** Where in the file the value begins, for messages; 0 for what is not in the file yet. */
    public long fileOffset() {
        return on() instanceof Page page ? page.offset() + page.valueAt(indexes[depth]) : 0;
    }

    /** Whether the pair is a nested bucket. */
    public boolean isBucket() {
        return on().isBucket(indexes[depth]);
    }

    /** Deletes the pair; {@link #next()} then goes to the pair after it. */
    public void delete() {
        tx.requireWritable();
        on();
        if (!bucket.delete(lastKey)) {
            throw new IllegalStateException("the pair was deleted before");
        }
    }

    private TreePart on() {
        if (depth < 0) {
            throw new IllegalStateException("the cursor is on no pair");
        }
        return parts[depth];
    }

    private boolean moved() {
        return tx.writable() && changesSeen != bucket.changes();
    }

    private void restart() {
        tx.requireOpen();
        depth = 0;
        parts[0] = bucket.rootPart();
        indexes[0] = 0;
    }

    private boolean settle(boolean found) {
        if (!found) {
            depth = -1;
        } else if (tx.writable()) {
            lastKey = keyBytes();
            changesSeen = bucket.changes();
        }
        return found;
    }

    private void descend() {
        TreePart child = parts[depth].child(indexes[depth], tx);
        depth++;
        tx.db().requireDepth(depth);
        if (depth == parts.length) {
            parts = java.util.Arrays.copyOf(parts, depth * 2);
            indexes = java.util.Arrays.copyOf(indexes, depth * 2);
        }
        parts[depth] = child;
        indexes[depth] = 0;
    }

    private void descendFirst() {
        while (!parts[depth].leaf()) {
            descend();
        }
    }

    private void descendLast() {
        while (!parts[depth].leaf()) {
            descend();
            indexes[depth] = parts[depth].count() - 1;
        }
    }

    /** One pair on; leaves that are empty, as between a deletion and the commit, are passed. */
    private boolean forward() {
        while (depth >= 0) {
            if (++indexes[depth] < parts[depth].count()) {
                if (parts[depth].leaf()) {
                    return true;
                }
                descendFirst();
                indexes[depth] = -1;
            } else {
                depth--;
            }
        }
        return false;
    }

    private boolean backward() {
        while (depth >= 0) {
            if (--indexes[depth] >= 0) {
                if (parts[depth].leaf()) {
                    return true;
                }
                descendLast();
                indexes[depth] = parts[depth].count();
            } else {
                depth--;
            }
        }
        return false;
    }
}
