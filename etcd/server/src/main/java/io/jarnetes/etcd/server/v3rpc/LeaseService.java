package io.jarnetes.etcd.server.v3rpc;

import io.grpc.stub.StreamObserver;
import io.jarnetes.etcd.proto.etcdserverpb.InternalRaftRequest;
import io.jarnetes.etcd.proto.etcdserverpb.LeaseGrantRequest;
import io.jarnetes.etcd.proto.etcdserverpb.LeaseGrantResponse;
import io.jarnetes.etcd.proto.etcdserverpb.LeaseGrpc;
import io.jarnetes.etcd.proto.etcdserverpb.LeaseKeepAliveRequest;
import io.jarnetes.etcd.proto.etcdserverpb.LeaseKeepAliveResponse;
import io.jarnetes.etcd.proto.etcdserverpb.LeaseLeasesRequest;
import io.jarnetes.etcd.proto.etcdserverpb.LeaseLeasesResponse;
import io.jarnetes.etcd.proto.etcdserverpb.LeaseRevokeRequest;
import io.jarnetes.etcd.proto.etcdserverpb.LeaseRevokeResponse;
import io.jarnetes.etcd.proto.etcdserverpb.LeaseStatus;
import io.jarnetes.etcd.proto.etcdserverpb.LeaseTimeToLiveRequest;
import io.jarnetes.etcd.proto.etcdserverpb.LeaseTimeToLiveResponse;
import io.jarnetes.etcd.proto.etcdserverpb.ResponseHeader;
import io.jarnetes.etcd.server.Caller;
import io.jarnetes.etcd.server.EtcdMember;
import io.jarnetes.etcd.server.Leases;
import io.jarnetes.etcd.server.apply.AuthGuard;
import io.jarnetes.etcd.server.apply.Quota;
import io.jarnetes.etcd.server.apply.ServerError;
import io.jarnetes.etcd.server.apply.ServerException;
import io.jarnetes.etcd.storage.auth.AuthInfo;
import io.jarnetes.etcd.storage.auth.AuthStore;
import io.jarnetes.etcd.storage.lease.LeaseException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;

/** The service Lease. */
final class LeaseService extends LeaseGrpc.LeaseImplBase {
    private final Rpc rpc;
    private final EtcdMember member;
    private final Leases leases;
    private final AuthGuard guard;

    LeaseService(Rpc rpc, Leases leases) {
        this.rpc = rpc;
        this.member = rpc.member();
        this.leases = leases;
        this.guard = new AuthGuard(member.stores().auth(), member.stores().lessor());
    }

    @Override
    public void leaseGrant(LeaseGrantRequest request, StreamObserver<LeaseGrantResponse> observer) {
        rpc.answer(observer, () -> grant(request));
    }

    CompletableFuture<LeaseGrantResponse> grant(LeaseGrantRequest request) {
        rpc.requireVoter();
        if (!member.quota().allows(Quota.LEASE_OVERHEAD_BYTES)) {
            member.raise(io.jarnetes.etcd.proto.etcdserverpb.AlarmType.NOSPACE);
            throw ServerError.NO_SPACE.exception();
        }
        AuthRules.requireUser(member, rpc.caller());
        LeaseGrantRequest named =
                request.getID() != 0
                        ? request
                        : request.toBuilder().setID(member.nextId() & Long.MAX_VALUE).build();
        return rpc.propose(
                        InternalRaftRequest.newBuilder().setLeaseGrant(named),
                        LeaseGrantResponse.class)
                .thenApply(r -> r.toBuilder().setHeader(rpc.header(r.getHeader())).build());
    }

    @Override
    public void leaseRevoke(
            LeaseRevokeRequest request, StreamObserver<LeaseRevokeResponse> observer) {
        rpc.answer(
                observer,
                () -> {
                    rpc.requireVoter();
                    AuthRules.requireUser(member, rpc.caller());
                    return rpc.propose(
                                    InternalRaftRequest.newBuilder().setLeaseRevoke(request),
                                    LeaseRevokeResponse.class)
                            .thenApply(r ->
                                    r.toBuilder().setHeader(rpc.header(r.getHeader())).build());
                });
    }

    @Override
    public void leaseTimeToLive(
            LeaseTimeToLiveRequest request, StreamObserver<LeaseTimeToLiveResponse> observer) {
        rpc.answer(observer, () -> timeToLive(request));
    }

