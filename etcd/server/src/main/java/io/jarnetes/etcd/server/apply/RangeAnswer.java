package io.jarnetes.etcd.server.apply;

import io.jarnetes.etcd.proto.etcdserverpb.RangeResponse;
import io.jarnetes.etcd.storage.mvcc.StoredKeyValue;
import java.util.List;

/**
 * What a range is answered with, where it is stored: to be written out while the transaction that
 * read it is open, or copied into a message.
 *
 * @param kvs the pairs, filtered, sorted and limited
 * @param keysOnly whether the values are left out
 * @param revision the store's current revision
 * @param more whether the limit left some out
 * @param count how many keys lie in the range
 */
public record RangeAnswer(
        List<StoredKeyValue> kvs, boolean keysOnly, long revision, boolean more, long count) {
    /** A copy that lives on. */
    RangeResponse message() {
        RangeResponse.Builder response =
                RangeResponse.newBuilder()
                        .setHeader(Messages.revision(revision))
                        .setMore(more)
                        .setCount(count);
        for (StoredKeyValue kv : kvs) {
            response.addKvs(Messages.keyValue(keysOnly ? kv.withoutValue() : kv.keyValue()));
        }
        return response.build();
    }
}
