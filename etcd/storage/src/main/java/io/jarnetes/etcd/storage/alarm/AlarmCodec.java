package io.jarnetes.etcd.storage.alarm;

import com.google.protobuf.InvalidProtocolBufferException;
import io.jarnetes.etcd.proto.etcdserverpb.AlarmMember;
import io.jarnetes.etcd.storage.alarm.AlarmStore.Alarm;
import io.jarnetes.etcd.storage.alarm.AlarmStore.AlarmType;
import io.jarnetes.etcd.storage.backend.BadPairException;

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
                throw new BadPairException("is an alarm of the unknown type " + type);
            }
            return new Alarm(stored.getMemberID(), types[type]);
        } catch (InvalidProtocolBufferException e) {
            throw new BadPairException("is no AlarmMember", e);
        }
    }
}
