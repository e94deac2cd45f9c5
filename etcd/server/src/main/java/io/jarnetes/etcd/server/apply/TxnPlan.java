package io.jarnetes.etcd.server.apply;

import com.google.protobuf.ByteString;
import io.jarnetes.etcd.proto.etcdserverpb.Compare;
import io.jarnetes.etcd.proto.etcdserverpb.Compare.CompareTarget;
import io.jarnetes.etcd.proto.etcdserverpb.PutRequest;
import io.jarnetes.etcd.proto.etcdserverpb.RangeRequest;
import io.jarnetes.etcd.proto.etcdserverpb.RequestOp;
import io.jarnetes.etcd.proto.etcdserverpb.ResponseHeader;
import io.jarnetes.etcd.proto.etcdserverpb.ResponseOp;
import io.jarnetes.etcd.proto.etcdserverpb.TxnRequest;
import io.jarnetes.etcd.proto.etcdserverpb.TxnResponse;
import io.jarnetes.etcd.storage.lease.Lessor;
import io.jarnetes.etcd.storage.mvcc.KeyRange;
import io.jarnetes.etcd.storage.mvcc.KeyValue;
import io.jarnetes.etcd.storage.mvcc.MvccException;
import io.jarnetes.etcd.storage.mvcc.RangeOptions;
import io.jarnetes.etcd.storage.mvcc.ReadTxn;
import io.jarnetes.etcd.storage.mvcc.WriteTxn;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;

/**
 * A transaction whose compares are decided: the operations of the branches that are taken.
 *
 * @param succeeded whether all compares held
 * @param ops of the branch
 * @param nested the plans of those operations that are transactions, in order
 */
record TxnPlan(boolean succeeded, List<RequestOp> ops, List<TxnPlan> nested) {

    /** What a missing key compares as. */
    private static final KeyValue MISSING = new KeyValue(new byte[0], 0, 0, 0, new byte[0], 0);

    /** All compares, nested ones too, see the state before the transaction. */
    static TxnPlan of(ReadTxn before, TxnRequest request) {
        boolean holds = request.getCompareList().stream().allMatch(c -> holds(before, c));
        List<RequestOp> ops = holds ? request.getSuccessList() : request.getFailureList();
        List<TxnPlan> nested = new ArrayList<>();
        for (RequestOp op : ops) {
            if (op.hasRequestTxn()) {
                nested.add(of(before, op.getRequestTxn()));
            }
        }
        return new TxnPlan(holds, ops, nested);
    }

    private static boolean holds(ReadTxn before, Compare compare) {
        List<KeyValue> kvs =
                before.range(
                                Messages.range(compare.getKey(), compare.getRangeEnd()),
                                new RangeOptions(
                                        0, 0, false, compare.getTarget() != CompareTarget.VALUE))
                        .kvs();
        if (kvs.isEmpty()) {
            // No value is neither equal nor unequal to any value.
            return compare.getTarget() != CompareTarget.VALUE && holds(MISSING, compare);
        }
        return kvs.stream().allMatch(kv -> holds(kv, compare));
    }

    private static boolean holds(KeyValue kv, Compare compare) {
        int order =
                switch (compare.getTarget()) {
                    case VALUE -> compareValue(kv.value(), compare.getValue());
                    case CREATE -> Long.compare(kv.createRevision(), compare.getCreateRevision());
                    case MOD -> Long.compare(kv.modRevision(), compare.getModRevision());
                    case VERSION -> Long.compare(kv.version(), compare.getVersion());
                    case LEASE -> Long.compare(kv.lease(), compare.getLease());
                    case UNRECOGNIZED -> 0;
                };
        return switch (compare.getResult()) {
            case EQUAL -> order == 0;
            case NOT_EQUAL -> order != 0;
            case GREATER -> order > 0;
            case LESS -> order < 0;
            case UNRECOGNIZED -> true;
        };
    }

    private static int compareValue(byte[] value, ByteString other) {
        return Arrays.compareUnsigned(value, other.toByteArray());
    }

    /**
     * Whether every operation can be done.
     *
     * @throws RuntimeException of the store, the lessor or the server: the transaction is refused
     */
    void check(ReadTxn before, Lessor lessor, ApplyRules rules) {
        switch (rules) {
            case V3_5 -> {
                // First all that is put, however deep, then all that is read: the first failure is
                // the one that is told.
                check(put -> checkPut(before, lessor, put), range -> {});
                check(put -> {}, range -> checkRange(before, range));
            }
            case V3_6 ->
                    check(put -> checkPut(before, lessor, put), range -> checkRange(before, range));
        }
    }

    private void check(Consumer<PutRequest> puts, Consumer<RangeRequest> ranges) {
        int next = 0;
        for (RequestOp op : ops) {
            switch (op.getRequestCase()) {
                case REQUEST_RANGE -> ranges.accept(op.getRequestRange());
                case REQUEST_PUT -> puts.accept(op.getRequestPut());
                case REQUEST_TXN -> nested.get(next++).check(puts, ranges);
                case REQUEST_DELETE_RANGE, REQUEST_NOT_SET -> {}
            }
        }
    }

    /**
     * A count of one key is the cheapest way to hear what the store says of a revision. One below
     * zero, which reads the present elsewhere, is compacted to upstream's check.
     */
    private static void checkRange(ReadTxn before, RangeRequest range) {
        if (range.getRevision() < 0 && range.getRevision() < before.firstRevision()) {
            throw new MvccException(MvccException.Code.COMPACTED);
        }
        if (range.getRevision() > 0) {
            before.range(
                    KeyRange.of(range.getKey().toByteArray()),
                    new RangeOptions(1, range.getRevision(), true, true));
        }
    }

    private static void checkPut(ReadTxn before, Lessor lessor, PutRequest put) {
        if (put.getIgnoreValue() || put.getIgnoreLease()) {
            KvExecutor.requireKey(before, put);
        }
        requireLease(lessor, put.getLease());
    }

    static void requireLease(Lessor lessor, long id) {
        if (id != 0 && !lessor.exists(id)) {
            throw ServerError.LEASE_NOT_FOUND.exception();
        }
    }

    /** Does it; {@code txn} is a {@link WriteTxn} if anything is written. */
    TxnResponse execute(ReadTxn txn) {
        return operations(txn).setHeader(Messages.revision(txn.revision())).build();
    }

    private TxnResponse.Builder operations(ReadTxn txn) {
        TxnResponse.Builder response = TxnResponse.newBuilder().setSucceeded(succeeded);
        int next = 0;
        for (RequestOp op : ops) {
            ResponseOp.Builder answer = ResponseOp.newBuilder();
            switch (op.getRequestCase()) {
                case REQUEST_RANGE ->
                        answer.setResponseRange(
                                RangeExecutor.range(txn, op.getRequestRange()).message());
                case REQUEST_PUT ->
                        answer.setResponsePut(KvExecutor.put((WriteTxn) txn, op.getRequestPut()));
                case REQUEST_DELETE_RANGE ->
                        answer.setResponseDeleteRange(
                                KvExecutor.deleteRange((WriteTxn) txn, op.getRequestDeleteRange()));
                case REQUEST_TXN ->
                        // Upstream leaves the header of an inner transaction empty.
                        answer.setResponseTxn(
                                nested.get(next++)
                                        .operations(txn)
                                        .setHeader(ResponseHeader.getDefaultInstance()));
                case REQUEST_NOT_SET -> {}
            }
            response.addResponses(answer);
        }
        return response;
    }
}
