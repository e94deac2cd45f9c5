package io.jarnetes.etcd.server.mixed;

import io.jarnetes.etcd.proto.etcdserverpb.AlarmMember;
import io.jarnetes.etcd.proto.etcdserverpb.AlarmRequest;
import io.jarnetes.etcd.proto.etcdserverpb.AlarmRequest.AlarmAction;
import io.jarnetes.etcd.proto.etcdserverpb.AlarmType;
import java.util.List;
import java.util.Random;

/** Alarms that are raised, in anybody's name, and that are lowered again. */
final class AlarmTraffic {
    private final Random random;

    AlarmTraffic(Random random) {
        this.random = random;
    }

    /**
     * Raises an alarm.
     *
     * @param members in whose names it may be
     */
    void raise(Endpoint e, List<Long> members) {
        AlarmType type = random.nextInt(3) == 0 ? AlarmType.CORRUPT : AlarmType.NOSPACE;
        e.maintenance()
                .alarm(
                        request(
                                AlarmAction.ACTIVATE,
                                type,
                                members.get(random.nextInt(members.size()))));
    }

    /** Lowers one of those that stand. */
    void lowerOne(Endpoint e) {
        List<AlarmMember> standing = standing(e);
        if (!standing.isEmpty()) {
            lower(e, standing.get(random.nextInt(standing.size())));
        }
    }

    /** Lowers all; whether none stood any more when it began. */
    boolean lowerAll(Endpoint e) {
        List<AlarmMember> standing = standing(e);
        standing.forEach(alarm -> lower(e, alarm));
        return standing.isEmpty();
    }

    private static List<AlarmMember> standing(Endpoint e) {
        return e.maintenance().alarm(AlarmRequest.getDefaultInstance()).getAlarmsList();
    }

    private static void lower(Endpoint e, AlarmMember alarm) {
        e.maintenance()
                .alarm(request(AlarmAction.DEACTIVATE, alarm.getAlarm(), alarm.getMemberID()));
    }

    private static AlarmRequest request(AlarmAction action, AlarmType type, long member) {
        return AlarmRequest.newBuilder()
                .setAction(action)
                .setAlarm(type)
                .setMemberID(member)
                .build();
    }
}
