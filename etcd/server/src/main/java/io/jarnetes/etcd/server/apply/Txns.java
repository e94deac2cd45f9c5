package io.jarnetes.etcd.server.apply;

import io.jarnetes.etcd.proto.etcdserverpb.RequestOp;
import io.jarnetes.etcd.proto.etcdserverpb.TxnRequest;
import java.util.function.Predicate;

/** Questions about a transaction's operations. */
public final class Txns {
    private Txns() {}

    /** Whether no operation, taken or not, can write. */
    public static boolean isReadOnly(TxnRequest txn) {
        return all(txn, op -> !op.hasRequestPut() && !op.hasRequestDeleteRange());
    }

    /** Whether every range is serializable. */
    public static boolean isSerializable(TxnRequest txn) {
        return all(txn, op -> !op.hasRequestRange() || op.getRequestRange().getSerializable());
    }

    private static boolean all(TxnRequest txn, Predicate<RequestOp> holds) {
        return txn.getSuccessList().stream().allMatch(op -> all(op, holds))
                && txn.getFailureList().stream().allMatch(op -> all(op, holds));
    }

    private static boolean all(RequestOp op, Predicate<RequestOp> holds) {
        return holds.test(op) && (!op.hasRequestTxn() || all(op.getRequestTxn(), holds));
    }
}
