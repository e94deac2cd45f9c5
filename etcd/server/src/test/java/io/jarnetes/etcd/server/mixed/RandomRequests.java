package io.jarnetes.etcd.server.mixed;

import com.google.protobuf.ByteString;
import io.jarnetes.etcd.proto.etcdserverpb.Compare;
import io.jarnetes.etcd.proto.etcdserverpb.Compare.CompareResult;
import io.jarnetes.etcd.proto.etcdserverpb.Compare.CompareTarget;
import io.jarnetes.etcd.proto.etcdserverpb.DeleteRangeRequest;
import io.jarnetes.etcd.proto.etcdserverpb.PutRequest;
import io.jarnetes.etcd.proto.etcdserverpb.RangeRequest;
import io.jarnetes.etcd.proto.etcdserverpb.RequestOp;
import io.jarnetes.etcd.proto.etcdserverpb.TxnRequest;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;

/** KV requests as a generator makes them up; few keys, so that they meet. */
final class RandomRequests {
    private static final int KEYS = 24;
    private static final int MAX_OPS = 5;
    private static final int MAX_DEPTH = 2;

    private final Random random;
    private final List<Long> leases;

    /**
     * @param leases ids that puts may name, whether they exist or not
     */
    RandomRequests(Random random, List<Long> leases) {
        this.random = random;
        this.leases = leases;
    }

    ByteString key() {
        return ByteString.copyFromUtf8("k%02d".formatted(random.nextInt(KEYS)));
    }

    private ByteString value() {
        byte[] value = new byte[random.nextInt(10) == 0 ? 2_000 : random.nextInt(20)];
        random.nextBytes(value);
        return ByteString.copyFrom(value);
    }

    PutRequest put() {
        PutRequest.Builder put = PutRequest.newBuilder().setKey(key());
        put.setPrevKv(random.nextInt(4) == 0);
        if (random.nextInt(8) == 0) {
            put.setIgnoreValue(true);
        } else {
            put.setValue(value());
        }
        if (random.nextInt(8) == 0) {
            put.setIgnoreLease(true);
        } else if (!leases.isEmpty() && random.nextInt(3) == 0) {
            put.setLease(leases.get(random.nextInt(leases.size())));
        }
        return put.build();
    }

    /**
     * Without a revision: in a transaction, upstream's members look at it only where the client
     * waits, and those that find it compacted part ways with the others.
     */
    RangeRequest range() {
        RangeRequest.Builder range = RangeRequest.newBuilder().setKey(key());
        if (random.nextBoolean()) {
            range.setRangeEnd(end());
        }
        return range.setCountOnly(random.nextInt(4) == 0).build();
    }

    DeleteRangeRequest delete() {
        DeleteRangeRequest.Builder delete = DeleteRangeRequest.newBuilder().setKey(key());
        if (random.nextInt(3) == 0) {
            delete.setRangeEnd(key());
        }
        return delete.setPrevKv(random.nextInt(4) == 0).build();
    }

    /** Up to another key, or from the first key on. */
    private ByteString end() {
        return random.nextInt(4) == 0 ? ByteString.copyFrom(new byte[1]) : key();
    }

    TxnRequest txn() {
        return txn(MAX_DEPTH, new HashSet<>());
    }

    /**
     * @param written keys that the transaction puts already: each may be put once only
     */
    private TxnRequest txn(int depth, Set<ByteString> written) {
        TxnRequest.Builder txn = TxnRequest.newBuilder();
        for (int i = random.nextInt(3); i > 0; i--) {
            txn.addCompare(compare());
        }
        for (int i = random.nextInt(MAX_OPS); i > 0; i--) {
            txn.addSuccess(operation(depth, written));
        }
        for (int i = random.nextInt(MAX_OPS); i > 0; i--) {
            txn.addFailure(operation(depth, written));
        }
        return txn.build();
    }

    /**
     * The same without those ranges that upstream's members look at only where the client waits:
     * whether the caller may read what they name is no matter to the others, who apply the rest.
     */
    static TxnRequest withoutOuterRanges(TxnRequest txn) {
        TxnRequest.Builder less = txn.toBuilder().clearSuccess().clearFailure();
        txn.getSuccessList().stream().filter(op -> !op.hasRequestRange()).forEach(less::addSuccess);
        txn.getFailureList().stream().filter(op -> !op.hasRequestRange()).forEach(less::addFailure);
        return less.build();
    }

    private RequestOp operation(int depth, Set<ByteString> written) {
        RequestOp.Builder op = RequestOp.newBuilder();
        switch (random.nextInt(depth > 0 ? 6 : 5)) {
            case 0 -> op.setRequestRange(range());
            case 1 -> {
                ByteString key = key();
                // Puts and deletes of one key in one transaction are mostly refused.
                if (written.add(key)) {
                    op.setRequestDeleteRange(DeleteRangeRequest.newBuilder().setKey(key));
                } else {
                    op.setRequestRange(range());
                }
            }
            case 5 -> op.setRequestTxn(txn(depth - 1, written));
            default -> {
                PutRequest put = put();
                if (written.add(put.getKey())) {
                    op.setRequestPut(put);
                } else {
                    op.setRequestRange(range());
                }
            }
        }
        return op.build();
    }

    private Compare compare() {
        Compare.Builder compare = Compare.newBuilder().setKey(key());
        if (random.nextInt(5) == 0) {
            compare.setRangeEnd(end());
        }
        compare.setResult(CompareResult.forNumber(random.nextInt(4)));
        CompareTarget target = CompareTarget.forNumber(random.nextInt(5));
        compare.setTarget(target);
        long number = random.nextInt(4);
        switch (target) {
            case VERSION -> compare.setVersion(number);
            case CREATE -> compare.setCreateRevision(number * random.nextInt(100));
            case MOD -> compare.setModRevision(number * random.nextInt(100));
            case VALUE -> compare.setValue(value());
            case LEASE ->
                    compare.setLease(
                            leases.isEmpty() ? 0 : leases.get(random.nextInt(leases.size())));
            case UNRECOGNIZED -> throw new IllegalStateException("a target that nobody knows");
        }
        return compare.build();
    }
}
