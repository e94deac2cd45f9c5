package io.jarnetes.etcd.server;

import com.google.protobuf.InvalidProtocolBufferException;
import io.jarnetes.etcd.proto.etcdserverpb.LeaseKeepAliveRequest;
import io.jarnetes.etcd.proto.etcdserverpb.LeaseKeepAliveResponse;
import io.jarnetes.etcd.proto.etcdserverpb.LeaseTimeToLiveRequest;
import io.jarnetes.etcd.proto.leasepb.LeaseInternalRequest;
import io.jarnetes.etcd.proto.leasepb.LeaseInternalResponse;
import io.jarnetes.etcd.raft.Message;
import io.jarnetes.etcd.server.apply.ServerError;
import io.jarnetes.etcd.server.apply.ServerException;
import io.jarnetes.etcd.server.http.HttpApi;
import io.jarnetes.etcd.server.peer.MemberRemovedException;
import io.jarnetes.etcd.server.peer.PeerEndpoint;
import io.jarnetes.etcd.server.peer.PeerEndpoint.Request;
import io.jarnetes.etcd.server.peer.PeerEndpoint.Response;
import io.jarnetes.etcd.server.peer.PeerRaft;
import io.jarnetes.etcd.storage.lease.LeaseException;
import io.jarnetes.etcd.storage.membership.Member;
import io.jarnetes.etcd.storage.membership.MemberJson;
import io.jarnetes.etcd.storage.membership.MembershipException;
import io.jarnetes.etcd.storage.mvcc.KeyValueHash;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What other members get from this one: raft messages taken, small questions answered. */
final class PeerSide implements PeerRaft {
    private static final String PROTOBUF = "application/protobuf";
    private static final String JSON = "application/json";
    private static final String TEXT = "text/plain; charset=utf-8";

    private final EtcdMember member;
    private final Leases leases;
    private final Consumer<Throwable> onFailure;
    private final JsonMapper json = JsonMapper.builder().build();

    PeerSide(EtcdMember member, Leases leases, Consumer<Throwable> onFailure) {
        this.member = member;
        this.leases = leases;
        this.onFailure = onFailure;
    }

    // Raft

    @Override
    public void process(Message message) {
        if (isIdRemoved(message.from())) {
            throw new MemberRemovedException(message.from());
        }
        if (message.to() != member.memberId()) {
            throw new IllegalArgumentException(
                    "message to "
                            + Ids.hex(message.to())
                            + " came to "
                            + Ids.hex(member.memberId()));
        }
        member.core().step(message);
    }

    @Override
    public boolean isIdRemoved(long id) {
        return member.stores().cluster().isIdRemoved(id);
    }

    @Override
    public void reportUnreachable(long id) {
        member.core().reportUnreachable(id);
    }

    @Override
    public void reportSnapshot(long id, boolean delivered) {
        member.core().reportSnapshot(id, delivered);
    }

    @Override
    public void removedFromCluster() {
        onFailure.accept(new RemovedException());
    }

    @Override
    public void peerActive(long id) {
        member.core().peerActive(id);
    }

    // Questions

    /** By path. */
    Map<String, PeerEndpoint> endpoints(Reconfiguration reconfiguration) {
        Map<String, PeerEndpoint> endpoints = new LinkedHashMap<>();
        endpoints.put("/members", r -> done(Response.of(200, JSON, members())));
        endpoints.put("/version", r -> done(text(200, JSON, HttpApi.versionJson(member))));
        endpoints.put("/leases", this::renew);
        endpoints.put("/leases/internal", this::timeToLive);
        endpoints.put("/members/promote/", r -> promote(r, reconfiguration));
        endpoints.put("/downgrade/enabled", r -> downgradeEnabled());
        endpoints.put("/members/hashkv", this::hashKv);
        return endpoints;
    }

    private static CompletionStage<Response> done(Response response) {
        return CompletableFuture.completedFuture(response);
    }

    private static Response text(int status, String type, String body) {
        return Response.of(status, type, body.getBytes(StandardCharsets.UTF_8));
    }

    private byte[] members() {
        Collection<Member> members = member.stores().cluster().members();
        return members.stream()
                .map(m -> new String(MemberJson.encode(m), StandardCharsets.UTF_8))
                .collect(Collectors.joining(",", "[", "]\n"))
                .getBytes(StandardCharsets.UTF_8);
    }

