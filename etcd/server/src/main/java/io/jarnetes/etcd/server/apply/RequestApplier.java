package io.jarnetes.etcd.server.apply;

import com.google.protobuf.Message;
import io.jarnetes.etcd.proto.etcdserverpb.AlarmMember;
import io.jarnetes.etcd.proto.etcdserverpb.AlarmRequest;
import io.jarnetes.etcd.proto.etcdserverpb.AlarmResponse;
import io.jarnetes.etcd.proto.etcdserverpb.CompactionRequest;
import io.jarnetes.etcd.proto.etcdserverpb.CompactionResponse;
import io.jarnetes.etcd.proto.etcdserverpb.InternalRaftRequest;
import io.jarnetes.etcd.proto.etcdserverpb.LeaseCheckpointResponse;
import io.jarnetes.etcd.proto.etcdserverpb.LeaseGrantRequest;
import io.jarnetes.etcd.proto.etcdserverpb.LeaseGrantResponse;
import io.jarnetes.etcd.proto.etcdserverpb.LeaseRevokeRequest;
import io.jarnetes.etcd.proto.etcdserverpb.LeaseRevokeResponse;
import io.jarnetes.etcd.proto.etcdserverpb.PutRequest;
import io.jarnetes.etcd.proto.etcdserverpb.TxnRequest;
import io.jarnetes.etcd.storage.alarm.AlarmStore.Alarm;
import io.jarnetes.etcd.storage.alarm.AlarmStore.AlarmType;
import io.jarnetes.etcd.storage.auth.AuthInfo;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Requests of clients. The order of refusals is upstream's: only-root requests, then the alarms,
 * then permissions, then the request itself.
 */
final class RequestApplier {
    private final Stores stores;
    private final Quota quota;
    private final ApplyEvents events;
    private final KvExecutor kv;
    private final AlarmGate gate;
    private final AuthGuard guard;
    private final AuthApplier auth;

    RequestApplier(Stores stores, Quota quota, ApplyEvents events, ApplyRules rules) {
        this.stores = stores;
        this.quota = quota;
        this.events = events;
        this.kv = new KvExecutor(stores.mvcc(), stores.lessor(), rules);
        this.gate = new AlarmGate(stores, rules);
        this.guard = new AuthGuard(stores.auth(), stores.lessor(), gate::permissionsChecked);
        this.auth = new AuthApplier(stores.auth(), guard);
    }

    /** The stores were replaced by what a snapshot brought. */
    void restored() {
        gate.restored();
    }

    /** An applied request, and whether it left the database larger than its quota. */
    record Outcome(ApplyResult result, boolean outOfSpace) {}

    Outcome apply(InternalRaftRequest request, long index) {
        boolean fits = quota.allows(cost(request));
        try {
            AuthInfo who =
                    new AuthInfo(
                            request.getHeader().getUsername(),
                            request.getHeader().getAuthRevision());
            guard.admin(who, request);
            Message response = dispatch(request, who, index);
            return fits
                    ? new Outcome(ApplyResult.of(response), false)
                    : new Outcome(ApplyResult.refused(ServerError.NO_SPACE.exception()), true);
        } catch (RuntimeException e) {
            if (!isAnswer(e)) {
                throw e;
            }
            return new Outcome(ApplyResult.refused(e), false);
        }
    }

    /** Whether a failure is the request's own, the same on every member. */
    private static boolean isAnswer(RuntimeException e) {
        return e instanceof ServerException
                || e instanceof io.jarnetes.etcd.storage.mvcc.MvccException
                || e instanceof io.jarnetes.etcd.storage.lease.LeaseException
                || e instanceof io.jarnetes.etcd.storage.auth.AuthException;
    }

    private long cost(InternalRaftRequest r) {
        if (r.hasPut()) {
            return Quota.cost(r.getPut());
        }
        if (r.hasTxn()) {
            return quota.cost(r.getTxn());
        }
        return r.hasLeaseGrant() ? Quota.LEASE_OVERHEAD_BYTES : 0;
    }

