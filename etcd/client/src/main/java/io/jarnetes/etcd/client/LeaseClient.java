package io.jarnetes.etcd.client;

import io.jarnetes.etcd.proto.etcdserverpb.LeaseGrantRequest;
import io.jarnetes.etcd.proto.etcdserverpb.LeaseGrpc;
import io.jarnetes.etcd.proto.etcdserverpb.LeaseLeasesRequest;
import io.jarnetes.etcd.proto.etcdserverpb.LeaseLeasesResponse;
import io.jarnetes.etcd.proto.etcdserverpb.LeaseRevokeRequest;
import io.jarnetes.etcd.proto.etcdserverpb.LeaseStatus;
import io.jarnetes.etcd.proto.etcdserverpb.LeaseTimeToLiveRequest;
import io.jarnetes.etcd.proto.etcdserverpb.LeaseTimeToLiveResponse;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** The service Lease. */
public final class LeaseClient {
    private final Calls calls;

    LeaseClient(Calls calls) {
        this.calls = calls;
    }

    /**
     * @param ttlSeconds what was granted, at least what was asked for
     */
    public record Granted(Header header, long id, long ttlSeconds) {}

    /**
     * @param ttlSeconds what is left; -1 if there is no such lease
     * @param keys those attached, if they were asked for
     */
    public record TimeToLive(
            Header header, long id, long ttlSeconds, long grantedTtlSeconds, List<byte[]> keys) {}

    /**
     * @param id chosen by the member if it is 0
     */
    public CompletableFuture<Granted> grant(long ttlSeconds, long id) {
        LeaseGrantRequest request =
                LeaseGrantRequest.newBuilder().setTTL(ttlSeconds).setID(id).build();
        return calls.write(
                LeaseGrpc.getLeaseGrantMethod(),
                request,
                r -> new Granted(Wire.header(r.getHeader()), r.getID(), r.getTTL()));
    }

    /** Ends a lease and deletes the keys that are attached to it. */
    public CompletableFuture<Header> revoke(long id) {
        return calls.write(
                LeaseGrpc.getLeaseRevokeMethod(),
                LeaseRevokeRequest.newBuilder().setID(id).build(),
                r -> Wire.header(r.getHeader()));
    }

    public CompletableFuture<TimeToLive> timeToLive(long id, boolean keys) {
        return calls.read(
                LeaseGrpc.getLeaseTimeToLiveMethod(),
                LeaseTimeToLiveRequest.newBuilder().setID(id).setKeys(keys).build(),
                LeaseClient::timeToLive);
    }

    /** The ids of all leases. */
    public CompletableFuture<List<Long>> leases() {
        return calls.read(
                LeaseGrpc.getLeaseLeasesMethod(),
                LeaseLeasesRequest.getDefaultInstance(),
                LeaseClient::ids);
    }

    /** Keeps a lease alive until the keeper is closed or the lease is gone. */
    public LeaseKeeper keepAlive(long id, LeaseKeeper.Listener listener) {
        LeaseKeeper keeper = new LeaseKeeper(calls, id, listener);
        keeper.start();
        return keeper;
    }

    private static List<Long> ids(LeaseLeasesResponse response) {
        return response.getLeasesList().stream().map(LeaseStatus::getID).toList();
    }

    private static TimeToLive timeToLive(LeaseTimeToLiveResponse r) {
        return new TimeToLive(
                Wire.header(r.getHeader()),
                r.getID(),
                r.getTTL(),
                r.getGrantedTTL(),
                r.getKeysList().stream().map(k -> k.toByteArray()).toList());
    }
}
