package io.jarnetes.etcd.storage.alarm;

import com.google.protobuf.InvalidProtocolBufferException;
import io.jarnetes.etcd.proto.etcdserverpb.AlarmMember;
import io.jarnetes.etcd.storage.alarm.AlarmStore.Alarm;
import io.jarnetes.etcd.storage.alarm.AlarmStore.AlarmType;

/** Alarms as keys of the bucket {@code alarm}. */
final class AlarmCodec {
    private AlarmCodec() {}

    /** The key in the bucket: the bytes of etcdserverpb.AlarmMember. */
    static byte[] encode(Alarm alarm) {
        return AlarmMember.newBuilder()
                .setMemberID(alarm.memberId())
                .setAlarmValue(alarm.type().ordinal())
                .build()
                .toByteArray();
    }

    static Alarm decode(byte[] key) {
        try {
            AlarmMember stored = AlarmMember.parseFrom(key);
            AlarmType[] types = AlarmType.values();
            int type = stored.getAlarmValue();
            if (type < 0 || type >= types.length) {
                throw new IllegalStateException("the db has an alarm of the unknown type " + type);
            }
            return new Alarm(stored.getMemberID(), types[type]);
        } catch (InvalidProtocolBufferException e) {
            throw new IllegalStateException(
                    "the db's bucket alarm has a key that is no AlarmMember; restore this member"
                            + " from a snapshot or from its peers",
                    e);
        }
    }
}
