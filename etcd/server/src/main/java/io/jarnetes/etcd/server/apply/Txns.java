package io.jarnetes.etcd.server.apply;

import io.jarnetes.etcd.proto.etcdserverpb.RangeRequest;
import io.jarnetes.etcd.proto.etcdserverpb.RequestOp;
import io.jarnetes.etcd.proto.etcdserverpb.TxnRequest;
import java.util.function.Predicate;
import java.util.stream.Stream;

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

    /** The ranges of its own branches, not of an inner transaction's. */
    static Stream<RangeRequest> outerRanges(TxnRequest txn) {
        return Stream.concat(txn.getSuccessList().stream(), txn.getFailureList().stream())
                .filter(RequestOp::hasRequestRange)
                .map(RequestOp::getRequestRange);
    }

    /** Whether one of its {@link #outerRanges} reads the past. */
    public static boolean readsPast(TxnRequest txn) {
        return outerRanges(txn).anyMatch(range -> range.getRevision() != 0);
    }

    private static boolean all(TxnRequest txn, Predicate<RequestOp> holds) {
        return txn.getSuccessList().stream().allMatch(op -> all(op, holds))
                && txn.getFailureList().stream().allMatch(op -> all(op, holds));
    }

    private static boolean all(RequestOp op, Predicate<RequestOp> holds) {
        return holds.test(op) && (!op.hasRequestTxn() || all(op.getRequestTxn(), holds));
    }
}
