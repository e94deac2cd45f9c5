package io.jarnetes.etcd.storage.backend;

import java.io.IOException;
import java.io.OutputStream;
import org.jspecify.annotations.Nullable;

/**
 * The db file behind a store that batches its commits: changes collect in memory, where reads see
 * them, and go to the file together.
 *
 * <p>The owner of the apply thread calls {@link #applied} after each entry and, when {@link
 * #commitDue} says so, {@link #freeze} between two entries; the frozen batch may be written by
 * another thread, one at a time, while changes go on.
 */
public final class Backend implements AutoCloseable {
    /** A batch that was taken off and waits to be written and synced. */
    public interface Commit {
        /** Writes and syncs it. After a failure the member must stop; it is never retried. */
        void run() throws IOException;
    }

    /** A snapshot of the file as of one commit. */
    public interface Snapshot extends AutoCloseable {
        /** How many bytes {@link #writeTo} writes. */
        long size();

        /** Writes the whole file. */
        void writeTo(OutputStream out) throws IOException;

        @Override
        void close();
    }

    /** Stores a pair. */
    public void put(Bucket bucket, byte[] key, byte[] value) {
        throw new UnsupportedOperationException();
    }

    /** Deletes a pair; nothing when it is not there. */
    public void delete(Bucket bucket, byte[] key) {
        throw new UnsupportedOperationException();
    }

    /** One value as of now, uncommitted changes included. */
    public byte @Nullable [] get(Bucket bucket, byte[] key) {
        throw new UnsupportedOperationException();
    }

    /** The entry that was applied last; it is stored with the next commit, as is its term. */
    public void applied(long index, long term) {
        throw new UnsupportedOperationException();
    }

    /** The entry that was applied last, restored from the file at open; 0 before any. */
    public long consistentIndex() {
        throw new UnsupportedOperationException();
    }

    /** The term of {@link #consistentIndex}. */
    public long consistentTerm() {
        throw new UnsupportedOperationException();
    }

    /** How many changes wait for a commit. */
    public int pending() {
        throw new UnsupportedOperationException();
    }

    /** Whether a batch is full or old enough, and no other is being written. */
    public boolean commitDue(long nanoTime) {
        throw new UnsupportedOperationException();
    }

    /**
     * Takes off what waits, between two entries. Null when there is nothing, when another batch is
     * still being written, or when the applied index is not yet synced in the log here.
     */
    public @Nullable Commit freeze() {
        throw new UnsupportedOperationException();
    }

    /** Freezes and writes at once. */
    public void commit() throws IOException {
        throw new UnsupportedOperationException();
    }

    /** The file's size in bytes. */
    public long size() {
        throw new UnsupportedOperationException();
    }

    /** The size less the free pages. */
    public long sizeInUse() {
        throw new UnsupportedOperationException();
    }

    /** CRC-32C over all buckets, as Maintenance.Hash says it. Commits first. */
    public int hash() throws IOException {
        throw new UnsupportedOperationException();
    }

    /** A snapshot of what is there now. Commits first. */
    public Snapshot snapshot() throws IOException {
        throw new UnsupportedOperationException();
    }

    /** Rewrites the file without its free pages. Reads go on; changes wait. */
    public void defrag() throws IOException {
        throw new UnsupportedOperationException();
    }

    /** Commits what it may and closes the file. */
    @Override
    public void close() throws IOException {
        throw new UnsupportedOperationException();
    }
}
