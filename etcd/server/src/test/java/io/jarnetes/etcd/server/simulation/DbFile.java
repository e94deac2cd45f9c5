package io.jarnetes.etcd.server.simulation;

import io.jarnetes.etcd.storage.backend.BackendFile;
import io.jarnetes.etcd.storage.backend.Bucket;
import io.jarnetes.etcd.storage.disk.CorruptFileException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A database file of which one process reads the last commit only, as all do here. A commit is all
 * there or not at all: torn ones are bbolt's to recover from, and tested there. A crash loses what
 * wasn't committed, which is the {@code Backend}'s, not this file's.
 */
final class DbFile implements BackendFile {
    private final List<TreeMap<byte[], byte[]>> buckets = new ArrayList<>();
    private long commits;

    DbFile() {
        for (int i = 0; i < Bucket.values().length; i++) {
            buckets.add(new TreeMap<>(Arrays::compareUnsigned));
        }
    }

    /** A file with the same contents. */
    DbFile copy() {
        DbFile copy = new DbFile();
        for (int i = 0; i < buckets.size(); i++) {
            copy.buckets.get(i).putAll(buckets.get(i));
        }
        return copy;
    }

    private TreeMap<byte[], byte[]> in(Bucket bucket) {
        return buckets.get(bucket.ordinal());
    }

    @Override
    public boolean writable() {
        return true;
    }

    @Override
    public Reader reader() {
        return new LastCommit(commits);
    }

    private final class LastCommit implements Reader {
        private final long number;

        LastCommit(long number) {
            this.number = number;
        }

        private TreeMap<byte[], byte[]> bucket(Bucket bucket) {
            if (number != commits) {
                throw new IllegalStateException("a reader of commit " + number + " was kept");
            }
            return in(bucket);
        }

        @Override
        public @Nullable MemorySegment get(Bucket bucket, byte[] key) {
            byte[] value = bucket(bucket).get(key);
            return value == null ? null : MemorySegment.ofArray(value);
        }

        @Override
        public void scan(Bucket bucket, byte[] from, byte @Nullable [] end, StoredVisitor visitor) {
            for (Map.Entry<byte[], byte[]> pair : bucket(bucket).tailMap(from, true).entrySet()) {
                if ((end != null && Arrays.compareUnsigned(pair.getKey(), end) >= 0)
                        || !visitor.visit(pair.getKey(), MemorySegment.ofArray(pair.getValue()))) {
                    return;
                }
            }
        }

        @Override
        public CorruptFileException corrupt(Bucket bucket, byte[] key, String found) {
            return new CorruptFileException(
                    Path.of("db"), 0, "a key of bucket " + bucket + " " + found, "it is simulated");
        }

        @Override
        public void scanAll(BucketVisitor visitor) {
            throw new UnsupportedOperationException("states are compared by key here");
        }

        @Override
        public long size() {
            return 0;
        }

        @Override
        public void writeTo(WritableByteChannel target) {
            throw new UnsupportedOperationException("copies are sent here, not bytes");
        }

        @Override
        public void read(long position, ByteBuffer target) {
            throw new UnsupportedOperationException("copies are sent here, not bytes");
        }

        @Override
        public void close() {}
    }

    @Override
    public void commit(Writer writer) {
        commits++;
        writer.writeTo(
                new Changes() {
                    @Override
                    public void put(Bucket bucket, byte[] key, byte[] value) {
                        in(bucket).put(key, value);
                    }

                    @Override
                    public void delete(Bucket bucket, byte[] key) {
                        in(bucket).remove(key);
                    }
                });
    }

    @Override
    public long size() {
        return 0;
    }

    @Override
    public long sizeInUse() {
        return 0;
    }

    @Override
    public BackendFile defragmented() {
        throw new UnsupportedOperationException("nobody defragments here");
    }

    @Override
    public void close() {}
}
