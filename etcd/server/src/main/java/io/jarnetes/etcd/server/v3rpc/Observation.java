package io.jarnetes.etcd.server.v3rpc;

import com.google.protobuf.ByteString;
import io.grpc.stub.StreamObserver;
import io.jarnetes.etcd.proto.etcdserverpb.RangeResponse;
import io.jarnetes.etcd.proto.etcdserverpb.ResponseHeader;
import io.jarnetes.etcd.proto.mvccpb.KeyValue;
import io.jarnetes.etcd.proto.v3electionpb.LeaderResponse;
import io.jarnetes.etcd.server.apply.Messages;
import io.jarnetes.etcd.storage.mvcc.Event;
import io.jarnetes.etcd.storage.mvcc.WatchResponse;
import org.jspecify.annotations.Nullable;

/**
 * One who observes an election: hears of the leader that is, of each of its proclamations, and of
 * the next leader; not of all that were in between. As upstream the stream ends without an error
 * when the member refuses to go on.
 */
final class Observation {
    private static final ByteString NO_END = ByteString.EMPTY;

    private final Session session;
    private final ByteString prefix;
    private final StreamObserver<LeaderResponse> observer;

    Observation(Session session, ByteString prefix, StreamObserver<LeaderResponse> observer) {
        this.session = session;
        this.prefix = prefix;
        this.observer = observer;
    }

    void run() {
        try {
            while (true) {
                LeaderResponse leader = leader();
                send(leader);
                followUntilDeleted(leader.getKv().getKey(), leader.getHeader().getRevision() + 1);
            }
        } catch (Session.GoneException e) {
            throw e;
        } catch (RuntimeException e) {
            session.member().log().debug("an observer of an election was let go", "error", e);
        }
    }

    private LeaderResponse leader() {
        RangeResponse found = session.range(Session.first(prefix));
        return found.getKvsCount() == 0
                ? awaitFirst(found.getHeader().getRevision())
                : response(found.getHeader(), found.getKvs(0));
    }

    private LeaderResponse awaitFirst(long revision) {
        try (KeyWatch watch = session.watch(prefix, Session.end(prefix), revision)) {
            while (true) {
                Event put = firstPut(watch.next());
                if (put != null) {
                    long at = put.kv().modRevision();
                    return response(session.member().header(at), Messages.keyValue(put.kv()));
                }
            }
        }
    }

    private static @Nullable Event firstPut(WatchResponse response) {
        return response.events().stream()
                .filter(event -> event.type() == Event.Type.PUT)
                .findFirst()
                .orElse(null);
    }

    private void followUntilDeleted(ByteString key, long revision) {
        try (KeyWatch watch = session.watch(key, NO_END, revision)) {
            while (true) {
                WatchResponse response = watch.next();
                ResponseHeader header = session.member().header(response.revision());
                for (Event event : response.events()) {
                    if (event.type() == Event.Type.DELETE) {
                        return;
                    }
                    send(response(header, Messages.keyValue(event.kv())));
                }
            }
        }
    }

    private static LeaderResponse response(ResponseHeader header, KeyValue kv) {
        return LeaderResponse.newBuilder().setHeader(header).setKv(kv).build();
    }

    private void send(LeaderResponse response) {
        session.awaitWritable();
        observer.onNext(response);
    }
}
