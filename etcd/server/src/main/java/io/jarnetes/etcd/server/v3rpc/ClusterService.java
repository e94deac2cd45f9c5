package io.jarnetes.etcd.server.v3rpc;

import io.grpc.stub.StreamObserver;
import io.jarnetes.etcd.proto.etcdserverpb.ClusterGrpc;
import io.jarnetes.etcd.proto.etcdserverpb.MemberAddRequest;
import io.jarnetes.etcd.proto.etcdserverpb.MemberAddResponse;
import io.jarnetes.etcd.proto.etcdserverpb.MemberListRequest;
import io.jarnetes.etcd.proto.etcdserverpb.MemberListResponse;
import io.jarnetes.etcd.proto.etcdserverpb.MemberPromoteRequest;
import io.jarnetes.etcd.proto.etcdserverpb.MemberPromoteResponse;
import io.jarnetes.etcd.proto.etcdserverpb.MemberRemoveRequest;
import io.jarnetes.etcd.proto.etcdserverpb.MemberRemoveResponse;
import io.jarnetes.etcd.proto.etcdserverpb.MemberUpdateRequest;
import io.jarnetes.etcd.proto.etcdserverpb.MemberUpdateResponse;
import io.jarnetes.etcd.proto.etcdserverpb.ResponseHeader;
import io.jarnetes.etcd.server.Caller;
import io.jarnetes.etcd.server.EtcdMember;
import io.jarnetes.etcd.server.Reconfiguration;
import io.jarnetes.etcd.storage.membership.Member;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** The service Cluster. Its headers carry no revision, as upstream's don't. */
final class ClusterService extends ClusterGrpc.ClusterImplBase {
    private final Rpc rpc;
    private final EtcdMember member;
    private final Reconfiguration changes;

    ClusterService(Rpc rpc, Reconfiguration changes) {
        this.rpc = rpc;
        this.member = rpc.member();
        this.changes = changes;
    }

    private ResponseHeader header() {
        return member.header(0);
    }

    private Caller voterOnly() {
        rpc.requireVoter();
        return rpc.caller();
    }

    @Override
    public void memberList(MemberListRequest request, StreamObserver<MemberListResponse> observer) {
        rpc.answer(
                observer,
                () -> {
                    Caller caller = voterOnly();
                    CompletableFuture<Void> fresh =
                            request.getLinearizable()
                                    ? member.linearizable()
                                    : CompletableFuture.completedFuture(null);
                    return fresh.thenApply(v -> {
                        AuthRules.requireUser(member, caller);
                        return MemberListResponse.newBuilder()
                                .setHeader(header())
                                .addAllMembers(messages())
                                .build();
                    });
                });
    }

    @Override
    public void memberAdd(MemberAddRequest request, StreamObserver<MemberAddResponse> observer) {
        rpc.answer(
                observer,
                () -> {
                    Caller caller = voterOnly();
                    // As upstream, which looks at the URLs before it asks who calls.
                    Reconfiguration.requireUrls(request.getPeerURLsList());
                    AuthRules.requireAdmin(member, caller);
                    return changes.add(request.getPeerURLsList(), request.getIsLearner())
                            .thenApply(added ->
                                    MemberAddResponse.newBuilder()
                                            .setHeader(header())
                                            .setMember(message(added))
                                            .addAllMembers(messages())
                                            .build());
                });
    }

    @Override
    public void memberRemove(
            MemberRemoveRequest request, StreamObserver<MemberRemoveResponse> observer) {
        rpc.answer(
                observer,
                () -> {
                    AuthRules.requireAdmin(member, voterOnly());
                    return changes.remove(request.getID())
                            .thenApply(v ->
                                    MemberRemoveResponse.newBuilder()
                                            .setHeader(header())
                                            .addAllMembers(messages())
                                            .build());
                });
    }

    @Override
    public void memberUpdate(
            MemberUpdateRequest request, StreamObserver<MemberUpdateResponse> observer) {
        rpc.answer(
                observer,
                () -> {
                    AuthRules.requireAdmin(member, voterOnly());
                    return changes.update(request.getID(), request.getPeerURLsList())
                            .thenApply(v ->
                                    MemberUpdateResponse.newBuilder()
                                            .setHeader(header())
                                            .addAllMembers(messages())
                                            .build());
                });
    }

    @Override
    public void memberPromote(
            MemberPromoteRequest request, StreamObserver<MemberPromoteResponse> observer) {
        rpc.answer(
                observer,
                () -> {
                    AuthRules.requireAdmin(member, voterOnly());
                    return changes.promote(request.getID())
                            .thenApply(v ->
                                    MemberPromoteResponse.newBuilder()
                                            .setHeader(header())
                                            .addAllMembers(messages())
                                            .build());
                });
    }

    private List<io.jarnetes.etcd.proto.etcdserverpb.Member> messages() {
        return member.stores().cluster().members().stream().map(ClusterService::message).toList();
    }

    private static io.jarnetes.etcd.proto.etcdserverpb.Member message(Member m) {
        return io.jarnetes.etcd.proto.etcdserverpb.Member.newBuilder()
                .setID(m.id())
                .setName(m.name())
                .addAllPeerURLs(m.peerUrls())
                .addAllClientURLs(m.clientUrls())
                .setIsLearner(m.learner())
                .build();
    }
}
