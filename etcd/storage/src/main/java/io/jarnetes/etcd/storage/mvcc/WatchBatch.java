package io.jarnetes.etcd.storage.mvcc;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;

/** The events that some watchers have missed, read from the backend in one go. */
final class WatchBatch {
    private final WatcherGroup group = new WatcherGroup();
    private final Map<Watcher, List<Event>> events = new IdentityHashMap<>();
    private final int maxRevisions;
    private int revisions;
    private long lastRevision = -1;
    private long upTo;

    private WatchBatch(List<Watcher> watchers, long upTo, int maxRevisions) {
        watchers.forEach(group::add);
        this.upTo = upTo;
        this.maxRevisions = maxRevisions;
    }

    /** Reads from the lowest revision that one of them misses, at most so many revisions. */
    static WatchBatch read(StoreReadTxn txn, List<Watcher> watchers, int maxRevisions) {
        WatchBatch batch = new WatchBatch(watchers, txn.revision(), maxRevisions);
        long from = Long.MAX_VALUE;
        for (Watcher watcher : watchers) {
            from = Math.min(from, watcher.minRevision);
        }
        if (from <= txn.revision()) {
            txn.changes(from, txn.revision(), batch::add);
        }
        return batch;
    }

    private boolean add(long main, boolean tombstone, MemorySegment stored) {
        if (main != lastRevision && revisions == maxRevisions) {
            // Events of one revision stay together: end before this one.
            upTo = main - 1;
            return false;
        }
        List<Watcher> takers = new ArrayList<>();
        byte[] key = KeyValueCodec.decodeKey(stored);
        group.forKey(
                key,
                watcher -> {
                    if (main >= watcher.minRevision) {
                        takers.add(watcher);
                    }
                });
        if (takers.isEmpty()) {
            return true;
        }
        if (main != lastRevision) {
            lastRevision = main;
            revisions++;
        }
        Event event =
                tombstone
                        ? new Event(Event.Type.DELETE, KeyValue.tombstone(key, main))
                        : new Event(Event.Type.PUT, KeyValueCodec.decode(stored));
        for (Watcher taker : takers) {
            events.computeIfAbsent(taker, watcher -> new ArrayList<>()).add(event);
        }
        return true;
    }

    /** The revision up to which the events are complete. */
    long upTo() {
        return upTo;
    }

    List<Event> eventsOf(Watcher watcher) {
        return events.getOrDefault(watcher, List.of());
    }
}
