package io.jarnetes.etcd.storage.backend;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Reads the file and what waits for a commit as one. Changes made after it was opened may show; who
 * reads revisions up to a known one does not notice. Close it soon.
 */
public final class View implements AutoCloseable {
    private final FileRef file;
    private final @Nullable Batch committing;
    private final Batch current;

    View(FileRef file, @Nullable Batch committing, Batch current) {
        this.file = file;
        this.committing = committing;
        this.current = current;
    }

    /** A value as it is stored, valid until this view closes; null for none. Don't change it. */
    private @Nullable MemorySegment find(Bucket bucket, byte[] key) {
        Batch.Lookup found = current.get(bucket, key);
        if (!found.known() && committing != null) {
            found = committing.get(bucket, key);
        }
        if (!found.known()) {
            return file.reader().get(bucket, key);
        }
        byte[] value = found.value();
        return value == null ? null : MemorySegment.ofArray(value);
    }

    /** A copy of one value, or null. */
    public byte @Nullable [] get(Bucket bucket, byte[] key) {
        MemorySegment value = find(bucket, key);
        return value == null ? null : copy(value);
    }

    private static byte[] copy(MemorySegment value) {
        return value.toArray(ValueLayout.JAVA_BYTE);
    }

    /**
     * One value, decoded; null when there is none.
     *
     * @throws io.jarnetes.etcd.storage.disk.CorruptFileException when the decoder throws {@link
     *     BadPairException}: with the file and the place of the pair
     */
    public <T> @Nullable T get(Bucket bucket, byte[] key, Function<byte[], T> decoder) {
        return read(bucket, key, value -> decoder.apply(copy(value)));
    }

    /**
     * One value, read where it is stored; null when there is none. What the reader makes of it may
     * refer to it until this view is closed.
     *
     * @throws io.jarnetes.etcd.storage.disk.CorruptFileException when the reader throws {@link
     *     BadPairException}: with the file and the place of the pair
     */
    public <T> @Nullable T read(Bucket bucket, byte[] key, Function<MemorySegment, T> reader) {
        MemorySegment value = find(bucket, key);
        try {
            return value == null ? null : reader.apply(value);
        } catch (BadPairException e) {
            throw file.reader().corrupt(bucket, key, String.valueOf(e.getMessage()));
        }
    }

    /**
     * Visits pairs in key order, from {@code from} on, until {@code end} or told to stop.
     *
     * @throws io.jarnetes.etcd.storage.disk.CorruptFileException when the visitor throws {@link
     *     BadPairException}
     */
    public void scan(
            Bucket bucket, byte[] from, byte @Nullable [] end, BackendFile.Visitor visitor) {
        scanStored(bucket, from, end, (key, value) -> visitor.visit(key, copy(value)));
    }

    /** As {@link #scan}, with the values where they are stored, until this view is closed. */
    public void scanStored(
            Bucket bucket, byte[] from, byte @Nullable [] end, BackendFile.StoredVisitor visitor) {
        scanAny(
                bucket,
                from,
                end,
                (key, value) -> {
                    try {
                        return visitor.visit(key, value);
                    } catch (BadPairException e) {
                        throw file.reader().corrupt(bucket, key, String.valueOf(e.getMessage()));
                    }
                });
    }

    private void scanAny(
            Bucket bucket, byte[] from, byte @Nullable [] end, BackendFile.StoredVisitor visitor) {
        if (bucket == Bucket.KEY) {
            scanRevisions(from, end, visitor);
            return;
        }
        // The other buckets are small and read at start, mostly: merge them in a map.
        Map<byte[], MemorySegment> all = new TreeMap<>(Arrays::compareUnsigned);
        file.reader()
                .scan(
                        bucket,
                        from,
                        end,
                        (key, value) -> {
                            all.put(key, value);
                            return true;
                        });
        overlay(bucket, from, end, committing, all);
        overlay(bucket, from, end, current, all);
        for (Map.Entry<byte[], MemorySegment> pair : all.entrySet()) {
            if (!visitor.visit(pair.getKey(), pair.getValue())) {
                return;
            }
        }
    }

    private static void overlay(
            Bucket bucket,
            byte[] from,
            byte @Nullable [] end,
            @Nullable Batch batch,
            Map<byte[], MemorySegment> all) {
        if (batch == null) {
            return;
        }
        batch.scan(
                bucket,
                from,
                end,
                (key, value) -> {
                    if (value == null) {
                        all.remove(key);
                    } else {
                        all.put(key, MemorySegment.ofArray(value));
                    }
                    return true;
                });
    }

    /** Revisions rise: what waits comes after all that is in the file. */
    private void scanRevisions(
            byte[] from, byte @Nullable [] end, BackendFile.StoredVisitor visitor) {
        boolean[] more = {true};
        file.reader()
                .scan(
                        Bucket.KEY,
                        from,
                        end,
                        (key, value) -> {
                            more[0] = visitor.visit(key, value);
                            return more[0];
                        });
        Batch.NullableVisitor rest =
                (key, value) -> value == null || visitor.visit(key, MemorySegment.ofArray(value));
        if (more[0] && committing != null) {
            more[0] = committing.scan(Bucket.KEY, from, end, rest);
        }
        if (more[0]) {
            current.scan(Bucket.KEY, from, end, rest);
        }
    }

    @Override
    public void close() {
        file.release();
    }
}
