package io.jarnetes.etcd.storage.backend;

import io.jarnetes.etcd.storage.disk.CorruptFileException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import org.jspecify.annotations.Nullable;

/**
 * What a {@link Backend} needs of a file: snapshots to read, and batches committed whole or not at
 * all. {@link BboltFile} is the one on disk.
 */
public interface BackendFile extends AutoCloseable {
    /** A snapshot as of one commit. Any number of threads may use one at a time. */
    interface Reader extends AutoCloseable {
        /** A value as it lies in the file, valid until this reader closes; null for none. */
        @Nullable MemorySegment get(Bucket bucket, byte[] key);

        /** Visits pairs in key order, from {@code from} on, until {@code end} or told to stop. */
        void scan(Bucket bucket, byte[] from, byte @Nullable [] end, StoredVisitor visitor);

        /**
         * What is to be thrown for a pair of this file that its reader cannot decode.
         *
         * @param found what is wrong with it
         */
        CorruptFileException corrupt(Bucket bucket, byte[] key, String found);

        /** Visits every pair of every bucket in the file, buckets in the order of their names. */
        void scanAll(BucketVisitor visitor);

        /** The bytes of the file as of this commit. */
        long size();

        /** Writes the file as of this commit. */
        void writeTo(WritableByteChannel target);

        /** Fills the buffer with the file's bytes as of this commit, or up to its end. */
        void read(long position, ByteBuffer target);

        @Override
        void close();
    }

    /** Takes pairs; says whether it wants more. */
    @FunctionalInterface
    interface Visitor {
        /** Takes a pair; the arrays are the visitor's. */
        boolean visit(byte[] key, byte[] value);
    }

    /** Takes pairs as they are stored; says whether it wants more. */
    @FunctionalInterface
    interface StoredVisitor {
        /** Takes a pair; the key is the visitor's, the value valid until the reader closes. */
        boolean visit(byte[] key, MemorySegment value);
    }

    /** Takes buckets and their pairs. */
    interface BucketVisitor {
        /** A bucket begins. */
        void bucket(byte[] name);

        /** A pair of the bucket that began last. */
        void pair(byte[] key, byte[] value);
    }

    /** Takes the changes of a batch. */
    interface Changes {
        void put(Bucket bucket, byte[] key, byte[] value);

        void delete(Bucket bucket, byte[] key);
    }

    /** What makes changes in a commit. */
    @FunctionalInterface
    interface Writer {
        void writeTo(Changes changes);
    }

    /** Whether commits are possible; of a file opened for reading, changes stay in memory. */
    boolean writable();

    /** Opens a snapshot of the last commit. */
    Reader reader();

    /** Makes the changes durable together. After a failure the file refuses all further ones. */
    void commit(Writer writer);

    /** The file's size in bytes. */
    long size();

    /** The size less the free pages. */
    long sizeInUse();

    /**
     * Copies what is there to a new file without free pages, puts it in this one's place and
     * returns it; this one stays readable until closed.
     */
    BackendFile defragmented();

    /** Closes it; all readers are closed by then. */
    @Override
    void close();
}
