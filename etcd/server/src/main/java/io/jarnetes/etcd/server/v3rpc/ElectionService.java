package io.jarnetes.etcd.server.v3rpc;

import com.google.protobuf.ByteString;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.StreamObserver;
import io.jarnetes.etcd.proto.etcdserverpb.RangeResponse;
import io.jarnetes.etcd.proto.etcdserverpb.RequestOp;
import io.jarnetes.etcd.proto.etcdserverpb.ResponseHeader;
import io.jarnetes.etcd.proto.etcdserverpb.TxnRequest;
import io.jarnetes.etcd.proto.etcdserverpb.TxnResponse;
import io.jarnetes.etcd.proto.mvccpb.KeyValue;
import io.jarnetes.etcd.proto.v3electionpb.CampaignRequest;
import io.jarnetes.etcd.proto.v3electionpb.CampaignResponse;
import io.jarnetes.etcd.proto.v3electionpb.ElectionGrpc;
import io.jarnetes.etcd.proto.v3electionpb.LeaderKey;
import io.jarnetes.etcd.proto.v3electionpb.LeaderRequest;
import io.jarnetes.etcd.proto.v3electionpb.LeaderResponse;
import io.jarnetes.etcd.proto.v3electionpb.ProclaimRequest;
import io.jarnetes.etcd.proto.v3electionpb.ProclaimResponse;
import io.jarnetes.etcd.proto.v3electionpb.ResignRequest;
import io.jarnetes.etcd.proto.v3electionpb.ResignResponse;

/**
 * The service Election: whoever's key was created first below NAME/ leads, and the others wait
 * until all keys before theirs are deleted.
 */
final class ElectionService extends ElectionGrpc.ElectionImplBase {
    private static final String MISSING_LEADER_KEY = "\"leader\" field must be provided";
    private static final String NOT_LEADER = "election: not leader";
    private static final String NO_LEADER = "election: no leader";

    private final Sessions sessions;

    ElectionService(Sessions sessions) {
        this.sessions = sessions;
    }

    private static StatusRuntimeException refusal(String text) {
        return Status.UNKNOWN.withDescription(text).asRuntimeException();
    }

    @Override
    public void campaign(CampaignRequest request, StreamObserver<CampaignResponse> observer) {
        sessions.answer(observer, session -> campaign(session, request));
    }

    private static CampaignResponse campaign(Session session, CampaignRequest request) {
        ByteString prefix = Session.prefixOf(request.getName());
        long lease = session.lease(request.getLease());
        ByteString key = Session.keyOf(prefix, lease);
        TxnResponse entered =
                session.txn(
                        TxnRequest.newBuilder()
                                .addCompare(Session.createdAt(key, 0))
                                .addSuccess(Session.put(key, request.getValue(), lease))
                                .addFailure(Session.get(key))
                                .build());
        LeaderKey.Builder own =
                LeaderKey.newBuilder().setName(request.getName()).setKey(key).setLease(lease);
        if (entered.getSucceeded()) {
            own.setRev(entered.getHeader().getRevision());
        } else {
            KeyValue there = entered.getResponses(0).getResponseRange().getKvs(0);
            own.setRev(there.getCreateRevision());
            if (!there.getValue().equals(request.getValue())) {
                changeValue(session, own.build(), request.getValue());
            }
        }
        awaitTurn(session, prefix, own.build());
        return CampaignResponse.newBuilder().setHeader(entered.getHeader()).setLeader(own).build();
    }

    /** Who campaigns again with another value proclaims it. */
    private static void changeValue(Session session, LeaderKey own, ByteString value) {
        try {
            proclaim(session, own, own.getLease(), value);
        } catch (RuntimeException e) {
            resign(session, own);
            throw e;
        }
    }

    private static void awaitTurn(Session session, ByteString prefix, LeaderKey own) {
        try {
            session.awaitDeletes(prefix, own.getRev() - 1);
        } catch (Session.GoneException e) {
            // Nobody would know that it leads.
            resign(session, own);
            throw e;
        }
    }

    @Override
    public void proclaim(ProclaimRequest request, StreamObserver<ProclaimResponse> observer) {
        sessions.answer(
                observer,
                session -> {
                    LeaderKey leader = leader(request.hasLeader(), request.getLeader());
                    long lease = session.lease(leader.getLease());
                    ResponseHeader header = proclaim(session, leader, lease, request.getValue());
                    return ProclaimResponse.newBuilder().setHeader(header).build();
                });
    }

    private static LeaderKey leader(boolean given, LeaderKey leader) {
        if (!given) {
            throw refusal(MISSING_LEADER_KEY);
        }
        return leader;
    }

    private static ResponseHeader proclaim(
            Session session, LeaderKey leader, long lease, ByteString value) {
        TxnResponse response =
                session.txn(
                        TxnRequest.newBuilder()
                                .addCompare(Session.createdAt(leader.getKey(), leader.getRev()))
                                .addSuccess(Session.put(leader.getKey(), value, lease))
                                .build());
        if (!response.getSucceeded()) {
            throw refusal(NOT_LEADER);
        }
        return response.getHeader();
    }

    @Override
    public void resign(ResignRequest request, StreamObserver<ResignResponse> observer) {
        sessions.answer(
                observer,
                session -> {
                    LeaderKey leader = leader(request.hasLeader(), request.getLeader());
                    session.lease(leader.getLease());
                    return ResignResponse.newBuilder().setHeader(resign(session, leader)).build();
                });
    }

    private static ResponseHeader resign(Session session, LeaderKey leader) {
        RequestOp delete =
                RequestOp.newBuilder()
                        .setRequestDeleteRange(
                                io.jarnetes.etcd.proto.etcdserverpb.DeleteRangeRequest.newBuilder()
                                        .setKey(leader.getKey()))
                        .build();
        return session.txn(
                        TxnRequest.newBuilder()
                                .addCompare(Session.createdAt(leader.getKey(), leader.getRev()))
                                .addSuccess(delete)
                                .build())
                .getHeader();
    }

    @Override
    public void leader(LeaderRequest request, StreamObserver<LeaderResponse> observer) {
        sessions.answer(
                observer,
                session -> {
                    RangeResponse found =
                            session.range(Session.first(Session.prefixOf(request.getName())));
                    if (found.getKvsCount() == 0) {
                        throw refusal(NO_LEADER);
                    }
                    return LeaderResponse.newBuilder()
                            .setHeader(found.getHeader())
                            .setKv(found.getKvs(0))
                            .build();
                });
    }

    @Override
    public void observe(LeaderRequest request, StreamObserver<LeaderResponse> observer) {
        ByteString prefix = Session.prefixOf(request.getName());
        sessions.serve(observer, session -> new Observation(session, prefix, observer).run());
    }
}
