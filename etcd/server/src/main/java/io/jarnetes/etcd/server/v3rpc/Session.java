package io.jarnetes.etcd.server.v3rpc;

import com.google.protobuf.ByteString;
import io.grpc.Context;
import io.grpc.stub.ServerCallStreamObserver;
import io.jarnetes.etcd.proto.etcdserverpb.Compare;
import io.jarnetes.etcd.proto.etcdserverpb.Compare.CompareResult;
import io.jarnetes.etcd.proto.etcdserverpb.Compare.CompareTarget;
import io.jarnetes.etcd.proto.etcdserverpb.DeleteRangeRequest;
import io.jarnetes.etcd.proto.etcdserverpb.DeleteRangeResponse;
import io.jarnetes.etcd.proto.etcdserverpb.LeaseGrantRequest;
import io.jarnetes.etcd.proto.etcdserverpb.PutRequest;
import io.jarnetes.etcd.proto.etcdserverpb.RangeRequest;
import io.jarnetes.etcd.proto.etcdserverpb.RangeRequest.SortOrder;
import io.jarnetes.etcd.proto.etcdserverpb.RangeRequest.SortTarget;
import io.jarnetes.etcd.proto.etcdserverpb.RangeResponse;
import io.jarnetes.etcd.proto.etcdserverpb.RequestOp;
import io.jarnetes.etcd.proto.etcdserverpb.TxnRequest;
import io.jarnetes.etcd.proto.etcdserverpb.TxnResponse;
import io.jarnetes.etcd.server.EtcdMember;
import io.jarnetes.etcd.server.apply.Messages;
import io.jarnetes.etcd.storage.mvcc.Event;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.Semaphore;
import java.util.function.Supplier;

/**
 * What one call of {@link Sessions} does with the keys and leases of the member, with the rights of
 * its caller. All methods wait, on the call's virtual thread; those that wait for other clients end
 * when the caller goes away.
 */
final class Session {
    private static final long TTL_SECONDS = 60;
    private static final ByteString NO_END = ByteString.EMPTY;

    private final EtcdMember member;
    private final KvService kv;
    private final LeaseService leases;
    private final ServerCallStreamObserver<?> call;
    private final Executor loop = Rpc.here();
    private final Context context = Context.current();
    private final CompletableFuture<Void> gone = new CompletableFuture<>();
    private final Semaphore writable = new Semaphore(0);

    /** The caller has cancelled, or its deadline is over. */
    static final class GoneException extends RuntimeException {
        private static final long serialVersionUID = 1;

        GoneException() {
            super("the caller went away", null, false, false);
        }
    }

    /** To be made where the call arrives, before it returns. */
    Session(
            EtcdMember member,
            KvService kv,
            LeaseService leases,
            ServerCallStreamObserver<?> call) {
        this.member = member;
        this.kv = kv;
        this.leases = leases;
        this.call = call;
        call.setOnCancelHandler(() -> {
            gone.complete(null);
            writable.release();
        });
        call.setOnReadyHandler(writable::release);
    }

