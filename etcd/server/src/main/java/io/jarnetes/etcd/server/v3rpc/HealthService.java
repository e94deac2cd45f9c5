package io.jarnetes.etcd.server.v3rpc;

import io.grpc.Status;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import io.jarnetes.etcd.proto.health.HealthCheckRequest;
import io.jarnetes.etcd.proto.health.HealthCheckResponse;
import io.jarnetes.etcd.proto.health.HealthCheckResponse.ServingStatus;
import io.jarnetes.etcd.proto.health.HealthGrpc;
import io.jarnetes.etcd.server.apply.ServerError;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** gRPC's health service; the server as a whole is the only service that it knows. */
final class HealthService extends HealthGrpc.HealthImplBase {
    private final Set<ServerCallStreamObserver<HealthCheckResponse>> watchers =
            ConcurrentHashMap.newKeySet();
    private final Rpc rpc;
    private final boolean stopOnDefrag;
    private volatile ServingStatus status = ServingStatus.SERVING;

    /**
     * @param stopOnDefrag whether the member says NOT_SERVING while it rewrites its database
     */
    HealthService(Rpc rpc, boolean stopOnDefrag) {
        this.rpc = rpc;
        this.stopOnDefrag = stopOnDefrag;
    }

    void defragmenting(boolean running) {
        if (stopOnDefrag) {
            status = running ? ServingStatus.NOT_SERVING : ServingStatus.SERVING;
            watchers.forEach(w -> w.onNext(answer(status)));
        }
    }

    private static HealthCheckResponse answer(ServingStatus status) {
        return HealthCheckResponse.newBuilder().setStatus(status).build();
    }

    @Override
    public void check(HealthCheckRequest request, StreamObserver<HealthCheckResponse> observer) {
        if (rpc.member().isLearner()) {
            observer.onError(rpc.statuses().status(ServerError.NOT_SUPPORTED_FOR_LEARNER));
            return;
        }
        if (!request.getService().isEmpty()) {
            observer.onError(
                    Status.NOT_FOUND.withDescription("unknown service").asRuntimeException());
            return;
        }
        observer.onNext(answer(status));
        observer.onCompleted();
    }

    @Override
    public void watch(HealthCheckRequest request, StreamObserver<HealthCheckResponse> observer) {
        if (rpc.member().isLearner()) {
            observer.onError(rpc.statuses().status(ServerError.NOT_SUPPORTED_FOR_LEARNER));
            return;
        }
        var call = (ServerCallStreamObserver<HealthCheckResponse>) observer;
        call.setOnCancelHandler(() -> watchers.remove(call));
        if (request.getService().isEmpty()) {
            watchers.add(call);
            call.onNext(answer(status));
        } else {
            call.onNext(answer(ServingStatus.SERVICE_UNKNOWN));
        }
    }
}
