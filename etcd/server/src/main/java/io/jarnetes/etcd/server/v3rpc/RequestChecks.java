package io.jarnetes.etcd.server.v3rpc;

import com.google.protobuf.ByteString;
import io.jarnetes.etcd.proto.etcdserverpb.Compare;
import io.jarnetes.etcd.proto.etcdserverpb.DeleteRangeRequest;
import io.jarnetes.etcd.proto.etcdserverpb.PutRequest;
import io.jarnetes.etcd.proto.etcdserverpb.RangeRequest;
import io.jarnetes.etcd.proto.etcdserverpb.RangeRequest.SortOrder;
import io.jarnetes.etcd.proto.etcdserverpb.RangeRequest.SortTarget;
import io.jarnetes.etcd.proto.etcdserverpb.RequestOp;
import io.jarnetes.etcd.proto.etcdserverpb.TxnRequest;
import io.jarnetes.etcd.server.EtcdConfig.Compatibility;
import io.jarnetes.etcd.server.apply.ServerError;
import java.util.List;

/** What is refused before anything is read or proposed. */
final class RequestChecks {
    private final int maxTxnOps;
    private final Compatibility compatibility;

    RequestChecks(int maxTxnOps, Compatibility compatibility) {
        this.maxTxnOps = maxTxnOps;
        this.compatibility = compatibility;
    }

    void range(RangeRequest request) {
        requireKey(request.getKey());
        boolean orderUnknown = request.getSortOrder() == SortOrder.UNRECOGNIZED;
        // 3.5 takes any order; an unknown target makes it crash, which nobody can rely on.
        if ((orderUnknown && compatibility != Compatibility.V3_5)
                || request.getSortTarget() == SortTarget.UNRECOGNIZED) {
            throw ServerError.INVALID_SORT_OPTION.exception();
        }
    }

    void put(PutRequest request) {
        requireKey(request.getKey());
        if (request.getIgnoreValue() && !request.getValue().isEmpty()) {
            throw ServerError.VALUE_PROVIDED.exception();
        }
        if (request.getIgnoreLease() && request.getLease() != 0) {
            throw ServerError.LEASE_PROVIDED.exception();
        }
    }

    void deleteRange(DeleteRangeRequest request) {
        requireKey(request.getKey());
    }

    private static void requireKey(ByteString key) {
        if (key.isEmpty()) {
            throw ServerError.EMPTY_KEY.exception();
        }
    }

    void txn(TxnRequest request) {
        operations(request, maxTxnOps);
        TxnKeys.check(request.getSuccessList());
        TxnKeys.check(request.getFailureList());
    }

    /** The longest of the three lists is taken off what inner transactions may have. */
    private void operations(TxnRequest request, int budget) {
        int most =
                Math.max(
                        request.getCompareCount(),
                        Math.max(request.getSuccessCount(), request.getFailureCount()));
        if (most > budget) {
            throw ServerError.TOO_MANY_OPS.exception();
        }
        for (Compare compare : request.getCompareList()) {
            requireKey(compare.getKey());
        }
        operations(request.getSuccessList(), budget - most);
        operations(request.getFailureList(), budget - most);
    }

    private void operations(List<RequestOp> ops, int budget) {
        for (RequestOp op : ops) {
            switch (op.getRequestCase()) {
                case REQUEST_RANGE -> range(op.getRequestRange());
                case REQUEST_PUT -> put(op.getRequestPut());
                case REQUEST_DELETE_RANGE -> deleteRange(op.getRequestDeleteRange());
                case REQUEST_TXN -> operations(op.getRequestTxn(), budget);
                case REQUEST_NOT_SET -> throw ServerError.KEY_NOT_FOUND.exception();
            }
        }
    }
}