    private Message dispatch(InternalRaftRequest r, AuthInfo who, long index) {
        if (r.hasPut()) {
            return put(r.getPut(), who);
        }
        if (r.hasTxn()) {
            return txn(r.getTxn(), who);
        }
        if (r.hasDeleteRange()) {
            gate.requireSound();
            guard.deleteRange(who, r.getDeleteRange());
            return kv.deleteRange(r.getDeleteRange());
        }
        if (r.hasRange()) {
            gate.requireSound();
            guard.range(who, r.getRange());
            return kv.range(r.getRange());
        }
        if (r.hasCompaction()) {
            return compaction(r.getCompaction());
        }
        if (r.hasAlarm()) {
            return alarm(r.getAlarm());
        }
        Message answer = lease(r, who);
        answer = answer != null ? answer : auth.apply(r, who, index);
        if (answer == null) {
            throw new IllegalStateException(
                    "entry "
                            + index
                            + " holds a request that this version does not know; a newer member"
                            + " proposed it, and this one cannot follow: "
                            + r.getUnknownFields().asMap().keySet());
        }
        return answer;
    }

    private Message put(PutRequest request, AuthInfo who) {
        gate.requireSound();
        gate.requireSpace();
        guard.put(who, request);
        return kv.put(request);
    }

    private Message txn(TxnRequest request, AuthInfo who) {
        gate.requireSound();
        if (quota.cost(request) > 0) {
            gate.requireSpace();
        }
        guard.txn(who, request);
        return kv.txn(request);
    }

    private Message compaction(CompactionRequest request) {
        gate.requireSound();
        stores.mvcc().compact(request.getRevision());
        events.compactionScheduled();
        return CompactionResponse.newBuilder()
                .setHeader(Messages.revision(stores.mvcc().revision()))
                .build();
    }

    private @Nullable Message lease(InternalRaftRequest r, AuthInfo who) {
        if (r.hasLeaseGrant()) {
            return leaseGrant(r.getLeaseGrant());
        }
        if (r.hasLeaseRevoke()) {
            return leaseRevoke(r.getLeaseRevoke(), who);
        }
        if (r.hasLeaseCheckpoint()) {
            r.getLeaseCheckpoint()
                    .getCheckpointsList()
                    .forEach(c -> stores.lessor().checkpoint(c.getID(), c.getRemainingTTL()));
            return LeaseCheckpointResponse.getDefaultInstance();
        }
        return null;
    }

    private Message leaseGrant(LeaseGrantRequest request) {
        gate.requireSound();
        gate.requireSpace();
        long ttl = stores.lessor().grant(request.getID(), request.getTTL());
        return LeaseGrantResponse.newBuilder().setID(request.getID()).setTTL(ttl).build();
    }

    private Message leaseRevoke(LeaseRevokeRequest request, AuthInfo who) {
        gate.requireSound();
        guard.leasePuts(who, request.getID());
        stores.lessor().revoke(request.getID(), stores.mvcc());
        return LeaseRevokeResponse.getDefaultInstance();
    }

    private Message alarm(AlarmRequest request) {
        AlarmType type = type(request);
        AlarmResponse.Builder response = AlarmResponse.newBuilder();
        switch (request.getAction()) {
            case GET -> stores.alarms().get(type).forEach(a -> response.addAlarms(message(a)));
            case ACTIVATE -> {
                if (type != AlarmType.NONE) {
                    boolean before = !stores.alarms().get(type).isEmpty();
                    Alarm alarm = stores.alarms().activate(request.getMemberID(), type);
                    gate.raised(type, before);
                    response.addAlarms(message(alarm));
                }
            }
            case DEACTIVATE -> {
                List<Alarm> gone = stores.alarms().deactivate(request.getMemberID(), type);
                gone.forEach(a -> gate.lowered(a.type()));
                gone.forEach(a -> response.addAlarms(message(a)));
            }
            case UNRECOGNIZED -> {}
        }
        return response.build();
    }

    private static AlarmType type(AlarmRequest request) {
        return switch (request.getAlarm()) {
            case NOSPACE -> AlarmType.NOSPACE;
            case CORRUPT -> AlarmType.CORRUPT;
            case NONE, UNRECOGNIZED -> AlarmType.NONE;
        };
    }

    private static AlarmMember message(Alarm alarm) {
        return AlarmMember.newBuilder()
                .setMemberID(alarm.memberId())
                .setAlarmValue(alarm.type().ordinal())
                .build();
    }
}
