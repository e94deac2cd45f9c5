package io.jarnetes.etcd.storage.mvcc;

/**
 * The changes of one request: one main revision, a sub-revision for each change in order. Ranges
 * read through it see its own changes. The apply thread alone opens one, one at a time, and checks
 * first whatever may refuse the request; {@link #close} makes the changes visible at once and tells
 * the watchers.
 */
public interface WriteTxn extends ReadTxn {
    /**
     * Stores a value.
     *
     * @param lease the lease to attach the key to, 0 for none; must be known to the lessor
     * @return the main revision of the change
     */
    long put(byte[] key, byte[] value, long lease);

    /** Deletes the keys of a range, in key order. */
    DeleteResult deleteRange(KeyRange range);

    /** How many changes were made so far. */
    int changes();
}
