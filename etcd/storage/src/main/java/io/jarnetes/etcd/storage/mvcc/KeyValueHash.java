package io.jarnetes.etcd.storage.mvcc;

/**
 * CRC-32C over the bucket {@code key} up to a revision, equal on all members that agree.
 *
 * @param hash the unsigned CRC in an int
 * @param compactRevision the compact revision that it was made at; -1 before any
 * @param revision the revision up to which it runs
 */
public record KeyValueHash(int hash, long compactRevision, long revision) {}
