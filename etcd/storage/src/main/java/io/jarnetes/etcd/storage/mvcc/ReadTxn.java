package io.jarnetes.etcd.storage.mvcc;

/**
 * A view of the store as of the moment it was opened; later writes do not show. Any thread, one at
 * a time; close it soon, since pages that it can see are not reused.
 */
public interface ReadTxn extends AutoCloseable {
    /**
     * Reads a range.
     *
     * @throws MvccException with {@code COMPACTED} or {@code FUTURE_REVISION}
     */
    RangeResult range(KeyRange range, RangeOptions options);

    /** The current revision of this view; within a write, that of its changes once it has any. */
    long revision();

    /** The compact revision, below which nothing can be read any more; -1 before any. */
    long firstRevision();

    @Override
    void close();
}
