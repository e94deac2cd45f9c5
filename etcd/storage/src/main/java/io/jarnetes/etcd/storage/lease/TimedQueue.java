package io.jarnetes.etcd.storage.lease;

import java.util.HashMap;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeSet;

/** Lease ids by a time at which something is due; an id stands in it once. */
final class TimedQueue {
    private record Due(long time, long id) implements Comparable<Due> {
        @Override
        public int compareTo(Due other) {
            int byTime = Long.compare(time, other.time);
            return byTime != 0 ? byTime : Long.compare(id, other.id);
        }
    }

    private final TreeSet<Due> queue = new TreeSet<>();
    private final Map<Long, Due> byId = new HashMap<>();

    void set(long id, long time) {
        Due due = new Due(time, id);
        Due before = byId.put(id, due);
        if (before != null) {
            queue.remove(before);
        }
        queue.add(due);
    }

    void remove(long id) {
        Due before = byId.remove(id);
        if (before != null) {
            queue.remove(before);
        }
    }

    /** Takes off the first id that is due at {@code now}. */
    OptionalLong poll(long now) {
        if (queue.isEmpty() || queue.first().time() > now) {
            return OptionalLong.empty();
        }
        Due first = queue.removeFirst();
        byId.remove(first.id());
        return OptionalLong.of(first.id());
    }

    void clear() {
        queue.clear();
        byId.clear();
    }
}
