package io.jarnetes.etcd.storage.bbolt;

import java.lang.foreign.MemorySegment;

/**
 * A place in a bucket. Each move says whether the cursor is on a pair now; only then may {@link
 * #key()} and {@link #value()} be called. In a writing transaction the bucket may be changed
 * between moves: a move goes on from the key the cursor was on.
 */
public final class Cursor {
    Cursor() {}

    /** To the first pair. */
    public boolean first() {
        throw new UnsupportedOperationException();
    }

    /** To the last pair. */
    public boolean last() {
        throw new UnsupportedOperationException();
    }

    /** To the pair after; a cursor that is on no pair stays there. */
    public boolean next() {
        throw new UnsupportedOperationException();
    }

    /** To the pair before; a cursor that is on no pair stays there. */
    public boolean prev() {
        throw new UnsupportedOperationException();
    }

    /** To the first pair whose key is at least {@code key}. */
    public boolean seek(byte[] key) {
        throw new UnsupportedOperationException();
    }

    /** The key, valid until the transaction closes. */
    public MemorySegment key() {
        throw new UnsupportedOperationException();
    }

    /** A copy of the key. */
    public byte[] keyBytes() {
        throw new UnsupportedOperationException();
    }

    /** Compares the key with another one, unsigned; negative when the cursor's is less. */
    public int compareKey(byte[] other) {
        throw new UnsupportedOperationException();
    }

    /** The value, valid until the transaction closes; empty for a nested bucket. */
    public MemorySegment value() {
        throw new UnsupportedOperationException();
    }

    /** A copy of the value; empty for a nested bucket. */
    public byte[] valueBytes() {
        throw new UnsupportedOperationException();
    }

    /** Whether the pair is a nested bucket. */
    public boolean isBucket() {
        throw new UnsupportedOperationException();
    }

    /** Deletes the pair; {@link #next()} then goes to the pair after it. */
    public void delete() {
        throw new UnsupportedOperationException();
    }
}
