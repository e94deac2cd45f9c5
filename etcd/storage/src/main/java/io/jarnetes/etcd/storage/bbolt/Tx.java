package io.jarnetes.etcd.storage.bbolt;

import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import org.jspecify.annotations.Nullable;

/** A transaction: a snapshot of the file, and for the writer its changes on top. */
public final class Tx implements AutoCloseable {
    Tx() {}

    /** Whether this transaction may change anything. */
    public boolean writable() {
        throw new UnsupportedOperationException();
    }

    /** The version read (for a reader) or being made (for the writer). */
    public long id() {
        throw new UnsupportedOperationException();
    }

    /** The logical size in bytes, which is also the size of {@link #writeTo}. */
    public long size() {
        throw new UnsupportedOperationException();
    }

    /** A top-level bucket, or null. */
    public @Nullable Bucket bucket(byte[] name) {
        throw new UnsupportedOperationException();
    }

    /** A top-level bucket, made when it is not there. */
    public Bucket createBucketIfNotExists(byte[] name) {
        throw new UnsupportedOperationException();
    }

    /** Deletes a top-level bucket and all in it; {@code false} when there was none. */
    public boolean deleteBucket(byte[] name) {
        throw new UnsupportedOperationException();
    }

    /** The names of the top-level buckets, in order. */
    public Cursor cursor() {
        throw new UnsupportedOperationException();
    }

    /** Writes the whole file as this read transaction sees it; returns the bytes written. */
    public long writeTo(WritableByteChannel target) {
        throw new UnsupportedOperationException();
    }

    /**
     * Reads from the file as this read transaction sees it, for a snapshot that is streamed; fills
     * the buffer or ends at {@link #size()}.
     */
    public void read(long position, ByteBuffer target) {
        throw new UnsupportedOperationException();
    }

    /** Runs after a successful commit, in order of registration. */
    public void onCommit(Runnable action) {
        throw new UnsupportedOperationException();
    }

    /**
     * Makes the changes durable and visible, and closes the transaction. After a failure the Db
     * refuses all further writes.
     */
    public CommitTimes commit() {
        throw new UnsupportedOperationException();
    }

    /** Drops the changes and closes the transaction. */
    public void rollback() {
        throw new UnsupportedOperationException();
    }

    /** Rolls back unless committed or rolled back before. */
    @Override
    public void close() {
        throw new UnsupportedOperationException();
    }
}
