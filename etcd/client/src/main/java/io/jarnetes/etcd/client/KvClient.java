package io.jarnetes.etcd.client;

import io.jarnetes.etcd.proto.etcdserverpb.CompactionRequest;
import io.jarnetes.etcd.proto.etcdserverpb.KVGrpc;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** The service KV. */
public final class KvClient {
    private final Calls calls;

    KvClient(Calls calls) {
        this.calls = calls;
    }

    /** The same with another deadline for each call. */
    public KvClient withTimeout(Duration timeout) {
        return new KvClient(calls.withTimeout(timeout));
    }

    public CompletableFuture<OpResult.Range> get(byte[] key) {
        return range(RangeOptions.key(key));
    }

    /**
     * @return fails with OUT_OF_RANGE if the revision asked for is compacted or not yet there
     */
    public CompletableFuture<OpResult.Range> range(RangeOptions options) {
        return calls.read(KVGrpc.getRangeMethod(), Wire.range(options), Wire::range);
    }

    public CompletableFuture<OpResult.Put> put(byte[] key, byte[] value) {
        return put(new Op.Put(key, value, 0, false, false, false));
    }

    public CompletableFuture<OpResult.Put> put(Op.Put put) {
        return calls.write(KVGrpc.getPutMethod(), Wire.put(put), Wire::put);
    }

    public CompletableFuture<OpResult.Delete> delete(byte[] key) {
        return delete(new Op.Delete(key, new byte[0], false));
    }

    public CompletableFuture<OpResult.Delete> delete(Op.Delete delete) {
        return calls.write(KVGrpc.getDeleteRangeMethod(), Wire.delete(delete), Wire::delete);
    }

    /** A transaction that only reads is tried again like a read. */
    public CompletableFuture<OpResult.Txn> txn(Op.Txn txn) {
        return isReadOnly(txn.success()) && isReadOnly(txn.failure())
                ? calls.read(KVGrpc.getTxnMethod(), Wire.txn(txn), Wire::txn)
                : calls.write(KVGrpc.getTxnMethod(), Wire.txn(txn), Wire::txn);
    }

    /**
     * Forgets what was before {@code revision}.
     *
     * @param physical wait until it is gone from the database too
     */
    public CompletableFuture<Header> compact(long revision, boolean physical) {
        CompactionRequest request =
                CompactionRequest.newBuilder().setRevision(revision).setPhysical(physical).build();
        return calls.write(KVGrpc.getCompactMethod(), request, r -> Wire.header(r.getHeader()));
    }

    private static boolean isReadOnly(List<Op> ops) {
        return ops.stream()
                .allMatch(op ->
                        switch (op) {
                            case Op.Range r -> true;
                            case Op.Put p -> false;
                            case Op.Delete d -> false;
                            case Op.Txn t -> isReadOnly(t.success()) && isReadOnly(t.failure());
                        });
    }
}
