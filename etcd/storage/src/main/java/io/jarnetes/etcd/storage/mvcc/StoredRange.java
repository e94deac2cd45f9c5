package io.jarnetes.etcd.storage.mvcc;

import java.util.List;

/**
 * What a range found, where it is stored: valid until its {@link ReadTxn} is closed.
 *
 * @param kvs the pairs, in key order
 * @param revision the store's current revision, whatever revision was read at
 * @param count how many keys lie in the range, whatever the limit
 */
public record StoredRange(List<StoredKeyValue> kvs, long revision, long count) {}
