package io.jarnetes.etcd.client;

import io.jarnetes.etcd.proto.etcdserverpb.ClusterGrpc;
import io.jarnetes.etcd.proto.etcdserverpb.MemberAddRequest;
import io.jarnetes.etcd.proto.etcdserverpb.MemberListRequest;
import io.jarnetes.etcd.proto.etcdserverpb.MemberPromoteRequest;
import io.jarnetes.etcd.proto.etcdserverpb.MemberRemoveRequest;
import io.jarnetes.etcd.proto.etcdserverpb.MemberUpdateRequest;
import io.jarnetes.etcd.proto.etcdserverpb.ResponseHeader;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** The service Cluster. */
public final class ClusterClient {
    private final Calls calls;

    ClusterClient(Calls calls) {
        this.calls = calls;
    }

    /**
     * @param id unsigned
     * @param name empty until the member has started
     */
    public record Member(
            long id,
            String name,
            List<String> peerUrls,
            List<String> clientUrls,
            boolean isLearner) {
        public Member {
            peerUrls = List.copyOf(peerUrls);
            clientUrls = List.copyOf(clientUrls);
        }
    }

    /** The cluster as it is after the call. */
    public record Members(Header header, List<Member> members) {}

    /** The new member, and the cluster with it. */
    public record Added(Header header, Member member, List<Member> members) {}

    public CompletableFuture<Members> list(boolean linearizable) {
        return calls.read(
                ClusterGrpc.getMemberListMethod(),
                MemberListRequest.newBuilder().setLinearizable(linearizable).build(),
                r -> members(r.getHeader(), r.getMembersList()));
    }

    public CompletableFuture<Added> add(List<String> peerUrls, boolean isLearner) {
        return calls.write(
                ClusterGrpc.getMemberAddMethod(),
                MemberAddRequest.newBuilder()
                        .addAllPeerURLs(peerUrls)
                        .setIsLearner(isLearner)
                        .build(),
                r ->
                        new Added(
                                Wire.header(r.getHeader()),
                                member(r.getMember()),
                                r.getMembersList().stream().map(ClusterClient::member).toList()));
    }

    public CompletableFuture<Members> remove(long id) {
        return calls.write(
                ClusterGrpc.getMemberRemoveMethod(),
                MemberRemoveRequest.newBuilder().setID(id).build(),
                r -> members(r.getHeader(), r.getMembersList()));
    }

    public CompletableFuture<Members> update(long id, List<String> peerUrls) {
        return calls.write(
                ClusterGrpc.getMemberUpdateMethod(),
                MemberUpdateRequest.newBuilder().setID(id).addAllPeerURLs(peerUrls).build(),
                r -> members(r.getHeader(), r.getMembersList()));
    }

    public CompletableFuture<Members> promote(long id) {
        return calls.write(
                ClusterGrpc.getMemberPromoteMethod(),
                MemberPromoteRequest.newBuilder().setID(id).build(),
                r -> members(r.getHeader(), r.getMembersList()));
    }

    private static Members members(
            ResponseHeader header, List<io.jarnetes.etcd.proto.etcdserverpb.Member> list) {
        return new Members(Wire.header(header), list.stream().map(ClusterClient::member).toList());
    }

    private static Member member(io.jarnetes.etcd.proto.etcdserverpb.Member m) {
        return new Member(
                m.getID(),
                m.getName(),
                m.getPeerURLsList(),
                m.getClientURLsList(),
                m.getIsLearner());
    }
}
