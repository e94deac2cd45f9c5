package io.jarnetes.etcd.server.apply;

import io.jarnetes.etcd.proto.etcdserverpb.DeleteRangeRequest;
import io.jarnetes.etcd.proto.etcdserverpb.DeleteRangeResponse;
import io.jarnetes.etcd.proto.etcdserverpb.PutRequest;
import io.jarnetes.etcd.proto.etcdserverpb.PutResponse;
import io.jarnetes.etcd.proto.etcdserverpb.RangeRequest;
import io.jarnetes.etcd.proto.etcdserverpb.RangeResponse;
import io.jarnetes.etcd.proto.etcdserverpb.TxnRequest;
import io.jarnetes.etcd.proto.etcdserverpb.TxnResponse;
import io.jarnetes.etcd.storage.lease.Lessor;
import io.jarnetes.etcd.storage.mvcc.DeleteResult;
import io.jarnetes.etcd.storage.mvcc.KeyRange;
import io.jarnetes.etcd.storage.mvcc.KeyValue;
import io.jarnetes.etcd.storage.mvcc.Mvcc;
import io.jarnetes.etcd.storage.mvcc.RangeOptions;
import io.jarnetes.etcd.storage.mvcc.ReadTxn;
import io.jarnetes.etcd.storage.mvcc.WriteTxn;
import java.util.List;
import java.util.function.Consumer;

/** KV requests on the store. Requests are well-formed: the service has checked them. */
public final class KvExecutor {
    private final Mvcc mvcc;
    private final Lessor lessor;
    private final ApplyRules rules;

    public KvExecutor(Mvcc mvcc, Lessor lessor, ApplyRules rules) {
        this.mvcc = mvcc;
        this.lessor = lessor;
        this.rules = rules;
    }

    /**
     * @throws io.jarnetes.etcd.storage.mvcc.MvccException for a revision that is not there
     */
    public RangeResponse range(RangeRequest request) {
        try (ReadTxn txn = mvcc.read()) {
            return RangeExecutor.range(txn, request).message();
        }
    }

    /**
     * Reads without copying: the answer is valid until {@code use} returns, and what it stands on
     * is let go then, however it ends.
     *
     * @throws io.jarnetes.etcd.storage.mvcc.MvccException for a revision that is not there
     */
    public void range(RangeRequest request, Consumer<RangeAnswer> use) {
        try (ReadTxn txn = mvcc.read()) {
            use.accept(RangeExecutor.range(txn, request));
        }
    }

    PutResponse put(PutRequest request) {
        requireLease(request.getLease());
        if (request.getIgnoreValue() || request.getIgnoreLease()) {
            try (ReadTxn before = mvcc.read()) {
                requireKey(before, request);
            }
        }
        try (WriteTxn txn = mvcc.write()) {
            return put(txn, request);
        }
    }

    DeleteRangeResponse deleteRange(DeleteRangeRequest request) {
        try (WriteTxn txn = mvcc.write()) {
            return deleteRange(txn, request);
        }
    }

    /** A transaction without writes; any thread. */
    public TxnResponse readOnlyTxn(TxnRequest request) {
        try (ReadTxn txn = mvcc.read()) {
            TxnPlan plan = TxnPlan.of(txn, request);
            plan.check(txn, lessor, rules);
            return plan.execute(txn);
        }
    }

    /**
     * Refuses a transaction that could not be done now; any thread.
     *
     * @throws RuntimeException of the store, the lessor or the server
     */
    public void requireDoable(TxnRequest request) {
        try (ReadTxn now = mvcc.read()) {
            TxnPlan.of(now, request).check(now, lessor, rules);
        }
    }

    TxnResponse txn(TxnRequest request) {
        TxnPlan plan;
        // Compares and checks see the state before any change of this transaction.
        try (ReadTxn before = mvcc.read()) {
            plan = TxnPlan.of(before, request);
            plan.check(before, lessor, rules);
        }
        try (WriteTxn txn = mvcc.write()) {
            return plan.execute(txn);
        }
    }

    private void requireLease(long id) {
        TxnPlan.requireLease(lessor, id);
    }

    static void requireKey(ReadTxn txn, PutRequest request) {
        if (current(txn, request).isEmpty()) {
            throw ServerError.KEY_NOT_FOUND.exception();
        }
    }

    private static List<KeyValue> current(ReadTxn txn, PutRequest request) {
        KeyRange key = KeyRange.of(request.getKey().toByteArray());
        return txn.range(key, RangeOptions.LATEST).kvs();
    }

    static PutResponse put(WriteTxn txn, PutRequest request) {
        PutResponse.Builder response = PutResponse.newBuilder();
        byte[] value = request.getValue().toByteArray();
        long lease = request.getLease();
        if (request.getIgnoreValue() || request.getIgnoreLease() || request.getPrevKv()) {
            List<KeyValue> previous = current(txn, request);
            if (!previous.isEmpty()) {
                KeyValue was = previous.getFirst();
                value = request.getIgnoreValue() ? was.value() : value;
                lease = request.getIgnoreLease() ? was.lease() : lease;
                if (request.getPrevKv()) {
                    response.setPrevKv(Messages.keyValue(was));
                }
            }
        }
        long revision = txn.put(request.getKey().toByteArray(), value, lease);
        return response.setHeader(Messages.revision(revision)).build();
    }

    static DeleteRangeResponse deleteRange(WriteTxn txn, DeleteRangeRequest request) {
        DeleteRangeResponse.Builder response = DeleteRangeResponse.newBuilder();
        KeyRange range = Messages.range(request.getKey(), request.getRangeEnd());
        if (request.getPrevKv()) {
            for (KeyValue kv : txn.range(range, RangeOptions.LATEST).kvs()) {
                response.addPrevKvs(Messages.keyValue(kv));
            }
        }
        DeleteResult result = txn.deleteRange(range);
        return response.setDeleted(result.deleted())
                .setHeader(Messages.revision(result.revision()))
                .build();
    }
}
