package io.jarnetes.etcd.storage.alarm;

import io.jarnetes.etcd.storage.backend.Backend;
import java.util.List;

/** Which member has raised which alarm. */
public final class AlarmStore {
    /** The alarms, with etcd's numbers as ordinals. */
    public enum AlarmType {
        NONE,
        NOSPACE,
        CORRUPT
    }

    /** An alarm of one member. */
    public record Alarm(long memberId, AlarmType type) {}

    /** Reads the alarms in {@code backend}. */
    public static AlarmStore open(Backend backend) {
        throw new UnsupportedOperationException();
    }

    /** Raises an alarm; the same answer when it was raised already. */
    public Alarm activate(long memberId, AlarmType type) {
        throw new UnsupportedOperationException();
    }

    /** Lowers an alarm; empty when it was not raised. */
    public List<Alarm> deactivate(long memberId, AlarmType type) {
        throw new UnsupportedOperationException();
    }

    /** The alarms of a type, or all for {@code NONE}. */
    public List<Alarm> get(AlarmType type) {
        throw new UnsupportedOperationException();
    }
}
