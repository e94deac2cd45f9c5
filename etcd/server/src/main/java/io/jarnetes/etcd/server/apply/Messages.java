package io.jarnetes.etcd.server.apply;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import io.jarnetes.etcd.proto.etcdserverpb.ResponseHeader;
import io.jarnetes.etcd.storage.mvcc.KeyRange;
import io.jarnetes.etcd.storage.mvcc.KeyValue;

/** Between messages and the stores' records. */
public final class Messages {
    private Messages() {}

    /** A pair as a message, without copying: the store never changes its arrays. */
    public static io.jarnetes.etcd.proto.mvccpb.KeyValue keyValue(KeyValue kv) {
        return io.jarnetes.etcd.proto.mvccpb.KeyValue.newBuilder()
                .setKey(bytes(kv.key()))
                .setCreateRevision(kv.createRevision())
                .setModRevision(kv.modRevision())
                .setVersion(kv.version())
                .setValue(bytes(kv.value()))
                .setLease(kv.lease())
                .build();
    }

    static ByteString bytes(byte[] bytes) {
        return bytes.length == 0 ? ByteString.EMPTY : UnsafeByteOperations.unsafeWrap(bytes);
    }

    /** A range in a request's words. */
    public static KeyRange range(ByteString key, ByteString rangeEnd) {
        return KeyRange.of(key.toByteArray(), rangeEnd.toByteArray());
    }

    /** A header that says the revision only; who answers fills in the rest. */
    static ResponseHeader revision(long revision) {
        return ResponseHeader.newBuilder().setRevision(revision).build();
    }
}
