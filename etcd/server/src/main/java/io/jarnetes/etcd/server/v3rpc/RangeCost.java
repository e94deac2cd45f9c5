package io.jarnetes.etcd.server.v3rpc;

import io.jarnetes.etcd.proto.etcdserverpb.RangeRequest;
import io.jarnetes.etcd.proto.etcdserverpb.RequestOp;
import io.jarnetes.etcd.proto.etcdserverpb.TxnRequest;
import java.util.List;

/** Which reads may take so long that they must not be done on an event loop. */
final class RangeCost {
    /** So many keys are read on the event loop at most. */
    static final long FEW_KEYS = 100;

    private RangeCost() {}

    static boolean isLarge(RangeRequest request) {
        boolean few = request.getLimit() > 0 && request.getLimit() <= FEW_KEYS;
        return !request.getRangeEnd().isEmpty() && !few;
    }

    static boolean isLarge(TxnRequest txn) {
        return isLarge(txn.getSuccessList()) || isLarge(txn.getFailureList());
    }

    private static boolean isLarge(List<RequestOp> ops) {
        return ops.stream()
                .anyMatch(op ->
                        (op.hasRequestRange() && isLarge(op.getRequestRange()))
                                || (op.hasRequestTxn() && isLarge(op.getRequestTxn())));
    }
}
