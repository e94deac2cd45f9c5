package io.jarnetes.etcd.server;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import io.jarnetes.etcd.proto.etcdserverpb.LeaseKeepAliveRequest;
import io.jarnetes.etcd.proto.etcdserverpb.LeaseKeepAliveResponse;
import io.jarnetes.etcd.proto.etcdserverpb.LeaseTimeToLiveRequest;
import io.jarnetes.etcd.proto.etcdserverpb.LeaseTimeToLiveResponse;
import io.jarnetes.etcd.proto.leasepb.LeaseInternalRequest;
import io.jarnetes.etcd.proto.leasepb.LeaseInternalResponse;
import io.jarnetes.etcd.server.apply.ServerError;
import io.jarnetes.etcd.server.apply.ServerException;
import io.jarnetes.etcd.storage.lease.Lease;
import io.jarnetes.etcd.storage.lease.LeaseException;
import io.jarnetes.etcd.storage.lease.Lessor;
import io.jarnetes.etcd.storage.membership.Member;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Renewing and asking about leases: only the leader knows, so other members ask it over the peer
 * port ({@code /leases} and {@code /leases/internal}).
 */
public final class Leases {
    private static final String RENEW_PATH = "/leases";
    private static final String ASK_PATH = "/leases/internal";
    private static final long RETRY_MILLIS = 50;
    private static final int NOT_FOUND = 404;

    private final EtcdMember member;
    private final PeerQuestions peers;

    Leases(EtcdMember member, PeerQuestions peers) {
        this.member = member;
        this.peers = peers;
    }

    /** Renews, here or at the leader; the time to live in seconds. */
    public CompletableFuture<Long> renew(long id) {
        return retrying(() -> member.isLeader() ? renewHere(id) : renewAtLeader(id));
    }

    /** As the leader. A read of a quorum makes sure that it still is. */
    CompletableFuture<Long> renewHere(long id) {
        return member.linearizable().thenCompose(v -> renewOrWait(id));
    }

    /** One that has expired waits for its revocation, or for the next leader. */
    private CompletableFuture<Long> renewOrWait(long id) {
        Lessor lessor = member.stores().lessor();
        try {
            return CompletableFuture.completedFuture(lessor.renew(id));
        } catch (LeaseException e) {
            if (e.code() != LeaseException.Code.EXPIRED) {
                throw e;
            }
            return lessor.settled(id).thenCompose(v -> renewOrWait(id));
        }
    }

    private CompletableFuture<Long> renewAtLeader(long id) {
        byte[] body = LeaseKeepAliveRequest.newBuilder().setID(id).build().toByteArray();
        return askLeader(RENEW_PATH, body)
                .thenApply(answer -> {
                    try {
                        return LeaseKeepAliveResponse.parseFrom(answer).getTTL();
                    } catch (InvalidProtocolBufferException e) {
                        throw new CompletionException(e);
                    }
                });
    }

    /** What is left of a lease; fails with NOT_FOUND. */
    public CompletableFuture<LeaseTimeToLiveResponse> timeToLive(long id, boolean keys) {
        return retrying(
                () -> member.isLeader() ? timeToLiveHere(id, keys) : timeToLiveAtLeader(id, keys));
    }

    CompletableFuture<LeaseTimeToLiveResponse> timeToLiveHere(long id, boolean keys) {
        return member.linearizable().thenApply(v -> lookup(id, keys));
    }

    private LeaseTimeToLiveResponse lookup(long id, boolean keys) {
        Lease lease = member.stores().lessor().lookup(id);
        if (lease == null) {
            throw ServerError.LEASE_NOT_FOUND.exception();
        }
        if (!member.stores().lessor().isPrimary()) {
            throw ServerError.LEADER_CHANGED.exception();
        }
        LeaseTimeToLiveResponse.Builder response =
                LeaseTimeToLiveResponse.newBuilder()
                        .setHeader(member.header())
                        .setID(id)
                        .setTTL(lease.remainingSeconds())
                        .setGrantedTTL(lease.ttlSeconds());
        if (keys) {
            lease.keys().forEach(key -> response.addKeys(ByteString.copyFrom(key)));
        }
        return response.build();
    }

    private CompletableFuture<LeaseTimeToLiveResponse> timeToLiveAtLeader(long id, boolean keys) {
        LeaseInternalRequest request =
                LeaseInternalRequest.newBuilder()
                        .setLeaseTimeToLiveRequest(
                                LeaseTimeToLiveRequest.newBuilder().setID(id).setKeys(keys))
                        .build();
        return askLeader(ASK_PATH, request.toByteArray())
                .thenApply(answer -> {
                    try {
                        return LeaseInternalResponse.parseFrom(answer).getLeaseTimeToLiveResponse();
                    } catch (InvalidProtocolBufferException e) {
                        throw new CompletionException(e);
                    }
                });
    }

    private CompletableFuture<byte[]> askLeader(String path, byte[] body) {
        Member leader = member.stores().cluster().member(member.raft().lead());
        if (leader == null || leader.peerUrls().isEmpty()) {
            return CompletableFuture.failedFuture(ServerError.NO_LEADER.exception());
        }
        return peers.post(leader.peerUrls().getFirst(), path, body)
                .thenApply(answer -> {
                    if (answer.status() == NOT_FOUND) {
                        throw ServerError.LEASE_NOT_FOUND.exception();
                    }
                    if (answer.status() != 200) {
                        throw ServerError.LEADER_CHANGED.exception();
                    }
                    return answer.body();
                });
    }

    /** Until the request's time-out: who leads may be changing. */
    private <T> CompletableFuture<T> retrying(Supplier<CompletableFuture<T>> work) {
        CompletableFuture<T> future = new CompletableFuture<>();
        long deadline = System.nanoTime() + member.config().timing().request().toNanos();
        attempt(work, future, deadline);
        return future;
    }

    private <T> void attempt(
            Supplier<CompletableFuture<T>> work, CompletableFuture<T> future, long deadline) {
        CompletableFuture<T> attempt;
        try {
            attempt = work.get();
        } catch (RuntimeException e) {
            attempt = CompletableFuture.failedFuture(e);
        }
        attempt.whenComplete((value, failure) -> {
            if (failure == null) {
                future.complete(value);
            } else if (isFinal(failure) || member.isStopped()) {
                future.completeExceptionally(cause(failure));
            } else if (System.nanoTime() - deadline >= 0) {
                boolean leaderless = isError(failure, ServerError.NO_LEADER);
                future.completeExceptionally(
                        (leaderless ? ServerError.NO_LEADER : ServerError.TIMEOUT).exception());
            } else {
                member.runtime()
                        .loops()
                        .schedule(
                                () -> attempt(work, future, deadline),
                                RETRY_MILLIS,
                                TimeUnit.MILLISECONDS);
            }
        });
    }

    private static boolean isFinal(Throwable failure) {
        return (cause(failure) instanceof LeaseException e
                        && e.code() != LeaseException.Code.NOT_PRIMARY)
                || isError(failure, ServerError.LEASE_NOT_FOUND)
                || isError(failure, ServerError.STOPPED);
    }

    private static boolean isError(Throwable failure, ServerError error) {
        return cause(failure) instanceof ServerException e && e.error() == error;
    }

    private static Throwable cause(Throwable failure) {
        @Nullable Throwable cause = failure;
        while (cause instanceof CompletionException && cause.getCause() != null) {
            cause = cause.getCause();
        }
        return cause == null ? failure : cause;
    }
}
