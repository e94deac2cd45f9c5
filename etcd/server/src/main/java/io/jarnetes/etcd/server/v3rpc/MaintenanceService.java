package io.jarnetes.etcd.server.v3rpc;

import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import io.jarnetes.etcd.proto.etcdserverpb.AlarmRequest;
import io.jarnetes.etcd.proto.etcdserverpb.AlarmRequest.AlarmAction;
import io.jarnetes.etcd.proto.etcdserverpb.AlarmResponse;
import io.jarnetes.etcd.proto.etcdserverpb.AlarmType;
import io.jarnetes.etcd.proto.etcdserverpb.DefragmentRequest;
import io.jarnetes.etcd.proto.etcdserverpb.DefragmentResponse;
import io.jarnetes.etcd.proto.etcdserverpb.DowngradeRequest;
import io.jarnetes.etcd.proto.etcdserverpb.DowngradeResponse;
import io.jarnetes.etcd.proto.etcdserverpb.HashKVRequest;
import io.jarnetes.etcd.proto.etcdserverpb.HashKVResponse;
import io.jarnetes.etcd.proto.etcdserverpb.HashRequest;
import io.jarnetes.etcd.proto.etcdserverpb.HashResponse;
import io.jarnetes.etcd.proto.etcdserverpb.InternalRaftRequest;
import io.jarnetes.etcd.proto.etcdserverpb.MaintenanceGrpc;
import io.jarnetes.etcd.proto.etcdserverpb.MoveLeaderRequest;
import io.jarnetes.etcd.proto.etcdserverpb.MoveLeaderResponse;
import io.jarnetes.etcd.proto.etcdserverpb.SnapshotRequest;
import io.jarnetes.etcd.proto.etcdserverpb.SnapshotResponse;
import io.jarnetes.etcd.proto.etcdserverpb.StatusRequest;
import io.jarnetes.etcd.proto.etcdserverpb.StatusResponse;
import io.jarnetes.etcd.server.Downgrades;
import io.jarnetes.etcd.server.EtcdConfig.Compatibility;
import io.jarnetes.etcd.server.EtcdMember;
import io.jarnetes.etcd.server.MemberStatus;
import io.jarnetes.etcd.server.apply.ServerError;
import io.jarnetes.etcd.server.apply.ServerException;
import io.jarnetes.etcd.storage.auth.AuthException;
import io.jarnetes.etcd.storage.membership.Member;
import io.jarnetes.etcd.storage.mvcc.KeyValueHash;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/** The service Maintenance. */
final class MaintenanceService extends MaintenanceGrpc.MaintenanceImplBase {
    private final Rpc rpc;
    private final EtcdMember member;
    private final HealthService health;
    private final Downgrades downgrades;

    MaintenanceService(Rpc rpc, HealthService health, Downgrades downgrades) {
        this.rpc = rpc;
        this.member = rpc.member();
        this.health = health;
        this.downgrades = downgrades;
    }

    private boolean at35() {
        return member.config().compatibility() == Compatibility.V3_5;
    }

    private <T> CompletableFuture<T> background(Supplier<T> work) {
        return CompletableFuture.supplyAsync(work, member.runtime().background());
    }

    /** What only root may do; 3.5 tells a refusal in the auth store's own words. */
    private void requireAdmin() {
        try {
            AuthRules.requireAdmin(member, rpc.caller());
        } catch (AuthException e) {
            throw at35() ? MemberStatus.unknown(e.code().text()) : e;
        } catch (ServerException e) {
            throw at35() ? MemberStatus.unknown(AuthException.Code.USER_EMPTY.text()) : e;
        }
    }

    @Override
    public void status(StatusRequest request, StreamObserver<StatusResponse> observer) {
        rpc.answer(
                observer,
                () -> {
                    AuthRules.requireUser(member, rpc.caller());
                    return CompletableFuture.completedFuture(MemberStatus.of(member));
                });
    }

    @Override
    public void alarm(AlarmRequest request, StreamObserver<AlarmResponse> observer) {
        rpc.answer(
                observer,
                () -> {
                    rpc.requireVoter();
                    requireKnown(request);
                    if (request.getAction() == AlarmAction.GET) {
                        AuthRules.requireUser(member, rpc.caller());
                    } else {
                        AuthRules.requireAdmin(member, rpc.caller());
                    }
                    return rpc.propose(
                                    InternalRaftRequest.newBuilder().setAlarm(request),
                                    AlarmResponse.class)
                            .thenApply(r -> r.toBuilder().setHeader(member.header()).build());
                });
    }

