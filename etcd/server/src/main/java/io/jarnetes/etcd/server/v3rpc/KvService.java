package io.jarnetes.etcd.server.v3rpc;

import io.grpc.stub.StreamObserver;
import io.jarnetes.etcd.proto.etcdserverpb.AlarmType;
import io.jarnetes.etcd.proto.etcdserverpb.CompactionRequest;
import io.jarnetes.etcd.proto.etcdserverpb.CompactionResponse;
import io.jarnetes.etcd.proto.etcdserverpb.DeleteRangeRequest;
import io.jarnetes.etcd.proto.etcdserverpb.DeleteRangeResponse;
import io.jarnetes.etcd.proto.etcdserverpb.InternalRaftRequest;
import io.jarnetes.etcd.proto.etcdserverpb.KVGrpc;
import io.jarnetes.etcd.proto.etcdserverpb.PutRequest;
import io.jarnetes.etcd.proto.etcdserverpb.PutResponse;
import io.jarnetes.etcd.proto.etcdserverpb.RangeRequest;
import io.jarnetes.etcd.proto.etcdserverpb.RangeResponse;
import io.jarnetes.etcd.proto.etcdserverpb.TxnRequest;
import io.jarnetes.etcd.proto.etcdserverpb.TxnResponse;
import io.jarnetes.etcd.server.Caller;
import io.jarnetes.etcd.server.EtcdMember;
import io.jarnetes.etcd.server.apply.AuthGuard;
import io.jarnetes.etcd.server.apply.KvExecutor;
import io.jarnetes.etcd.server.apply.Quota;
import io.jarnetes.etcd.server.apply.ServerError;
import io.jarnetes.etcd.server.apply.Stores;
import io.jarnetes.etcd.server.apply.Txns;
import io.jarnetes.etcd.storage.auth.AuthInfo;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** The service KV. */
final class KvService extends KVGrpc.KVImplBase {
    private final Rpc rpc;
    private final EtcdMember member;
    private final Stores stores;
    private final KvExecutor kv;
    private final AuthGuard guard;
    private final RequestChecks checks;

    KvService(Rpc rpc) {
        this.rpc = rpc;
        this.member = rpc.member();
        this.stores = member.stores();
        this.kv = new KvExecutor(stores.mvcc(), stores.lessor());
        this.guard = new AuthGuard(stores.auth(), stores.lessor());
        this.checks =
                new RequestChecks(
                        member.config().limits().maxTxnOps(), member.config().compatibility());
    }

    @Override
    public void range(RangeRequest request, StreamObserver<RangeResponse> observer) {
        rpc.answer(observer, () -> range(request));
    }

    CompletableFuture<RangeResponse> range(RangeRequest request) {
        if (!request.getSerializable()) {
            rpc.requireVoter();
        }
        checks.range(request);
        return read(
                        request.getSerializable(),
                        RangeCost.isLarge(request),
                        who -> guard.range(who, request),
                        () -> kv.range(request))
                .thenApply(r -> r.toBuilder().setHeader(rpc.header(r.getHeader())).build());
    }

    /** Reads when the stores are recent enough, with the rights that the caller has then. */
    private <T> CompletableFuture<T> read(
            boolean serializable, boolean large, Consumer<AuthInfo> check, Supplier<T> work) {
        Caller caller = rpc.caller();
        Executor loop = Rpc.here();
        Executor where = large ? member.runtime().background() : loop;
        Supplier<T> checked = () -> checked(caller, check, work);
        if (serializable) {
            return large
                    ? CompletableFuture.supplyAsync(checked, where)
                    : CompletableFuture.completedFuture(checked.get());
        }
        return large
                ? member.linearizable().thenApplyAsync(v -> checked.get(), where)
                : member.linearizable(loop).thenApply(v -> checked.get());
    }

    private <T> T checked(Caller caller, Consumer<AuthInfo> check, Supplier<T> work) {
        AuthInfo known = member.authInfo(caller);
        AuthInfo who = known == null ? AuthInfo.NONE : known;
        check.accept(who);
        T result = work.get();
        if (who.revision() != 0 && who.revision() != stores.auth().revision()) {
            throw ServerError.AUTH_OLD_REVISION.exception();
        }
        return result;
    }

    @Override
    public void put(PutRequest request, StreamObserver<PutResponse> observer) {
        rpc.answer(observer, () -> put(request));
    }

    private CompletableFuture<PutResponse> put(PutRequest request) {
        rpc.requireVoter();
        requireQuota(Quota.cost(request));
        checks.put(request);
        return rpc.propose(InternalRaftRequest.newBuilder().setPut(request), PutResponse.class)
                .thenApply(r -> r.toBuilder().setHeader(rpc.header(r.getHeader())).build());
    }

    /** What does not fit is refused before it is proposed, and everybody is told. */
    private void requireQuota(long cost) {
        if (!member.quota().allows(cost)) {
            member.raise(AlarmType.NOSPACE);
            throw ServerError.NO_SPACE.exception();
        }
    }

    @Override
    public void deleteRange(
            DeleteRangeRequest request, StreamObserver<DeleteRangeResponse> observer) {
        rpc.answer(observer, () -> deleteRange(request));
    }

    CompletableFuture<DeleteRangeResponse> deleteRange(DeleteRangeRequest request) {
        rpc.requireVoter();
        checks.deleteRange(request);
        return rpc.propose(
                        InternalRaftRequest.newBuilder().setDeleteRange(request),
                        DeleteRangeResponse.class)
                .thenApply(r -> r.toBuilder().setHeader(rpc.header(r.getHeader())).build());
    }

    @Override
    public void txn(TxnRequest request, StreamObserver<TxnResponse> observer) {
        rpc.answer(observer, () -> txn(request));
    }

    CompletableFuture<TxnResponse> txn(TxnRequest request) {
        rpc.requireVoter();
        requireQuota(member.quota().cost(request));
        checks.txn(request);
        CompletableFuture<TxnResponse> response;
        if (Txns.isReadOnly(request)) {
            response =
                    read(
                            Txns.isSerializable(request),
                            RangeCost.isLarge(request),
                            who -> guard.txn(who, request),
                            () -> kv.readOnlyTxn(request));
        } else {
            response =
                    rpc.propose(
                            InternalRaftRequest.newBuilder().setTxn(request), TxnResponse.class);
        }
        return response.thenApply(r -> r.toBuilder().setHeader(rpc.header(r.getHeader())).build());
    }

    @Override
    public void compact(CompactionRequest request, StreamObserver<CompactionResponse> observer) {
        rpc.answer(
                observer,
                () -> {
                    rpc.requireVoter();
                    AuthRules.requireAdmin(member, rpc.caller());
                    return compact(request);
                });
    }

    private CompletableFuture<CompactionResponse> compact(CompactionRequest request) {
        CompletableFuture<CompactionResponse> done =
                rpc.propose(
                        InternalRaftRequest.newBuilder().setCompaction(request),
                        CompactionResponse.class);
        if (request.getPhysical()) {
            done = done.thenCompose(r -> member.compacted(request.getRevision()).thenApply(v -> r));
        }
        return done.thenApply(r -> r.toBuilder().setHeader(member.header()).build());
    }
}
