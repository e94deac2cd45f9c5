package io.jarnetes.etcd.server.v3rpc;

import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import io.jarnetes.etcd.proto.etcdserverpb.WatchGrpc;
import io.jarnetes.etcd.proto.etcdserverpb.WatchRequest;
import io.jarnetes.etcd.proto.etcdserverpb.WatchResponse;
import io.jarnetes.etcd.server.apply.ServerError;

/** The service Watch: a {@link WatchSession} for each stream. */
final class WatchService extends WatchGrpc.WatchImplBase {
    private final Rpc rpc;
    private final LeaderLosses losses;

    WatchService(Rpc rpc, LeaderLosses losses) {
        this.rpc = rpc;
        this.losses = losses;
    }

    @Override
    public StreamObserver<WatchRequest> watch(StreamObserver<WatchResponse> observer) {
        var call = (ServerCallStreamObserver<WatchResponse>) observer;
        WatchSession session = new WatchSession(rpc, call, Rpc.here(), rpc.caller());
        if (rpc.member().isLearner()) {
            call.onError(rpc.statuses().status(ServerError.NOT_SUPPORTED_FOR_LEARNER));
            return session;
        }
        session.open();
        if (CallInterceptor.requiresLeader()) {
            losses.add(session);
        }
        return session;
    }
}
