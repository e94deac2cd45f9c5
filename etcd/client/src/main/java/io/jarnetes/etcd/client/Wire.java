package io.jarnetes.etcd.client;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import io.jarnetes.etcd.proto.etcdserverpb.Compare.CompareResult;
import io.jarnetes.etcd.proto.etcdserverpb.Compare.CompareTarget;
import io.jarnetes.etcd.proto.etcdserverpb.DeleteRangeRequest;
import io.jarnetes.etcd.proto.etcdserverpb.DeleteRangeResponse;
import io.jarnetes.etcd.proto.etcdserverpb.PutRequest;
import io.jarnetes.etcd.proto.etcdserverpb.PutResponse;
import io.jarnetes.etcd.proto.etcdserverpb.RangeRequest;
import io.jarnetes.etcd.proto.etcdserverpb.RangeResponse;
import io.jarnetes.etcd.proto.etcdserverpb.RequestOp;
import io.jarnetes.etcd.proto.etcdserverpb.ResponseHeader;
import io.jarnetes.etcd.proto.etcdserverpb.ResponseOp;
import io.jarnetes.etcd.proto.etcdserverpb.TxnRequest;
import io.jarnetes.etcd.proto.etcdserverpb.TxnResponse;
import java.util.List;
import java.util.Objects;

/** Between this room's records and the messages of the wire. */
final class Wire {
    private Wire() {}

    /** Without a copy: callers promise not to change what they hand over. */
    static ByteString bytes(byte[] bytes) {
        return bytes.length == 0 ? ByteString.EMPTY : UnsafeByteOperations.unsafeWrap(bytes);
    }

    static RangeRequest range(RangeOptions o) {
        return RangeRequest.newBuilder()
                .setKey(bytes(o.key()))
                .setRangeEnd(bytes(o.end()))
                .setLimit(o.limit())
                .setRevision(o.revision())
                .setSortOrderValue(o.order().ordinal())
                .setSortTargetValue(o.target().ordinal())
                .setSerializable(o.serializable())
                .setKeysOnly(o.keysOnly())
                .setCountOnly(o.countOnly())
                .setMinModRevision(o.minModRevision())
                .setMaxModRevision(o.maxModRevision())
                .setMinCreateRevision(o.minCreateRevision())
                .setMaxCreateRevision(o.maxCreateRevision())
                .build();
    }

    static PutRequest put(Op.Put op) {
        return PutRequest.newBuilder()
                .setKey(bytes(op.key()))
                .setValue(bytes(op.value()))
                .setLease(op.lease())
                .setPrevKv(op.prevKv())
                .setIgnoreValue(op.ignoreValue())
                .setIgnoreLease(op.ignoreLease())
                .build();
    }

    static DeleteRangeRequest delete(Op.Delete op) {
        return DeleteRangeRequest.newBuilder()
                .setKey(bytes(op.key()))
                .setRangeEnd(bytes(op.end()))
                .setPrevKv(op.prevKv())
                .build();
    }

    static TxnRequest txn(Op.Txn op) {
        TxnRequest.Builder txn = TxnRequest.newBuilder();
        op.compares().forEach(c -> txn.addCompare(compare(c)));
        op.success().forEach(o -> txn.addSuccess(op(o)));
        op.failure().forEach(o -> txn.addFailure(op(o)));
        return txn.build();
    }

    private static RequestOp op(Op op) {
        RequestOp.Builder request = RequestOp.newBuilder();
        return switch (op) {
            case Op.Range r -> request.setRequestRange(range(r.options())).build();
            case Op.Put p -> request.setRequestPut(put(p)).build();
            case Op.Delete d -> request.setRequestDeleteRange(delete(d)).build();
            case Op.Txn t -> request.setRequestTxn(txn(t)).build();
        };
    }

    private static io.jarnetes.etcd.proto.etcdserverpb.Compare compare(Compare c) {
        var compare =
                io.jarnetes.etcd.proto.etcdserverpb.Compare.newBuilder()
                        .setKey(bytes(c.key()))
                        .setRangeEnd(bytes(c.end()))
                        .setTarget(CompareTarget.forNumber(c.target().ordinal()))
                        .setResult(CompareResult.forNumber(c.result().ordinal()));
        switch (c.target()) {
            case VERSION -> compare.setVersion(c.number());
            case CREATE -> compare.setCreateRevision(c.number());
            case MOD -> compare.setModRevision(c.number());
            case LEASE -> compare.setLease(c.number());
            case VALUE -> compare.setValue(bytes(Objects.requireNonNull(c.value())));
        }
        return compare.build();
    }

    static Header header(ResponseHeader h) {
        return new Header(h.getClusterId(), h.getMemberId(), h.getRevision(), h.getRaftTerm());
    }

    static KeyValue keyValue(io.jarnetes.etcd.proto.mvccpb.KeyValue kv) {
        return new KeyValue(
                kv.getKey().toByteArray(),
                kv.getValue().toByteArray(),
                kv.getCreateRevision(),
                kv.getModRevision(),
                kv.getVersion(),
                kv.getLease());
    }

    private static List<KeyValue> keyValues(List<io.jarnetes.etcd.proto.mvccpb.KeyValue> kvs) {
        return kvs.stream().map(Wire::keyValue).toList();
    }

    static OpResult.Range range(RangeResponse r) {
        return new OpResult.Range(
                header(r.getHeader()), keyValues(r.getKvsList()), r.getMore(), r.getCount());
    }

    static OpResult.Put put(PutResponse r) {
        return new OpResult.Put(
                header(r.getHeader()), r.hasPrevKv() ? keyValue(r.getPrevKv()) : null);
    }

    static OpResult.Delete delete(DeleteRangeResponse r) {
        return new OpResult.Delete(
                header(r.getHeader()), r.getDeleted(), keyValues(r.getPrevKvsList()));
    }

    static OpResult.Txn txn(TxnResponse r) {
        return new OpResult.Txn(
                header(r.getHeader()),
                r.getSucceeded(),
                r.getResponsesList().stream().map(Wire::result).toList());
    }

    private static OpResult result(ResponseOp op) {
        return switch (op.getResponseCase()) {
            case RESPONSE_RANGE -> range(op.getResponseRange());
            case RESPONSE_PUT -> put(op.getResponsePut());
            case RESPONSE_DELETE_RANGE -> delete(op.getResponseDeleteRange());
            case RESPONSE_TXN -> txn(op.getResponseTxn());
            case RESPONSE_NOT_SET ->
                    throw new EtcdException(
                            EtcdException.Code.INTERNAL,
                            "a member answered an operation of a transaction with nothing");
        };
    }
}
