package io.jarnetes.etcd.storage.mvcc;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** One who watches a range. {@link Watchers}' lock guards what changes. */
final class Watcher {
    /** Where a watcher stands. */
    enum Place {
        /** Gets each change as it happens. */
        SYNCED,
        /** Reads the past. */
        UNSYNCED,
        /** Has a response waiting that its consumer refused. */
        VICTIM,
        /** Cancelled, or behind the compact revision. */
        GONE
    }

    private final long id;
    private final KeyRange range;
    private final long startRevision;
    private final Set<WatchFilter> filters;
    private final WatchConsumer consumer;

    Place place = Place.GONE;
    // The first revision that it has not been served.
    long minRevision;
    // With VICTIM: what was refused.
    @Nullable WatchResponse refused;

    Watcher(
            long id,
            KeyRange range,
            long startRevision,
            Set<WatchFilter> filters,
            WatchConsumer consumer) {
        this.id = id;
        this.range = range;
        this.startRevision = startRevision;
        this.filters = filters;
        this.consumer = consumer;
        this.minRevision = startRevision;
    }

    long id() {
        return id;
    }

    KeyRange range() {
        return range;
    }

    long startRevision() {
        return startRevision;
    }

    /** The response that carries {@code events} less those filtered; null when none is left. */
    @Nullable WatchResponse response(List<Event> events, long revision) {
        List<Event> wanted = events;
        if (!filters.isEmpty()) {
            wanted = new ArrayList<>(events.size());
            for (Event event : events) {
                if (filters.stream().noneMatch(filter -> filter.drops(event))) {
                    wanted.add(event);
                }
            }
        }
        return wanted.isEmpty() ? null : new WatchResponse(id, wanted, revision, 0);
    }

    boolean offer(WatchResponse response) {
        return consumer.offer(response);
    }
}
