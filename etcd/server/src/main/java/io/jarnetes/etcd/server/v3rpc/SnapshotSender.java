package io.jarnetes.etcd.server.v3rpc;

import com.google.protobuf.UnsafeByteOperations;
import io.grpc.stub.ServerCallStreamObserver;
import io.jarnetes.etcd.proto.etcdserverpb.SnapshotResponse;
import io.jarnetes.etcd.server.EtcdMember;
import io.jarnetes.etcd.server.MemberStatus;
import io.jarnetes.etcd.storage.backend.Backend;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Streams the database in pieces of 32 KiB as fast as the client takes them, then the SHA-256 of
 * them all. Reads on the background pool.
 */
final class SnapshotSender {
    private static final int PIECE_BYTES = 32 * 1024;

    private final EtcdMember member;
    private final ServerCallStreamObserver<SnapshotResponse> call;
    private final MessageDigest digest = sha256();
    private final String version;
    private final AtomicInteger wanted = new AtomicInteger();
    private volatile Backend.@Nullable Snapshot snapshot;
    private volatile boolean cancelled;
    private long sent;
    private boolean done;

    SnapshotSender(EtcdMember member, ServerCallStreamObserver<SnapshotResponse> call) {
        this.member = member;
        this.call = call;
        this.version = MemberStatus.storageVersion(member);
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("this Java has no SHA-256", e);
        }
    }

    void start(Backend.Snapshot database) {
        snapshot = database;
        member.log()
                .info(
                        "sending database snapshot to client",
                        "total-bytes",
                        database.size(),
                        "storage-version",
                        version);
        ready();
    }

    /** Pieces may be sent; one run at a time, which notices calls that came meanwhile. */
    void ready() {
        if (wanted.getAndIncrement() == 0) {
            member.runtime().background().execute(this::run);
        }
    }

    void cancelled() {
        cancelled = true;
        ready();
    }

    private void run() {
        int seen;
        do {
            seen = wanted.get();
            send();
        } while (!wanted.compareAndSet(seen, 0));
    }

    private void send() {
        Backend.Snapshot database = snapshot;
        if (database == null || done) {
            return;
        }
        while (!cancelled && !done && call.isReady()) {
            if (sent < database.size()) {
                sendPiece(database);
            } else {
                done = true;
                call.onNext(piece(digest.digest(), 0));
                call.onCompleted();
                member.log()
                        .info("successfully sent database snapshot to client", "total-bytes", sent);
            }
        }
        if (cancelled || done) {
            done = true;
            database.close();
        }
    }

    private void sendPiece(Backend.Snapshot database) {
        byte[] bytes = new byte[(int) Math.min(PIECE_BYTES, database.size() - sent)];
        database.read(sent, ByteBuffer.wrap(bytes));
        sent += bytes.length;
        digest.update(bytes);
        call.onNext(piece(bytes, database.size() - sent));
    }

    private SnapshotResponse piece(byte[] bytes, long remaining) {
        return SnapshotResponse.newBuilder()
                .setRemainingBytes(remaining)
                .setBlob(UnsafeByteOperations.unsafeWrap(bytes))
                .setVersion(version)
                .build();
    }
}
