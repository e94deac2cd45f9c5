package io.jarnetes.etcd.storage.backend;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import org.jspecify.annotations.Nullable;

/**
 * Changes not committed yet. Writers hold the backend's lock; readers need none.
 *
 * <p>The bucket {@code key} is special: its keys are revisions, which only ever rise, so that a log
 * serves as a sorted map; and deletions there, which only compaction makes, show after the commit
 * alone, since nobody may ask for a compacted revision.
 */
final class Batch {
    private static final byte[] DELETED = new byte[0];

    private final RisingLog revisions = new RisingLog();
    private final List<byte[]> compacted = new ArrayList<>();
    private final Map<Bucket, ConcurrentSkipListMap<byte[], byte[]>> others =
            new EnumMap<>(Bucket.class);
    private int changes;

    Batch() {
        for (Bucket bucket : Bucket.values()) {
            if (bucket != Bucket.KEY) {
                others.put(bucket, new ConcurrentSkipListMap<>(Arrays::compareUnsigned));
            }
        }
    }

    int changes() {
        return changes;
    }

    void put(Bucket bucket, byte[] key, byte[] value) {
        changes++;
        if (bucket == Bucket.KEY) {
            revisions.append(key, value);
        } else {
            // A value of its own, so that an empty one is not taken for DELETED.
            other(bucket).put(key, value.length == 0 ? new byte[0] : value);
        }
    }

    void delete(Bucket bucket, byte[] key) {
        changes++;
        if (bucket == Bucket.KEY) {
            compacted.add(key);
        } else {
            other(bucket).put(key, DELETED);
        }
    }

    /** What the batch says of a key. */
    Lookup get(Bucket bucket, byte[] key) {
        byte[] value = bucket == Bucket.KEY ? revisions.get(key) : other(bucket).get(key);
        if (value == null) {
            return Lookup.SILENT;
        }
        return value == DELETED ? Lookup.GONE : new Lookup(true, value);
    }

    /**
     * Visits the pairs of a range; deletions come with a null value. Returns false when the visitor
     * had enough.
     */
    boolean scan(Bucket bucket, byte[] from, byte @Nullable [] end, NullableVisitor visitor) {
        if (bucket == Bucket.KEY) {
            return revisions.scan(from, end, visitor);
        }
        var tail = other(bucket).tailMap(from, true);
        for (Map.Entry<byte[], byte[]> pair : tail.entrySet()) {
            if (end != null && Arrays.compareUnsigned(pair.getKey(), end) >= 0) {
                return true;
            }
            byte[] value = pair.getValue();
            if (!visitor.visit(pair.getKey(), value == DELETED ? null : value)) {
                return false;
            }
        }
        return true;
    }

    /** Hands all changes on; deletions of revisions last, since they may delete what was put. */
    void writeTo(BackendFile.Changes target) {
        revisions.scan(
                new byte[0],
                null,
                (key, value) -> {
                    target.put(Bucket.KEY, key, value == null ? DELETED : value);
                    return true;
                });
        for (byte[] key : compacted) {
            target.delete(Bucket.KEY, key);
        }
        others.forEach((bucket, pairs) ->
                pairs.forEach((key, value) -> {
                    if (value == DELETED) {
                        target.delete(bucket, key);
                    } else {
                        target.put(bucket, key, value);
                    }
                }));
    }

    private ConcurrentSkipListMap<byte[], byte[]> other(Bucket bucket) {
        ConcurrentSkipListMap<byte[], byte[]> map = others.get(bucket);
        if (map == null) {
            throw new IllegalStateException("no map for bucket " + bucket);
        }
        return map;
    }

    /** Takes pairs, or keys that were deleted. */
    @FunctionalInterface
    interface NullableVisitor {
        boolean visit(byte[] key, byte @Nullable [] value);
    }

    /**
     * What a batch says of a key.
     *
     * @param known whether it says anything
     * @param value the value; null when it was deleted
     */
    record Lookup(boolean known, byte @Nullable [] value) {
        static final Lookup SILENT = new Lookup(false, null);
        static final Lookup GONE = new Lookup(true, null);
    }
}
