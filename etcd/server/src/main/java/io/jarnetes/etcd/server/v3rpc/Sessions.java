package io.jarnetes.etcd.server.v3rpc;

import io.grpc.Context;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * Runs calls that may wait for others, such as campaigns and locks, each on a virtual thread of its
 * own. As upstream, where these services are clients of the member, every failure but a learner's
 * refusal is of code Unknown.
 */
final class Sessions {
    private final Rpc rpc;
    private final KvService kv;
    private final LeaseService leases;

    Sessions(Rpc rpc, KvService kv, LeaseService leases) {
        this.rpc = rpc;
        this.kv = kv;
        this.leases = leases;
    }

    /** Answers once. */
    <T> void answer(StreamObserver<T> observer, Function<Session, T> work) {
        serve(observer, session -> observer.onNext(work.apply(session)));
    }

    /** Answers as often as the work does; the stream ends with the work. */
    <T> void serve(StreamObserver<T> observer, Consumer<Session> work) {
        try {
            rpc.requireVoter();
        } catch (RuntimeException e) {
            observer.onError(rpc.statuses().of(e));
            return;
        }
        Session session =
                new Session(rpc.member(), kv, leases, (ServerCallStreamObserver<T>) observer);
        Thread.ofVirtual()
                .name("etcd-session")
                .start(Context.current().wrap(() -> run(session, observer, work)));
    }

    private <T> void run(Session session, StreamObserver<T> observer, Consumer<Session> work) {
        try {
            work.accept(session);
            observer.onCompleted();
        } catch (Session.GoneException e) {
            // Nobody is there to be answered.
            return;
        } catch (RuntimeException e) {
            observer.onError(unknown(e));
        }
    }

    private StatusRuntimeException unknown(RuntimeException failure) {
        Status status = rpc.statuses().of(failure).getStatus();
        return Status.UNKNOWN
                .withDescription(status.getDescription())
                .withCause(failure)
                .asRuntimeException();
    }
}
