package io.jarnetes.etcd.server.v3rpc;

import com.google.protobuf.Message;
import io.grpc.stub.StreamObserver;
import io.jarnetes.etcd.proto.etcdserverpb.InternalRaftRequest;
import io.jarnetes.etcd.proto.etcdserverpb.ResponseHeader;
import io.jarnetes.etcd.server.Caller;
import io.jarnetes.etcd.server.EtcdMember;
import io.jarnetes.etcd.server.apply.ServerError;
import io.netty.util.internal.ThreadExecutorMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What all services do: ask who calls, refuse learners, answer, fill in headers. */
final class Rpc {
    private final EtcdMember member;
    private final Statuses statuses;

    Rpc(EtcdMember member) {
        this.member = member;
        this.statuses = new Statuses(member.config().compatibility());
    }

    EtcdMember member() {
        return member;
    }

    Statuses statuses() {
        return statuses;
    }

    Caller caller() {
        return CallInterceptor.caller();
    }

    /** The event loop that this call is served on: where its answer is written best. */
    static Executor here() {
        Executor loop = ThreadExecutorMap.currentExecutor();
        return loop == null ? Runnable::run : loop;
    }

    /** Refuses what a learner doesn't serve. */
    void requireVoter() {
        if (member.isLearner()) {
            throw ServerError.NOT_SUPPORTED_FOR_LEARNER.exception();
        }
    }

    /** Answers with what {@code work} comes to; its failures are answers too. */
    <T> void answer(StreamObserver<T> observer, Supplier<CompletableFuture<T>> work) {
        answer(
                observer,
                work,
                response -> {
                    observer.onNext(response);
                    observer.onCompleted();
                });
    }

    /** For work that answers by itself when it succeeds: answers with its failures. */
    <T extends @Nullable Object> void answerFailure(
            StreamObserver<?> observer, Supplier<CompletableFuture<T>> work) {
        answer(observer, work, done -> {});
    }

    private <T extends @Nullable Object> void answer(
            StreamObserver<?> observer,
            Supplier<CompletableFuture<T>> work,
            Consumer<? super T> success) {
        CompletableFuture<T> future;
        try {
            future = work.get();
        } catch (RuntimeException e) {
            observer.onError(statuses.of(e));
            return;
        }
        future.whenComplete((result, failure) -> {
            if (failure != null) {
                observer.onError(statuses.of(failure));
            } else {
                success.accept(result);
            }
        });
    }

    /** Proposes, and answers on this call's event loop. */
    <T extends Message> CompletableFuture<T> propose(
            InternalRaftRequest.Builder request, Class<T> type) {
        return member.propose(request, caller(), here()).thenApply(type::cast);
    }

    /** A header with everything; the revision is the answer's, or the current one. */
    ResponseHeader header(@Nullable ResponseHeader partial) {
        long revision = partial == null ? 0 : partial.getRevision();
        return revision == 0 ? member.header() : member.header(revision);
    }
}
