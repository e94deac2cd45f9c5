package io.jarnetes.etcd.server.mixed;

import io.grpc.stub.StreamObserver;
import io.jarnetes.etcd.proto.etcdserverpb.LeaseGrantRequest;
import io.jarnetes.etcd.proto.etcdserverpb.LeaseKeepAliveRequest;
import io.jarnetes.etcd.proto.etcdserverpb.LeaseKeepAliveResponse;
import io.jarnetes.etcd.proto.etcdserverpb.LeaseRevokeRequest;
import io.jarnetes.etcd.proto.etcdserverpb.LeaseTimeToLiveRequest;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Leases that are granted, kept, revoked, and that run out. */
final class LeaseTraffic {
    /** The least that members grant. */
    static final int SHORT_SECONDS = 2;

    private static final int LONG_SECONDS = 600;
    private static final int MOST = 30;

    private final Random random;
    private final List<Long> leases;

    /**
     * @param leases takes the ids of those that were granted
     */
    LeaseTraffic(Random random, List<Long> leases) {
        this.random = random;
        this.leases = leases;
    }

    void step(Endpoint e) {
        int what = leases.isEmpty() ? 0 : random.nextInt(8);
        switch (what) {
            case 0, 1, 2 -> grant(e);
            case 3 -> revoke(e);
            case 4, 5 -> keepAlive(e, any());
            default ->
                    e.lease()
                            .leaseTimeToLive(
                                    LeaseTimeToLiveRequest.newBuilder()
                                            .setID(any())
                                            .setKeys(true)
                                            .build());
        }
    }

    private long any() {
        return leases.get(random.nextInt(leases.size()));
    }

    private void grant(Endpoint e) {
        LeaseGrantRequest.Builder grant =
                LeaseGrantRequest.newBuilder()
                        .setTTL(random.nextBoolean() ? SHORT_SECONDS : LONG_SECONDS);
        if (random.nextInt(3) == 0) {
            grant.setID(1 + random.nextInt(MOST));
        }
        leases.add(e.lease().leaseGrant(grant.build()).getID());
        if (leases.size() > MOST) {
            leases.removeFirst();
        }
    }

    private void revoke(Endpoint e) {
        long id = any();
        // It stays in the list now and then: puts that name it must fail alike everywhere.
        if (random.nextBoolean()) {
            leases.remove(id);
        }
        e.lease().leaseRevoke(LeaseRevokeRequest.newBuilder().setID(id).build());
    }

    private static void keepAlive(Endpoint e, long id) {
        CompletableFuture<Void> done = new CompletableFuture<>();
        StreamObserver<LeaseKeepAliveRequest> stream =
                e.leaseStream()
                        .leaseKeepAlive(
                                new StreamObserver<LeaseKeepAliveResponse>() {
                                    @Override
                                    public void onNext(LeaseKeepAliveResponse response) {
                                        done.complete(null);
                                    }

                                    @Override
                                    public void onError(Throwable t) {
                                        done.completeExceptionally(t);
                                    }

                                    @Override
                                    public void onCompleted() {
                                        done.complete(null);
                                    }
                                });
        stream.onNext(LeaseKeepAliveRequest.newBuilder().setID(id).build());
        try {
            done.get(10, TimeUnit.SECONDS);
            stream.onCompleted();
        } catch (ExecutionException x) {
            if (x.getCause() instanceof io.grpc.StatusRuntimeException status) {
                throw status;
            }
            throw new IllegalStateException("a lease was not kept alive", x);
        } catch (TimeoutException x) {
            throw new AssertionError("no answer to a keep-alive of lease " + id, x);
        } catch (InterruptedException x) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while keeping a lease alive", x);
        }
    }
}
