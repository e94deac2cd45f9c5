package io.jarnetes.apiserver.server.storage;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What storage asks of etcd, in storage's words; blocking. Everything throws {@link
 * StorageException}: UNAVAILABLE or TIMEOUT when no member answers, EXPIRED for a compacted
 * revision.
 */
public interface EtcdKv {

    /**
     * A key as it is at a revision.
     *
     * @param modRevision of its last write
     * @param version how often it was written since it was created
     */
    record Kv(String key, byte[] value, long modRevision, long createRevision, long version) {}

    /** A linearizable read; {@code kv} is null when there is no such key. */
    record Got(@Nullable Kv kv, long revision) {}

    /**
     * @param count of keys in the whole range, at that revision
     * @param revision of the store when the read was made, not the one read at
     */
    record Page(List<Kv> kvs, boolean more, long count, long revision) {}

    /**
     * How a conditional write ended.
     *
     * @param current what was there instead, when it did not succeed; null for nothing
     */
    record Outcome(boolean succeeded, @Nullable Kv current, long revision) {}

    /**
     * A change that a watch saw.
     *
     * @param kv for a deletion: no value, modRevision that of the deletion
     * @param previous null when it did not exist, or is compacted
     */
    record Event(boolean deleted, Kv kv, @Nullable Kv previous) {}

    /**
     * What came over a watch: events of one or several revisions, in order, or none (progress).
     *
     * @param revision everything up to it has been seen
     */
    record Batch(List<Event> events, long revision) {}

    /**
     * A key that is to be made.
     *
     * @param lease 0 for none
     */
    record Creation(String key, byte[] value, long lease) {}

    /** A running watch. */
    interface Watch extends AutoCloseable {
        @Override
        void close();
    }

    /** Takes what a watch says, on a thread of the client's: must not block. */
    interface Listener {
        void onBatch(Batch batch);

        /** The watch is over: EXPIRED when its revision is compacted. */
        void onFailure(StorageException failure);
    }

    Got get(String key);

    /**
     * Keys from {@code from}, inclusive, to {@code end}, exclusive, in order.
     *
     * @param limit 0 for none
     * @param revision 0 for the newest
     */
    Page range(String from, String end, long limit, long revision);

    /** The number of keys. */
    long count(String from, String end);

    /** The store's revision now, by a linearizable read. */
    long revision();

    /**
     * Writes if the key's modRevision is {@code expected}; 0 stands for "must not exist".
     *
     * @param lease 0 for none
     */
    Outcome putIf(String key, byte[] value, long expected, long lease);

    /** Creates all these keys at one revision, or none if one of them is there. */
    Outcome createAll(List<Creation> creations);

    Outcome deleteIf(String key, long expected);

    /** Writes unconditionally; gives the revision. */
    long put(String key, byte[] value, long lease);

    /** Removes unconditionally. */
    void delete(String key);

    /** Like {@link #putIf}, comparing the key's version, by which apiservers share a duty. */
    Outcome putIfVersion(String key, byte[] value, long expectedVersion);

    /**
     * Watches all keys with a prefix, with previous values.
     *
     * @param start the first revision of interest
     */
    Watch watch(String prefix, long start, Listener listener);

    /** Asks that all watches be told the present revision; may be ignored. */
    void requestProgress();

    /** A new lease; gives its ID. */
    long grant(long ttlSeconds);

    void revoke(long lease);

    /** Drops history before that revision. */
    void compact(long revision);

    /** The first key after all that begin with {@code prefix}. */
    static String prefixEnd(String prefix) {
        char last = prefix.charAt(prefix.length() - 1);
        return prefix.substring(0, prefix.length() - 1) + (char) (last + 1);
    }
}
