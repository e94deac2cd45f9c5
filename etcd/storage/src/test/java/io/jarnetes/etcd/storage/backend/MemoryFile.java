package io.jarnetes.etcd.storage.backend;

import io.jarnetes.etcd.storage.disk.CorruptFileException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A file in memory. A commit is all there or not at all: torn ones are bbolt's to recover from, and
 * tested there. Commits can be counted, and made to fail.
 */
public final class MemoryFile implements BackendFile {
    private volatile Map<Bucket, TreeMap<byte[], byte[]>> committed = empty();
    private volatile int commits;
    private volatile boolean failing;
    private volatile boolean closed;
    private volatile int readers;

    private static Map<Bucket, TreeMap<byte[], byte[]>> empty() {
        Map<Bucket, TreeMap<byte[], byte[]>> buckets = new EnumMap<>(Bucket.class);
        for (Bucket bucket : Bucket.values()) {
            buckets.put(bucket, new TreeMap<>(Arrays::compareUnsigned));
        }
        return buckets;
    }

    private static TreeMap<byte[], byte[]> in(
            Map<Bucket, TreeMap<byte[], byte[]>> buckets, Bucket bucket) {
        return Objects.requireNonNull(buckets.get(bucket));
    }

    /** How many commits there were. */
    public int commits() {
        return commits;
    }

    /** Lets all commits fail from now on. */
    public void fail() {
        failing = true;
    }

    /** Whether it was closed. */
    public boolean closed() {
        return closed;
    }

    /** How many readers are open. */
    public int readers() {
        return readers;
    }

    /** A file that holds what is committed here: as if the process had died. */
    public MemoryFile copy() {
        MemoryFile copy = new MemoryFile();
        copy.committed = committed;
        return copy;
    }

    @Override
    public boolean writable() {
        return true;
    }

    @Override
    public synchronized Reader reader() {
        readers++;
        Map<Bucket, TreeMap<byte[], byte[]>> snapshot = committed;
        return new Reader() {
            private boolean open = true;

            @Override
            public @Nullable MemorySegment get(Bucket bucket, byte[] key) {
                check();
                byte[] value = in(snapshot, bucket).get(key);
                return value == null ? null : MemorySegment.ofArray(value.clone());
            }

            @Override
            public void scan(
                    Bucket bucket, byte[] from, byte @Nullable [] end, StoredVisitor visitor) {
                for (var pair : in(snapshot, bucket).tailMap(from, true).entrySet()) {
                    check();
                    if ((end != null && Arrays.compareUnsigned(pair.getKey(), end) >= 0)
                            || !visitor.visit(
                                    pair.getKey().clone(),
                                    MemorySegment.ofArray(pair.getValue().clone()))) {
                        return;
                    }
                }
            }

            @Override
            public void scanAll(BucketVisitor visitor) {
                check();
                snapshot.keySet().stream()
                        .sorted(Comparator.comparing(Bucket::diskName))
                        .forEach(bucket -> {
                            visitor.bucket(bucket.diskNameBytes());
                            in(snapshot, bucket).forEach(visitor::pair);
                        });
            }

            @Override
            public CorruptFileException corrupt(Bucket bucket, byte[] key, String found) {
                return new CorruptFileException(
                        Path.of("memory"), 0, "a key of bucket " + bucket + " " + found, "restore");
            }

            private void check() {
                if (!open) {
                    throw new IllegalStateException("read after close");
                }
            }

            @Override
            public long size() {
                return 0;
            }

            @Override
            public void writeTo(WritableByteChannel target) {
                throw new UnsupportedOperationException("memory has no bytes of a file");
            }

            @Override
            public void read(long position, ByteBuffer target) {
                throw new UnsupportedOperationException("memory has no bytes of a file");
            }

            @Override
            public void close() {
                check();
                open = false;
                synchronized (MemoryFile.this) {
                    readers--;
                }
            }
        };
    }

    @Override
    public synchronized void commit(Writer writer) {
        if (failing) {
            throw new IllegalStateException("this disk was made to fail");
        }
        Map<Bucket, TreeMap<byte[], byte[]>> next = new EnumMap<>(committed);
        Set<Bucket> copied = EnumSet.noneOf(Bucket.class);
        writer.writeTo(
                new Changes() {
                    private TreeMap<byte[], byte[]> changing(Bucket bucket) {
                        if (copied.add(bucket)) {
                            next.put(bucket, new TreeMap<>(in(next, bucket)));
                        }
                        return in(next, bucket);
                    }

                    @Override
                    public void put(Bucket bucket, byte[] key, byte[] value) {
                        changing(bucket).put(key, value);
                    }

                    @Override
                    public void delete(Bucket bucket, byte[] key) {
                        changing(bucket).remove(key);
                    }
                });
        committed = next;
        commits++;
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
        return copy();
    }

    @Override
    public void close() {
        if (readers != 0) {
            throw new IllegalStateException(readers + " readers are still open");
        }
        closed = true;
    }
}
