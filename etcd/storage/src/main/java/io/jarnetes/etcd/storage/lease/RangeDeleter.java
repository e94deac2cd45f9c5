package io.jarnetes.etcd.storage.lease;

import java.util.List;

/** Deletes the keys of a revoked lease; the store implements it. */
@FunctionalInterface
public interface RangeDeleter {
    /** Deletes these keys, in this order, in one revision. */
    void delete(List<byte[]> sortedKeys);
}
