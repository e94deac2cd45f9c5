package io.jarnetes.etcd.storage.backend;

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

    /** One value, or null. */
    public byte @Nullable [] get(Bucket bucket, byte[] key) {
        Batch.Lookup found = current.get(bucket, key);
        if (!found.known() && committing != null) {
            found = committing.get(bucket, key);
        }
        return found.known() ? found.value() : file.reader().get(bucket, key);
    }

    /**
     * One value, decoded; null when there is none.
     *
     * @throws io.jarnetes.etcd.storage.disk.CorruptFileException when the decoder throws {@link
     *     BadPairException}: with the file and the place of the pair
     */
    public <T> @Nullable T get(Bucket bucket, byte[] key, Function<byte[], T> decoder) {
        byte[] value = get(bucket, key);
        try {
            return value == null ? null : decoder.apply(value);
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
            Bucket bucket, byte[] from, byte @Nullable [] end, BackendFile.Visitor visitor) {
        if (bucket == Bucket.KEY) {
            scanRevisions(from, end, visitor);
            return;
        }
        // The other buckets are small and read at start, mostly: merge them in a map.
        Map<byte[], byte[]> all = new TreeMap<>(Arrays::compareUnsigned);
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
        for (Map.Entry<byte[], byte[]> pair : all.entrySet()) {
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
            Map<byte[], byte[]> all) {
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
                        all.put(key, value);
                    }
                    return true;
                });
    }

    /** Revisions rise: what waits comes after all that is in the file. */
    private void scanRevisions(byte[] from, byte @Nullable [] end, BackendFile.Visitor visitor) {
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
        Batch.NullableVisitor rest = (key, value) -> value == null || visitor.visit(key, value);
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
