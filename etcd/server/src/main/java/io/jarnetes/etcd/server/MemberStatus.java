package io.jarnetes.etcd.server;

import io.grpc.Status;
import io.jarnetes.etcd.proto.etcdserverpb.DowngradeInfo;
import io.jarnetes.etcd.proto.etcdserverpb.StatusResponse;
import io.jarnetes.etcd.server.EtcdConfig.Compatibility;
import io.jarnetes.etcd.server.apply.Quota;
import io.jarnetes.etcd.server.apply.ServerError;
import io.jarnetes.etcd.storage.alarm.AlarmStore.Alarm;
import io.jarnetes.etcd.storage.alarm.AlarmStore.AlarmType;
import io.jarnetes.etcd.storage.backend.Bucket;
import io.jarnetes.etcd.storage.backend.Meta;
import java.nio.charset.StandardCharsets;

/** What a member says of itself. */
public final class MemberStatus {
    private MemberStatus() {}

    public static StatusResponse of(EtcdMember member) {
        RaftStatus raft = member.raft();
        StatusResponse.Builder response =
                StatusResponse.newBuilder()
                        .setHeader(member.header())
                        .setVersion(member.config().compatibility().version())
                        .setDbSize(member.stores().backend().size())
                        .setDbSizeInUse(member.stores().backend().sizeInUse())
                        .setLeader(raft.lead())
                        .setRaftIndex(raft.committed())
                        .setRaftTerm(raft.term())
                        .setRaftAppliedIndex(member.applied())
                        .setIsLearner(member.isLearner());
        if (raft.lead() == 0) {
            response.addErrors(ServerError.NO_LEADER.text());
        }
        member.stores()
                .alarms()
                .get(AlarmType.NONE)
                .forEach(alarm -> response.addErrors(text(alarm)));
        return member.config().compatibility() == Compatibility.V3_5
                ? response.build()
                : since36(member, response);
    }

    /** As gogo's text format prints the message: a member 0 is not printed. */
    private static String text(Alarm alarm) {
        String member =
                alarm.memberId() == 0
                        ? ""
                        : "memberID:" + Long.toUnsignedString(alarm.memberId()) + " ";
        return member + "alarm:" + alarm.type() + " ";
    }

    private static StatusResponse since36(EtcdMember member, StatusResponse.Builder response) {
        var downgrade = member.stores().cluster().downgradeInfo();
        long quota = member.config().storage().quotaBytes();
        String stored = storageVersion(member);
        // A database that has no version, but a term, is one of 3.5.
        return response.setStorageVersion(stored.isEmpty() ? "3.5.0" : stored)
                .setDbSizeQuota(quota == 0 ? Quota.DEFAULT_BYTES : quota)
                .setDowngradeInfo(
                        DowngradeInfo.newBuilder()
                                .setEnabled(downgrade.enabled())
                                .setTargetVersion(downgrade.targetVersion()))
                .build();
    }

    /** What the database says of its format; empty before 3.6. */
    public static String storageVersion(EtcdMember member) {
        byte[] version = member.stores().backend().get(Bucket.META, Meta.key(Meta.STORAGE_VERSION));
        return version == null ? "" : new String(version, StandardCharsets.US_ASCII);
    }

    /** A failure of upstream's that no code was thought of for. */
    public static RuntimeException unknown(String text) {
        return Status.UNKNOWN.withDescription(text).asRuntimeException();
    }

    public static RuntimeException invalid(String text) {
        return Status.INVALID_ARGUMENT.withDescription(text).asRuntimeException();
    }
}
