package io.jarnetes.etcd.client;

import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.Metadata;
import io.grpc.Status;
import io.jarnetes.etcd.proto.etcdserverpb.AlarmMember;
import io.jarnetes.etcd.proto.etcdserverpb.AlarmRequest;
import io.jarnetes.etcd.proto.etcdserverpb.AlarmRequest.AlarmAction;
import io.jarnetes.etcd.proto.etcdserverpb.DefragmentRequest;
import io.jarnetes.etcd.proto.etcdserverpb.HashKVRequest;
import io.jarnetes.etcd.proto.etcdserverpb.MaintenanceGrpc;
import io.jarnetes.etcd.proto.etcdserverpb.MoveLeaderRequest;
import io.jarnetes.etcd.proto.etcdserverpb.SnapshotRequest;
import io.jarnetes.etcd.proto.etcdserverpb.SnapshotResponse;
import io.jarnetes.etcd.proto.etcdserverpb.StatusRequest;
import io.jarnetes.etcd.proto.etcdserverpb.StatusResponse;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/** The service Maintenance. */
public final class MaintenanceClient {
    private final Calls calls;

    MaintenanceClient(Calls calls) {
        this.calls = calls;
    }

    /**
     * What a member says of itself; ids are unsigned, sizes in bytes.
     *
     * @param storageVersion empty before 3.6
     */
    public record MemberStatus(
            Header header,
            String version,
            long dbSize,
            long dbSizeInUse,
            long leader,
            long raftIndex,
            long raftTerm,
            long raftAppliedIndex,
            boolean isLearner,
            List<String> errors,
            String storageVersion,
            long dbSizeQuota) {}

    /**
     * @param hash of all keys up to the revision, unsigned
     * @param hashRevision 0 before 3.6
     */
    public record HashKv(Header header, int hash, long compactRevision, long hashRevision) {}

    /**
     * @param type NOSPACE or CORRUPT
     */
    public record Alarm(long memberId, String type) {}

    public CompletableFuture<MemberStatus> status() {
        return calls.read(
                MaintenanceGrpc.getStatusMethod(),
                StatusRequest.getDefaultInstance(),
                MaintenanceClient::memberStatus);
    }

    /**
     * @param revision 0 for the current one
     */
    public CompletableFuture<HashKv> hashKv(long revision) {
        return calls.read(
                MaintenanceGrpc.getHashKVMethod(),
                HashKVRequest.newBuilder().setRevision(revision).build(),
                r ->
                        new HashKv(
                                Wire.header(r.getHeader()),
                                r.getHash(),
                                r.getCompactRevision(),
                                r.getHashRevision()));
    }

    public CompletableFuture<List<Alarm>> alarms() {
        return calls.read(
                MaintenanceGrpc.getAlarmMethod(),
                AlarmRequest.newBuilder().setAction(AlarmAction.GET).build(),
                r -> alarms(r.getAlarmsList()));
    }

    /** Takes back the alarm, and answers with those that were taken back. */
    public CompletableFuture<List<Alarm>> disarm(Alarm alarm) {
        AlarmRequest request =
                AlarmRequest.newBuilder()
                        .setAction(AlarmAction.DEACTIVATE)
                        .setMemberID(alarm.memberId())
                        .setAlarm(
                                io.jarnetes.etcd.proto.etcdserverpb.AlarmType.valueOf(alarm.type()))
                        .build();
        return calls.write(
                MaintenanceGrpc.getAlarmMethod(), request, r -> alarms(r.getAlarmsList()));
    }

    public CompletableFuture<Header> defragment() {
        return calls.write(
                MaintenanceGrpc.getDefragmentMethod(),
                DefragmentRequest.getDefaultInstance(),
                r -> Wire.header(r.getHeader()));
    }

    public CompletableFuture<Header> moveLeader(long targetId) {
        return calls.write(
                MaintenanceGrpc.getMoveLeaderMethod(),
                MoveLeaderRequest.newBuilder().setTargetID(targetId).build(),
                r -> Wire.header(r.getHeader()));
    }

    /**
     * Streams the member's database: blobs in order, the last one the SHA-256 of all before it.
     *
     * @param sink called on an event loop for each blob; the next one is asked for when it returns
     * @return the storage version that the member gave (empty before 3.6), when all is through
     */
    public CompletableFuture<String> snapshot(Consumer<byte[]> sink) {
        CompletableFuture<String> done = new CompletableFuture<>();
        ClientCall<SnapshotRequest, SnapshotResponse> call =
                calls.endpoints()
                        .call(
                                MaintenanceGrpc.getSnapshotMethod(),
                                CallOptions.DEFAULT,
                                calls.loops().next());
        call.start(new SnapshotListener(call, sink, done), calls.headers());
        call.sendMessage(SnapshotRequest.getDefaultInstance());
        call.halfClose();
        call.request(1);
        return done;
    }

    private static final class SnapshotListener extends ClientCall.Listener<SnapshotResponse> {
        private final ClientCall<SnapshotRequest, SnapshotResponse> call;
        private final Consumer<byte[]> sink;
        private final CompletableFuture<String> done;
        private String version = "";

        SnapshotListener(
                ClientCall<SnapshotRequest, SnapshotResponse> call,
                Consumer<byte[]> sink,
                CompletableFuture<String> done) {
            this.call = call;
            this.sink = sink;
            this.done = done;
        }

        @Override
        public void onMessage(SnapshotResponse response) {
            try {
                version = response.getVersion();
                sink.accept(response.getBlob().toByteArray());
                call.request(1);
            } catch (RuntimeException e) {
                done.completeExceptionally(e);
                call.cancel("the receiver failed", e);
            }
        }

        @Override
        public void onClose(Status status, Metadata trailers) {
            if (status.isOk()) {
                done.complete(version);
            } else {
                done.completeExceptionally(new EtcdException(Failures.of(status)));
            }
        }
    }

    private static List<Alarm> alarms(List<AlarmMember> list) {
        return list.stream().map(a -> new Alarm(a.getMemberID(), a.getAlarm().name())).toList();
    }

    private static MemberStatus memberStatus(StatusResponse r) {
        return new MemberStatus(
                Wire.header(r.getHeader()),
                r.getVersion(),
                r.getDbSize(),
                r.getDbSizeInUse(),
                r.getLeader(),
                r.getRaftIndex(),
                r.getRaftTerm(),
                r.getRaftAppliedIndex(),
                r.getIsLearner(),
                r.getErrorsList(),
                r.getStorageVersion(),
                r.getDbSizeQuota());
    }
}
