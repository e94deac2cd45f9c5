package io.jarnetes.etcd.storage.bbolt;

import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/**
 * A sorted map of keys (1 to 32,768 bytes, compared unsigned) to values or nested buckets.
 *
 * <p>Arrays that are handed in are kept, not copied, until the transaction ends: don't change them.
 */
public final class Bucket {
    Bucket() {}

    /** The value of a key, valid until the transaction closes; null for none or a nested bucket. */
    public @Nullable MemorySegment get(byte[] key) {
        throw new UnsupportedOperationException();
    }

    /** A copy of the value of a key; null for none or a nested bucket. */
    public byte @Nullable [] getBytes(byte[] key) {
        throw new UnsupportedOperationException();
    }

    /** Sets a value. */
    public void put(byte[] key, byte[] value) {
        throw new UnsupportedOperationException();
    }

    /** Deletes a key; {@code false} when there was none. */
    public boolean delete(byte[] key) {
        throw new UnsupportedOperationException();
    }

    /** A nested bucket, or null. */
    public @Nullable Bucket bucket(byte[] name) {
        throw new UnsupportedOperationException();
    }

    /** A nested bucket, made when it is not there. */
    public Bucket createBucketIfNotExists(byte[] name) {
        throw new UnsupportedOperationException();
    }

    /** Deletes a nested bucket and all in it; {@code false} when there was none. */
    public boolean deleteBucket(byte[] name) {
        throw new UnsupportedOperationException();
    }

    /** A cursor that is not placed yet. */
    public Cursor cursor() {
        throw new UnsupportedOperationException();
    }

    /** The number kept with the bucket. */
    public long sequence() {
        throw new UnsupportedOperationException();
    }

    /** Sets the number kept with the bucket. */
    public void setSequence(long value) {
        throw new UnsupportedOperationException();
    }

    /** Adds one to the number kept with the bucket, and returns it. */
    public long nextSequence() {
        throw new UnsupportedOperationException();
    }

    /**
     * How full pages are made when they split, from 0.1 to 1.0 (0.5 unless set). Where keys come in
     * rising order, 0.9 saves space. Lasts for the transaction.
     */
    public void fillPercent(double value) {
        throw new UnsupportedOperationException();
    }
}
