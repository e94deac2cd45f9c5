package io.jarnetes.etcd.server.v3rpc;

import io.grpc.MethodDescriptor;
import io.grpc.ServerMethodDefinition;
import io.grpc.ServerServiceDefinition;
import io.grpc.ServiceDescriptor;
import io.grpc.stub.ServerCalls;
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
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

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
        this.kv =
                new KvExecutor(
                        stores.mvcc(),
                        stores.lessor(),
                        rpc.member().config().compatibility().applyRules());
        this.guard = new AuthGuard(stores.auth(), stores.lessor());
        this.checks =
                new RequestChecks(
                        member.config().limits().maxTxnOps(), member.config().compatibility());
    }

    /** The service; ranges are answered with what is stored, as it lies there. */
    ServerServiceDefinition definition() {
        ServerServiceDefinition generated = bindService();
        MethodDescriptor<RangeRequest, RangeReply> range =
                KVGrpc.getRangeMethod().toBuilder(
                                KVGrpc.getRangeMethod().getRequestMarshaller(),
                                new RangeReply.Marshaller())
                        .build();
        ServiceDescriptor.Builder descriptor = ServiceDescriptor.newBuilder(KVGrpc.SERVICE_NAME);
        descriptor.setSchemaDescriptor(generated.getServiceDescriptor().getSchemaDescriptor());
        List<ServerMethodDefinition<?, ?>> others = new ArrayList<>(generated.getMethods());
        others.removeIf(method ->
                method.getMethodDescriptor().getFullMethodName().equals(range.getFullMethodName()));
        descriptor.addMethod(range);
        others.forEach(method -> descriptor.addMethod(method.getMethodDescriptor()));
        ServerServiceDefinition.Builder service =
                ServerServiceDefinition.builder(descriptor.build());
        service.addMethod(range, ServerCalls.asyncUnaryCall(this::reply));
        others.forEach(service::addMethod);
        return service.build();
    }

    /** Answers while the stores are held, with no copy of what they have. */
    private void reply(RangeRequest request, StreamObserver<RangeReply> observer) {
        rpc.answerFailure(
                observer,
                () -> {
                    requireServed(request);
                    return read(
                            request.getSerializable(),
                            RangeCost.isLarge(request),
                            who -> guard.range(who, request),
                            allowed -> reply(request, allowed, observer));
                });
    }

    private @Nullable Void reply(
            RangeRequest request, Runnable allowed, StreamObserver<RangeReply> observer) {
        long began = System.nanoTime();
        boolean read = false;
        try {
            kv.range(
                    request,
                    answer -> {
                        allowed.run();
                        observer.onNext(new RangeReply(member.header(answer.revision()), answer));
                    });
            read = true;
        } finally {
            member.metrics().range(read, began);
        }
        observer.onCompleted();
        return null;
    }

    CompletableFuture<RangeResponse> range(RangeRequest request) {
        requireServed(request);
        return read(
                        request.getSerializable(),
                        RangeCost.isLarge(request),
                        who -> guard.range(who, request),
                        allowed -> andThen(kv.range(request), allowed))
                .thenApply(r -> r.toBuilder().setHeader(rpc.header(r.getHeader())).build());
    }

    private void requireServed(RangeRequest request) {
        if (!request.getSerializable()) {
            rpc.requireVoter();
        }
        checks.range(request);
    }

    private static <T> T andThen(T result, Runnable allowed) {
        allowed.run();
        return result;
    }

    /**
     * Reads when the stores are recent enough, with the rights that the caller has then.
     *
     * @param work to run, before it answers, what it is given: that refuses it when the rights have
     *     changed meanwhile
     */
    private <T extends @Nullable Object> CompletableFuture<T> read(
            boolean serializable,
            boolean large,
            Consumer<AuthInfo> check,
            Function<Runnable, T> work) {
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

    private <T extends @Nullable Object> T checked(
            Caller caller, Consumer<AuthInfo> check, Function<Runnable, T> work) {
        AuthInfo known = member.authInfo(caller);
        AuthInfo who = known == null ? AuthInfo.NONE : known;
        check.accept(who);
        return work.apply(() -> requireSameRights(who));
    }

    private void requireSameRights(AuthInfo who) {
        if (who.revision() != 0 && who.revision() != stores.auth().revision()) {
            throw ServerError.AUTH_OLD_REVISION.exception();
        }
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
                            allowed -> andThen(kv.readOnlyTxn(request), allowed));
        } else if (Txns.readsPast(request)) {
            response = writeWithPast(request);
        } else {
            response =
                    rpc.propose(
                            InternalRaftRequest.newBuilder().setTxn(request), TxnResponse.class);
        }
        return response.thenApply(r -> r.toBuilder().setHeader(rpc.header(r.getHeader())).build());
    }

    /**
     * Upstream's members drop ranges where no client waits, and apply the rest: a transaction that
     * asks for a revision that isn't there must be refused before the others hear of it.
     */
    private CompletableFuture<TxnResponse> writeWithPast(TxnRequest request) {
        Caller caller = rpc.caller();
        Executor loop = Rpc.here();
        return member.linearizable(loop)
                .thenCompose(v -> {
                    AuthInfo who = member.authInfo(caller);
                    guard.txn(who == null ? AuthInfo.NONE : who, request);
                    kv.requireDoable(request);
                    return member.propose(
                            InternalRaftRequest.newBuilder().setTxn(request), caller, loop);
                })
                .thenApply(TxnResponse.class::cast);
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