    /** Asks a service on the event loop of the call, and waits here. */
    private <T> T ask(Supplier<CompletableFuture<T>> service) {
        CompletableFuture<T> answer = new CompletableFuture<>();
        loop.execute(
                context.wrap(() -> {
                    try {
                        service.get()
                                .whenComplete((response, failure) -> {
                                    if (failure == null) {
                                        answer.complete(response);
                                    } else {
                                        answer.completeExceptionally(failure);
                                    }
                                });
                    } catch (RuntimeException e) {
                        answer.completeExceptionally(e);
                    }
                }));
        try {
            return answer.get();
        } catch (ExecutionException e) {
            throw e.getCause() instanceof RuntimeException known
                    ? known
                    : new IllegalStateException(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while waiting for an answer", e);
        }
    }

    /** The lease itself, or a new one if it is none. */
    long lease(long id) {
        if (id != 0) {
            return id;
        }
        LeaseGrantRequest grant = LeaseGrantRequest.newBuilder().setTTL(TTL_SECONDS).build();
        return ask(() -> leases.grant(grant)).getID();
    }

    TxnResponse txn(TxnRequest request) {
        return ask(() -> kv.txn(request));
    }

    RangeResponse range(RangeRequest request) {
        return ask(() -> kv.range(request));
    }

    DeleteRangeResponse delete(ByteString key) {
        return ask(() -> kv.deleteRange(DeleteRangeRequest.newBuilder().setKey(key).build()));
    }

    /** Waits until no key of the prefix is left that was created up to a revision. */
    void awaitDeletes(ByteString prefix, long maxCreateRevision) {
        RangeRequest last =
                prefix(prefix)
                        .setSortTarget(SortTarget.CREATE)
                        .setSortOrder(SortOrder.DESCEND)
                        .setLimit(1)
                        .setMaxCreateRevision(maxCreateRevision)
                        .build();
        while (true) {
            requireCaller();
            RangeResponse response = range(last);
            if (response.getKvsCount() == 0) {
                return;
            }
            awaitDelete(response.getKvs(0).getKey(), response.getHeader().getRevision());
        }
    }

    private void awaitDelete(ByteString key, long revision) {
        try (KeyWatch watch = watch(key, NO_END, revision)) {
            while (true) {
                for (Event event : watch.next().events()) {
                    if (event.type() == Event.Type.DELETE) {
                        return;
                    }
                }
            }
        }
    }

    KeyWatch watch(ByteString key, ByteString end, long revision) {
        return KeyWatch.open(member, Messages.range(key, end), revision, gone);
    }

    /** Waits until an answer can be sent; a slow reader holds up its own call alone. */
    void awaitWritable() {
        while (!call.isReady()) {
            requireCaller();
            writable.acquireUninterruptibly();
        }
    }

    private void requireCaller() {
        if (gone.isDone()) {
            throw new GoneException();
        }
    }

    EtcdMember member() {
        return member;
    }

    // Requests

    static RangeRequest.Builder prefix(ByteString prefix) {
        return RangeRequest.newBuilder().setKey(prefix).setRangeEnd(end(prefix));
    }

    /** Prefixes end with a slash, so that the next one is easily told. */
    static ByteString end(ByteString prefix) {
        byte[] end = prefix.toByteArray();
        end[end.length - 1]++;
        return ByteString.copyFrom(end);
    }

    /** The key of a prefix that was created first: the leader's, the owner's. */
    static RangeRequest first(ByteString prefix) {
        return prefix(prefix)
                .setSortTarget(SortTarget.CREATE)
                .setSortOrder(SortOrder.ASCEND)
                .setLimit(1)
                .build();
    }

    /** A name's keys. */
    static ByteString prefixOf(ByteString name) {
        return name.concat(ByteString.copyFromUtf8("/"));
    }

    /** A session's own key: the lease as Go prints it in hex. */
    static ByteString keyOf(ByteString prefix, long lease) {
        return prefix.concat(ByteString.copyFromUtf8(Long.toString(lease, 16)));
    }

    static Compare createdAt(ByteString key, long revision) {
        return Compare.newBuilder()
                .setKey(key)
                .setTarget(CompareTarget.CREATE)
                .setResult(CompareResult.EQUAL)
                .setCreateRevision(revision)
                .build();
    }

    static RequestOp get(RangeRequest range) {
        return RequestOp.newBuilder().setRequestRange(range).build();
    }

    static RequestOp get(ByteString key) {
        return get(RangeRequest.newBuilder().setKey(key).build());
    }

    static RequestOp put(ByteString key, ByteString value, long lease) {
        return RequestOp.newBuilder()
                .setRequestPut(PutRequest.newBuilder().setKey(key).setValue(value).setLease(lease))
                .build();
    }
}
