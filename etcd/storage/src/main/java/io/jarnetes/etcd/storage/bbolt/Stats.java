package io.jarnetes.etcd.storage.bbolt;

/**
 * The state of a {@link Db} at one instant.
 *
 * @param sizeBytes logical size: high-water mark times page size
 * @param fileBytes size of the file, which may be larger
 * @param freePages pages that the next commit may use
 * @param pendingPages pages that are free once older readers are closed
 * @param openReaders read transactions now open
 * @param txid the newest committed transaction
 */
public record Stats(
        long sizeBytes,
        long fileBytes,
        long freePages,
        long pendingPages,
        int openReaders,
        long txid) {}
