package io.jarnetes.etcd.server.apply;

import io.jarnetes.etcd.proto.etcdserverpb.PutRequest;
import io.jarnetes.etcd.proto.etcdserverpb.RequestOp;
import io.jarnetes.etcd.proto.etcdserverpb.TxnRequest;
import java.util.List;

/** How much a request will cost, against how large the database may become. */
public final class Quota {
    /** What {@code --quota-backend-bytes=0} stands for. */
    public static final long DEFAULT_BYTES = 2L * 1024 * 1024 * 1024;

    public static final long LEASE_OVERHEAD_BYTES = 64;
    private static final long KV_OVERHEAD_BYTES = 256;

    private final Stores stores;
    private final long limitBytes;
    private final ApplyRules rules;

    /**
     * @param limitBytes of {@code --quota-backend-bytes}: 0 for the default, below 0 for none
     */
    public Quota(Stores stores, long limitBytes, ApplyRules rules) {
        this.stores = stores;
        this.rules = rules;
        this.limitBytes = limitBytes == 0 ? DEFAULT_BYTES : limitBytes;
    }

    /** In bytes; 0 for none. */
    public long limitBytes() {
        return Math.max(limitBytes, 0);
    }

    public boolean allows(long costBytes) {
        return costBytes == 0 || limitBytes < 0 || stores.backend().size() + costBytes < limitBytes;
    }

    public static long cost(PutRequest put) {
        return KV_OVERHEAD_BYTES + put.getKey().size() + put.getValue().size();
    }

    /**
     * The dearer branch. 3.5 does not look into inner transactions, which pass when space is out;
     * 3.6 does: members that counted otherwise would refuse what the others apply.
     */
    public long cost(TxnRequest txn) {
        return Math.max(cost(txn.getSuccessList()), cost(txn.getFailureList()));
    }

    private long cost(List<RequestOp> ops) {
        return ops.stream().mapToLong(this::cost).sum();
    }

    private long cost(RequestOp op) {
        if (op.hasRequestTxn()) {
            return rules == ApplyRules.V3_5 ? 0 : cost(op.getRequestTxn());
        }
        return op.hasRequestPut() ? cost(op.getRequestPut()) : 0;
    }
}