    /** Upstream's members crash on these, all of them, when they apply them. */
    private static void requireKnown(AlarmRequest request) {
        if (request.getAction() == AlarmAction.UNRECOGNIZED
                || request.getAlarm() == AlarmType.UNRECOGNIZED) {
            throw MemberStatus.invalid(
                    "etcdserver: unknown alarm action "
                            + request.getActionValue()
                            + " or type "
                            + request.getAlarmValue());
        }
    }

    @Override
    public void hashKV(HashKVRequest request, StreamObserver<HashKVResponse> observer) {
        rpc.answer(
                observer,
                () -> {
                    rpc.requireVoter();
                    requireAdmin();
                    return background(() -> hashKv(request));
                });
    }

    private HashKVResponse hashKv(HashKVRequest request) {
        long began = System.nanoTime();
        KeyValueHash hash = member.stores().mvcc().hashByRev(request.getRevision());
        member.metrics().hashRevSeconds.observeSince(began);
        HashKVResponse.Builder response =
                HashKVResponse.newBuilder()
                        .setHeader(member.header())
                        .setHash(hash.hash())
                        .setCompactRevision(hash.compactRevision());
        return at35() ? response.build() : response.setHashRevision(hash.revision()).build();
    }

    @Override
    public void hash(HashRequest request, StreamObserver<HashResponse> observer) {
        rpc.answer(
                observer,
                () -> {
                    rpc.requireVoter();
                    requireAdmin();
                    return member.databaseSnapshot()
                            .thenCompose(snapshot -> {
                                snapshot.close();
                                return background(this::hashAll);
                            })
                            .thenApply(hash ->
                                    HashResponse.newBuilder()
                                            .setHeader(member.header())
                                            .setHash(hash)
                                            .build());
                });
    }

    private int hashAll() {
        long began = System.nanoTime();
        int hash = member.stores().backend().hash();
        member.metrics().hashSeconds.observeSince(began);
        return hash;
    }

    @Override
    public void defragment(DefragmentRequest request, StreamObserver<DefragmentResponse> observer) {
        rpc.answer(
                observer,
                () -> {
                    rpc.requireVoter();
                    requireAdmin();
                    member.log().info("starting defragment");
                    health.defragmenting(true);
                    member.metrics().defragging.set(1);
                    long began = System.nanoTime();
                    // What waits for a commit may be what frees the pages.
                    return member.committedDatabase()
                            .thenCompose(database ->
                                    background(() -> {
                                        database.defrag();
                                        return DefragmentResponse.getDefaultInstance();
                                    }))
                            .whenComplete((done, failure) -> {
                                health.defragmenting(false);
                                member.metrics().defragging.set(0);
                                member.metrics().defragSeconds.observeSince(began);
                                member.log().info("finished defragment");
                            });
                });
    }

    @Override
    public void snapshot(SnapshotRequest request, StreamObserver<SnapshotResponse> observer) {
        var call = (ServerCallStreamObserver<SnapshotResponse>) observer;
        try {
            requireAdmin();
        } catch (RuntimeException e) {
            call.onError(rpc.statuses().of(e));
            return;
        }
        SnapshotSender sender = new SnapshotSender(member, call);
        call.setOnReadyHandler(sender::ready);
        call.setOnCancelHandler(sender::cancelled);
        member.databaseSnapshot()
                .whenComplete((snapshot, failure) -> {
                    if (failure != null) {
                        call.onError(rpc.statuses().of(failure));
                    } else {
                        sender.start(snapshot);
                    }
                });
    }

    @Override
    public void moveLeader(MoveLeaderRequest request, StreamObserver<MoveLeaderResponse> observer) {
        rpc.answer(
                observer,
                () -> {
                    rpc.requireVoter();
                    if (!member.isLeader()) {
                        throw ServerError.NOT_LEADER.exception();
                    }
                    AuthRules.requireAdmin(member, rpc.caller());
                    Member target = member.stores().cluster().member(request.getTargetID());
                    if (target == null || target.learner()) {
                        throw ServerError.BAD_LEADER_TRANSFEREE.exception();
                    }
                    return member.moveLeader(request.getTargetID())
                            .thenApply(v -> MoveLeaderResponse.getDefaultInstance());
                });
    }

    @Override
    public void downgrade(DowngradeRequest request, StreamObserver<DowngradeResponse> observer) {
        rpc.answer(
                observer,
                () -> {
                    rpc.requireVoter();
                    AuthRules.requireAdmin(member, rpc.caller());
                    return downgrades.handle(request);
                });
    }
}
