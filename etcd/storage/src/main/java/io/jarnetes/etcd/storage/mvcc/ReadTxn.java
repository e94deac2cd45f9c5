package io.jarnetes.etcd.storage.mvcc;

import java.util.ArrayList;
import java.util.List;

/**
 * A view of the store as of the moment it was opened; later writes do not show. Any thread, one at
 * a time; close it soon, since pages that it can see are not reused.
 */
public interface ReadTxn extends AutoCloseable {
    /**
     * Reads a range; what it found lives on.
     *
     * @throws MvccException with {@code COMPACTED} or {@code FUTURE_REVISION}
     */
    default RangeResult range(KeyRange range, RangeOptions options) {
        StoredRange found = stored(range, options);
        List<KeyValue> kvs = new ArrayList<>(found.kvs().size());
        for (StoredKeyValue kv : found.kvs()) {
            kvs.add(options.keysOnly() ? kv.withoutValue() : kv.keyValue());
        }
        return new RangeResult(kvs, found.revision(), found.count());
    }

    /**
     * Reads a range and copies nothing: what it found is valid until this is closed. Values are
     * there even if keys alone were asked for.
     *
     * @throws MvccException with {@code COMPACTED} or {@code FUTURE_REVISION}
     */
    StoredRange stored(KeyRange range, RangeOptions options);

    /** The current revision of this view; within a write, that of its changes once it has any. */
    long revision();

    /** The compact revision, below which nothing can be read any more; -1 before any. */
    long firstRevision();

    @Override
    void close();
}
