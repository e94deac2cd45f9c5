package io.jarnetes.etcd.storage.mvcc;

/**
 * What a delete did.
 *
 * @param deleted how many keys it removed
 * @param revision the revision after it; unchanged when it removed nothing
 */
public record DeleteResult(long deleted, long revision) {}
