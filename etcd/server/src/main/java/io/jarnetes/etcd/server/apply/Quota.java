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

    /**
     * @param limitBytes of {@code --quota-backend-bytes}: 0 for the default, below 0 for none
     */
    public Quota(Stores stores, long limitBytes) {
        this.stores = stores;
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
     * The dearer branch. Upstream does not look into inner transactions, which pass when space is
     * out: members that counted their puts would refuse what the others apply.
     */
    public static long cost(TxnRequest txn) {
        return Math.max(cost(txn.getSuccessList()), cost(txn.getFailureList()));
    }

    private static long cost(List<RequestOp> ops) {
        return ops.stream()
                .filter(RequestOp::hasRequestPut)
                .mapToLong(op -> cost(op.getRequestPut()))
                .sum();
    }
}
