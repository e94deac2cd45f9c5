package io.jarnetes.etcd.storage.bbolt;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Copies a file bucket by bucket into an empty one, in key order, so that nothing is left over. */
final class Compaction {
    private static final double FILL = 0.9;
    private static final int PAIRS_A_COMMIT = 10_000;
    private static final long BYTES_A_COMMIT = 16 << 20;

    private final Db to;
    private @Nullable Tx open;
    private int pairs;
    private long bytes;

    Compaction(Db to) {
        this.to = to;
    }

    void copy(Db from) {
        try (Tx source = from.begin(false)) {
            copy(source.root(), List.of());
            tx().commit();
            open = null;
        } finally {
            if (open != null) {
                open.close();
            }
        }
    }

    private Tx tx() {
        Tx now = open;
        if (now == null) {
            now = to.begin(true);
            open = now;
        }
        return now;
    }

    private void copy(Bucket source, List<byte[]> path) {
        Bucket target = at(path);
        if (source.sequence() != 0) {
            target.setSequence(source.sequence());
        }
        Cursor cursor = source.cursor();
        for (boolean on = cursor.first(); on; on = cursor.next()) {
            byte[] key = cursor.keyBytes();
            Bucket nested = cursor.isBucket() ? source.bucket(key) : null;
            if (nested != null) {
                List<byte[]> below = new ArrayList<>(path);
                below.add(key);
                copy(nested, below);
                target = at(path);
            } else {
                byte[] value = cursor.valueBytes();
                target.put(key, value);
                if (committed(key.length + value.length)) {
                    target = at(path);
                }
            }
        }
    }

    private boolean committed(int more) {
        bytes += more;
        if (++pairs < PAIRS_A_COMMIT && bytes < BYTES_A_COMMIT) {
            return false;
        }
        tx().commit();
        open = null;
        pairs = 0;
        bytes = 0;
        return true;
    }

    private Bucket at(List<byte[]> path) {
        Bucket bucket = tx().root();
        for (byte[] name : path) {
            bucket = bucket.createBucketIfNotExists(name);
        }
        bucket.fillPercent(FILL);
        return bucket;
    }
}
