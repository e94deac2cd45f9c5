package io.jarnetes.etcd.server.v3rpc;

import com.google.protobuf.ByteString;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import io.jarnetes.etcd.proto.etcdserverpb.RangeRequest;
import io.jarnetes.etcd.proto.etcdserverpb.RangeResponse;
import io.jarnetes.etcd.proto.etcdserverpb.ResponseHeader;
import io.jarnetes.etcd.proto.etcdserverpb.TxnRequest;
import io.jarnetes.etcd.proto.etcdserverpb.TxnResponse;
import io.jarnetes.etcd.proto.v3lockpb.LockGrpc;
import io.jarnetes.etcd.proto.v3lockpb.LockRequest;
import io.jarnetes.etcd.proto.v3lockpb.LockResponse;
import io.jarnetes.etcd.proto.v3lockpb.UnlockRequest;
import io.jarnetes.etcd.proto.v3lockpb.UnlockResponse;

/**
 * The service Lock: whoever's key was created first below NAME/ has the lock, and the others wait
 * until all keys before theirs are deleted.
 */
final class LockService extends LockGrpc.LockImplBase {
    private final Sessions sessions;

    LockService(Sessions sessions) {
        this.sessions = sessions;
    }

    @Override
    public void lock(LockRequest request, StreamObserver<LockResponse> observer) {
        sessions.answer(observer, session -> lock(session, request));
    }

    private static LockResponse lock(Session session, LockRequest request) {
        ByteString prefix = Session.prefixOf(request.getName());
        long lease = session.lease(request.getLease());
        ByteString key = Session.keyOf(prefix, lease);
        TxnResponse queued = session.txn(queue(prefix, key, lease));
        long revision =
                queued.getSucceeded()
                        ? queued.getHeader().getRevision()
                        : queued.getResponses(0).getResponseRange().getKvs(0).getCreateRevision();
        RangeResponse owner = queued.getResponses(1).getResponseRange();
        if (owner.getKvsCount() == 0 || owner.getKvs(0).getCreateRevision() == revision) {
            return response(queued.getHeader(), key);
        }
        try {
            session.awaitDeletes(prefix, revision - 1);
        } catch (RuntimeException e) {
            // Whoever no longer waits must not get the lock.
            session.delete(key);
            throw e;
        }
        RangeResponse own = session.range(RangeRequest.newBuilder().setKey(key).build());
        if (own.getKvsCount() == 0) {
            throw Status.UNKNOWN.withDescription("mutex: session is expired").asRuntimeException();
        }
        return response(own.getHeader(), key);
    }

    /** Puts the session's key behind those that are there, or finds that it is there. */
    private static TxnRequest queue(ByteString prefix, ByteString key, long lease) {
        return TxnRequest.newBuilder()
                .addCompare(Session.createdAt(key, 0))
                .addSuccess(Session.put(key, ByteString.EMPTY, lease))
                .addSuccess(Session.get(Session.first(prefix)))
                .addFailure(Session.get(key))
                .addFailure(Session.get(Session.first(prefix)))
                .build();
    }

    private static LockResponse response(ResponseHeader header, ByteString key) {
        return LockResponse.newBuilder().setHeader(header).setKey(key).build();
    }

    @Override
    public void unlock(UnlockRequest request, StreamObserver<UnlockResponse> observer) {
        sessions.answer(
                observer,
                session ->
                        UnlockResponse.newBuilder()
                                .setHeader(session.delete(request.getKey()).getHeader())
                                .build());
    }
}
