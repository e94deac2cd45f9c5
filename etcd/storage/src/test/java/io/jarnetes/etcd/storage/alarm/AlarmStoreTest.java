package io.jarnetes.etcd.storage.alarm;

import static org.assertj.core.api.Assertions.assertThat;

import io.jarnetes.etcd.storage.alarm.AlarmStore.Alarm;
import io.jarnetes.etcd.storage.alarm.AlarmStore.AlarmType;
import io.jarnetes.etcd.storage.backend.Backend;
import io.jarnetes.etcd.storage.backend.BackendOptions;
import io.jarnetes.etcd.storage.backend.Bucket;
import io.jarnetes.etcd.storage.backend.MemoryFile;
import org.junit.jupiter.api.Test;

class AlarmStoreTest {
    private static final long MEMBER = 0xb8c6addf901e4e46L;

    private final Backend backend = Backend.over(new MemoryFile(), BackendOptions.defaults());
    private final AlarmStore alarms = AlarmStore.open(backend);

    @Test
    void alarmsAreRaisedLoweredAndRemembered() {
        assertThat(alarms.activate(MEMBER, AlarmType.NOSPACE))
                .isEqualTo(new Alarm(MEMBER, AlarmType.NOSPACE));
        alarms.activate(MEMBER, AlarmType.NOSPACE);
        alarms.activate(1, AlarmType.CORRUPT);
        assertThat(alarms.get(AlarmType.NONE)).hasSize(2);
        assertThat(alarms.get(AlarmType.CORRUPT)).containsExactly(new Alarm(1, AlarmType.CORRUPT));
        assertThat(AlarmStore.open(backend).get(AlarmType.NONE))
                .isEqualTo(alarms.get(AlarmType.NONE));
        assertThat(alarms.deactivate(MEMBER, AlarmType.NOSPACE)).hasSize(1);
        assertThat(alarms.deactivate(MEMBER, AlarmType.NOSPACE)).isEmpty();
        assertThat(AlarmStore.open(backend).get(AlarmType.NONE))
                .containsExactly(new Alarm(1, AlarmType.CORRUPT));
    }

    @Test
    void theKeyIsTheMessage() {
        alarms.activate(1, AlarmType.NOSPACE);
        // memberID 1, alarm 1.
        assertThat(backend.get(Bucket.ALARM, new byte[] {0x08, 1, 0x10, 1})).isEmpty();
    }
}