    private CompletableFuture<LeaseTimeToLiveResponse> timeToLive(LeaseTimeToLiveRequest request) {
        rpc.requireVoter();
        Caller caller = rpc.caller();
        AuthRules.requireUser(member, caller);
        AuthStore auth = member.stores().auth();
        long before = auth.revision();
        if (request.getKeys()) {
            AuthInfo who = member.authInfo(caller);
            guard.leaseReads(who == null ? AuthInfo.NONE : who, request.getID());
        }
        return leases.timeToLive(request.getID(), request.getKeys())
                .handleAsync(
                        (found, failure) -> {
                            if (request.getKeys()
                                    && auth.isAuthEnabled()
                                    && before != auth.revision()) {
                                throw ServerError.AUTH_OLD_REVISION.exception();
                            }
                            return timeToLive(request, found, failure);
                        },
                        Rpc.here());
    }

    /** An unknown lease is no error here: its time to live is -1. */
    private LeaseTimeToLiveResponse timeToLive(
            LeaseTimeToLiveRequest request, LeaseTimeToLiveResponse found, Throwable failure) {
        if (failure == null) {
            return found.toBuilder().setHeader(member.header()).build();
        }
        if (isNotFound(failure)) {
            return LeaseTimeToLiveResponse.newBuilder()
                    .setHeader(member.header())
                    .setID(request.getID())
                    .setTTL(-1)
                    .build();
        }
        throw failure instanceof RuntimeException e ? e : new CompletionException(failure);
    }

    private static boolean isNotFound(Throwable failure) {
        Throwable cause = failure;
        while (cause instanceof CompletionException && cause.getCause() != null) {
            cause = cause.getCause();
        }
        return (cause instanceof LeaseException e && e.code() == LeaseException.Code.NOT_FOUND)
                || (cause instanceof ServerException s && s.error() == ServerError.LEASE_NOT_FOUND);
    }

    @Override
    public void leaseLeases(
            LeaseLeasesRequest request, StreamObserver<LeaseLeasesResponse> observer) {
        rpc.answer(
                observer,
                () -> {
                    rpc.requireVoter();
                    Caller caller = rpc.caller();
                    AuthRules.requireUser(member, caller);
                    List<Long> ids = member.stores().lessor().leases();
                    AuthInfo who = member.authInfo(caller);
                    if (who != null) {
                        ids.forEach(id -> guard.leaseReads(who, id));
                    }
                    LeaseLeasesResponse.Builder response =
                            LeaseLeasesResponse.newBuilder().setHeader(member.header());
                    ids.forEach(
                            id -> response.addLeases(LeaseStatus.newBuilder().setID(id).build()));
                    return CompletableFuture.completedFuture(response.build());
                });
    }

    @Override
    public StreamObserver<LeaseKeepAliveRequest> leaseKeepAlive(
            StreamObserver<LeaseKeepAliveResponse> observer) {
        return new KeepAlive(observer);
    }

    /** One stream; its requests are answered in order. */
    private final class KeepAlive implements StreamObserver<LeaseKeepAliveRequest> {
        private final StreamObserver<LeaseKeepAliveResponse> observer;
        private final Caller caller = rpc.caller();
        private final Executor loop = Rpc.here();
        private CompletableFuture<Void> last = CompletableFuture.completedFuture(null);
        private boolean closed;

        KeepAlive(StreamObserver<LeaseKeepAliveResponse> observer) {
            this.observer = observer;
        }

        @Override
        public void onNext(LeaseKeepAliveRequest request) {
            // As upstream: the revision is that of the moment of the request.
            ResponseHeader header = member.header();
            last =
                    last.thenCompose(v -> renew(request.getID()))
                            .thenAcceptAsync(ttl -> reply(header, request.getID(), ttl), loop)
                            .exceptionallyAsync(this::failed, loop);
        }

        private CompletableFuture<Long> renew(long id) {
            try {
                if (member.isLearner()) {
                    throw ServerError.NOT_SUPPORTED_FOR_LEARNER.exception();
                }
                AuthRules.requireUser(member, caller);
                AuthInfo who = member.authInfo(caller);
                if (who != null) {
                    guard.leasePuts(who, id);
                }
            } catch (RuntimeException e) {
                return CompletableFuture.failedFuture(e);
            }
            return leases.renew(id)
                    .exceptionally(failure -> {
                        if (isNotFound(failure)) {
                            return 0L;
                        }
                        throw new CompletionException(failure);
                    });
        }

        private void reply(ResponseHeader header, long id, long ttl) {
            if (!closed) {
                observer.onNext(
                        LeaseKeepAliveResponse.newBuilder()
                                .setHeader(header)
                                .setID(id)
                                .setTTL(ttl)
                                .build());
            }
        }

        private Void failed(Throwable failure) {
            if (!closed) {
                closed = true;
                observer.onError(rpc.statuses().of(failure));
            }
            throw new CompletionException(failure);
        }

        @Override
        public void onError(Throwable failure) {
            closed = true;
        }

        @Override
        public void onCompleted() {
            last.whenCompleteAsync(
                    (v, failure) -> {
                        if (!closed) {
                            closed = true;
                            observer.onCompleted();
                        }
                    },
                    loop);
        }
    }
}