    private CompletionStage<Response> renew(Request request) {
        try {
            LeaseKeepAliveRequest asked = LeaseKeepAliveRequest.parseFrom(request.body());
            return leases.renewHere(asked.getID())
                    .handle((ttl, failure) ->
                            failure == null
                                    ? Response.of(
                                            200,
                                            PROTOBUF,
                                            LeaseKeepAliveResponse.newBuilder()
                                                    .setID(asked.getID())
                                                    .setTTL(ttl)
                                                    .build()
                                                    .toByteArray())
                                    : leaseFailure(failure));
        } catch (InvalidProtocolBufferException e) {
            return done(text(400, TEXT, "error unmarshalling request\n"));
        }
    }

    private CompletionStage<Response> timeToLive(Request request) {
        try {
            LeaseTimeToLiveRequest asked =
                    LeaseInternalRequest.parseFrom(request.body()).getLeaseTimeToLiveRequest();
            return leases.timeToLiveHere(asked.getID(), asked.getKeys())
                    .handle((found, failure) ->
                            failure == null
                                    ? Response.of(
                                            200,
                                            PROTOBUF,
                                            LeaseInternalResponse.newBuilder()
                                                    .setLeaseTimeToLiveResponse(found)
                                                    .build()
                                                    .toByteArray())
                                    : leaseFailure(failure));
        } catch (InvalidProtocolBufferException e) {
            return done(text(400, TEXT, "error unmarshalling request\n"));
        }
    }

    private static Throwable cause(Throwable failure) {
        Throwable cause = failure;
        while (cause instanceof CompletionException && cause.getCause() != null) {
            cause = cause.getCause();
        }
        return cause;
    }

    /** The sender takes 404 for an unknown lease, and tries anything else again. */
    private static Response leaseFailure(Throwable failure) {
        Throwable cause = cause(failure);
        boolean unknown =
                (cause instanceof LeaseException e && e.code() == LeaseException.Code.NOT_FOUND)
                        || (cause instanceof ServerException s
                                && s.error() == ServerError.LEASE_NOT_FOUND);
        return text(unknown ? 404 : 500, TEXT, cause.getMessage() + "\n");
    }

    private CompletionStage<Response> promote(Request request, Reconfiguration reconfiguration) {
        String id = request.path().substring("/members/promote/".length());
        long member;
        try {
            member = Long.parseUnsignedLong(id);
        } catch (NumberFormatException e) {
            return done(text(404, TEXT, "member " + id + " not found in cluster\n"));
        }
        return reconfiguration
                .promoteHere(member)
                .handle((v, failure) ->
                        failure == null
                                ? Response.of(200, JSON, members())
                                : promoteFailure(cause(failure)));
    }

    private static Response promoteFailure(Throwable cause) {
        boolean unknown =
                cause instanceof MembershipException e
                        && e.code() == MembershipException.Code.ID_NOT_FOUND;
        boolean precondition =
                cause instanceof MembershipException
                        || (cause instanceof ServerException s
                                && s.error() == ServerError.LEARNER_NOT_READY);
        int status = unknown ? 404 : precondition ? 412 : 500;
        return text(status, TEXT, cause.getMessage() + "\n");
    }

    private CompletionStage<Response> downgradeEnabled() {
        return member.linearizable()
                .thenApply(v ->
                        text(
                                200,
                                TEXT,
                                String.valueOf(
                                        member.stores().cluster().downgradeInfo().enabled())));
    }

    private CompletionStage<Response> hashKv(Request request) {
        JsonNode asked = json.readTree(request.body());
        long revision = asked.path("revision").asLong(0);
        return CompletableFuture.supplyAsync(
                        () -> member.stores().mvcc().hashByRev(revision),
                        member.runtime().background())
                .thenApply(hash -> text(200, JSON, hashJson(hash)));
    }

    private String hashJson(KeyValueHash hash) {
        var header = member.header();
        return "{\"header\":{\"cluster_id\":"
                + Long.toUnsignedString(header.getClusterId())
                + ",\"member_id\":"
                + Long.toUnsignedString(header.getMemberId())
                + ",\"revision\":"
                + header.getRevision()
                + ",\"raft_term\":"
                + header.getRaftTerm()
                + "},\"hash\":"
                + Integer.toUnsignedString(hash.hash())
                + ",\"compact_revision\":"
                + hash.compactRevision()
                + ",\"hash_revision\":"
                + hash.revision()
                + "}";
    }
}
