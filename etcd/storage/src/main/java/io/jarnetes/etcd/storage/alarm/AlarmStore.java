package io.jarnetes.etcd.storage.alarm;

import io.jarnetes.etcd.storage.backend.Backend;
import io.jarnetes.etcd.storage.backend.Bucket;
import io.jarnetes.etcd.storage.backend.View;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.NavigableSet;
import java.util.TreeSet;

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

    private static final Comparator<Alarm> ORDER =
            Comparator.comparing(Alarm::type).thenComparing(Alarm::memberId, Long::compareUnsigned);
    private static final byte[] NOTHING = new byte[0];

    private Backend backend;
    private volatile List<Alarm> alarms;

    private AlarmStore(Backend backend) {
        this.backend = backend;
        this.alarms = load(backend);
    }

    /** Reads the alarms in {@code backend}. */
    public static AlarmStore open(Backend backend) {
        return new AlarmStore(backend);
    }

    /** Replaces everything by what {@code backend} holds, after a snapshot from the leader. */
    public void restore(Backend newBackend) {
        backend = newBackend;
        alarms = load(newBackend);
    }

    private static List<Alarm> load(Backend backend) {
        NavigableSet<Alarm> found = new TreeSet<>(ORDER);
        try (View view = backend.view()) {
            view.scan(
                    Bucket.ALARM,
                    NOTHING,
                    null,
                    (key, value) -> {
                        found.add(AlarmCodec.decode(key));
                        return true;
                    });
        }
        return List.copyOf(found);
    }

    /** Raises an alarm; the same answer when it was raised already. */
    public Alarm activate(long memberId, AlarmType type) {
        Alarm alarm = new Alarm(memberId, type);
        if (!alarms.contains(alarm)) {
            backend.put(Bucket.ALARM, AlarmCodec.encode(alarm), NOTHING);
            NavigableSet<Alarm> more = new TreeSet<>(ORDER);
            more.addAll(alarms);
            more.add(alarm);
            alarms = List.copyOf(more);
        }
        return alarm;
    }

    /** Lowers an alarm; empty when it was not raised. */
    public List<Alarm> deactivate(long memberId, AlarmType type) {
        Alarm alarm = new Alarm(memberId, type);
        if (!alarms.contains(alarm)) {
            return List.of();
        }
        backend.delete(Bucket.ALARM, AlarmCodec.encode(alarm));
        List<Alarm> less = new ArrayList<>(alarms);
        less.remove(alarm);
        alarms = List.copyOf(less);
        return List.of(alarm);
    }

    /** The alarms of a type, or all for {@code NONE}. */
    public List<Alarm> get(AlarmType type) {
        List<Alarm> now = alarms;
        // Every request asks, and mostly there are none.
        return now.isEmpty() || type == AlarmType.NONE
                ? now
                : now.stream().filter(alarm -> alarm.type() == type).toList();
    }
}
