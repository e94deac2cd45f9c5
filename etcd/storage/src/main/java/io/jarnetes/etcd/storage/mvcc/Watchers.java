package io.jarnetes.etcd.storage.mvcc;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * All watchers of a store: those in step, who hear of each change as it happens; those behind, who
 * are served from the backend in batches; and victims, whose consumer had no room.
 *
 * <p>One lock guards them. The apply thread takes it for each change, so nothing is read from the
 * backend under it.
 */
final class Watchers {
    /** How many watchers are brought further in one step, as upstream. */
    private static final int MAX_WATCHERS_PER_SYNC = 512;

    /** How many revisions with events one step reads at most, as upstream sends to one watcher. */
    private static final int MAX_REVISIONS_PER_SYNC = 1000;

    private final Mvcc store;
    private final Object lock = new Object();
    private final WatcherGroup synced = new WatcherGroup();
    private final Set<Watcher> inStep = new LinkedHashSet<>();
    private final Set<Watcher> unsynced = new LinkedHashSet<>();
    private final Set<Watcher> victims = new LinkedHashSet<>();

    Watchers(Mvcc store) {
        this.store = store;
    }

    long revision() {
        return store.revision();
    }

    Mvcc.WatcherCounts counts() {
        synchronized (lock) {
            int slow = unsynced.size() + victims.size();
            return new Mvcc.WatcherCounts(inStep.size() + slow, slow);
        }
    }

    void add(Watcher watcher) {
        synchronized (lock) {
            long current = store.revision();
            if (watcher.startRevision() == 0 || watcher.startRevision() > current) {
                watcher.minRevision = Math.max(current + 1, watcher.startRevision());
                move(watcher, Watcher.Place.SYNCED);
            } else {
                move(watcher, Watcher.Place.UNSYNCED);
            }
        }
    }

    void remove(Watcher watcher) {
        synchronized (lock) {
            move(watcher, Watcher.Place.GONE);
        }
    }

    private void move(Watcher watcher, Watcher.Place to) {
        switch (watcher.place) {
            case SYNCED -> {
                synced.remove(watcher);
                inStep.remove(watcher);
            }
            case UNSYNCED -> unsynced.remove(watcher);
            case VICTIM -> {
                victims.remove(watcher);
                watcher.refused = null;
            }
            case GONE -> {}
        }
        watcher.place = to;
        switch (to) {
            case SYNCED -> {
                synced.add(watcher);
                inStep.add(watcher);
            }
            case UNSYNCED -> unsynced.add(watcher);
            case VICTIM -> victims.add(watcher);
            case GONE -> {}
        }
    }

    /** Makes a revision visible, and tells the watchers in step of its events. */
    void publish(Runnable makeVisible, long revision, List<Event> events) {
        synchronized (lock) {
            makeVisible.run();
            if (inStep.isEmpty()) {
                return;
            }
            Map<Watcher, List<Event>> batches = new LinkedHashMap<>();
            for (Event event : events) {
                synced.forKey(
                        event.kv().key(),
                        watcher -> {
                            if (revision >= watcher.minRevision) {
                                batches.computeIfAbsent(watcher, key -> new ArrayList<>(1))
                                        .add(event);
                            }
                        });
            }
            batches.forEach((watcher, batch) -> send(watcher, batch, revision));
        }
    }

    /** Offers events up to {@code revision}; whoever refuses becomes a victim. */
    private void send(Watcher watcher, List<Event> events, long revision) {
        watcher.minRevision = revision + 1;
        WatchResponse response = watcher.response(events, revision);
        if (response != null && !watcher.offer(response)) {
            move(watcher, Watcher.Place.VICTIM);
            watcher.refused = response;
        }
    }

    boolean progress(List<Watcher> watchers, long responseId) {
        synchronized (lock) {
            long revision = store.revision();
            for (Watcher watcher : watchers) {
                if (watcher.place != Watcher.Place.SYNCED || revision < watcher.startRevision()) {
                    return false;
                }
            }
            if (!watchers.isEmpty()) {
                // One answer is enough: all watchers of a stream have the same consumer. If it has
                // no room, there is more to send than progress.
                watchers.getFirst().offer(new WatchResponse(responseId, List.of(), revision, 0));
            }
            return true;
        }
    }

    boolean syncVictims() {
        synchronized (lock) {
            for (Watcher watcher : List.copyOf(victims)) {
                WatchResponse refused = watcher.refused;
                if (refused == null || watcher.offer(refused)) {
                    move(
                            watcher,
                            watcher.minRevision <= store.revision()
                                    ? Watcher.Place.UNSYNCED
                                    : Watcher.Place.SYNCED);
                }
            }
            return !victims.isEmpty();
        }
    }

    boolean syncWatchers() {
        List<Watcher> chosen;
        StoreReadTxn txn;
        synchronized (lock) {
            if (unsynced.isEmpty()) {
                return false;
            }
            txn = store.readTxn();
            chosen = choose(txn.firstRevision());
        }
        try (txn) {
            WatchBatch batch = WatchBatch.read(txn, chosen, MAX_REVISIONS_PER_SYNC);
            synchronized (lock) {
                boolean advanced = false;
                for (Watcher watcher : chosen) {
                    // It may have been cancelled meanwhile, and nobody else moves it.
                    if (watcher.place == Watcher.Place.UNSYNCED) {
                        deliver(watcher, batch);
                        advanced = true;
                    }
                }
                return advanced && !unsynced.isEmpty();
            }
        }
    }

    /** Some of those behind; whoever is behind the compact revision is told so, and gone. */
    private List<Watcher> choose(long compactRevision) {
        List<Watcher> chosen = new ArrayList<>();
        for (Watcher watcher : List.copyOf(unsynced)) {
            if (watcher.minRevision < compactRevision) {
                if (watcher.offer(new WatchResponse(watcher.id(), List.of(), 0, compactRevision))) {
                    move(watcher, Watcher.Place.GONE);
                }
            } else if (chosen.size() < MAX_WATCHERS_PER_SYNC) {
                chosen.add(watcher);
            }
        }
        return chosen;
    }

    private void deliver(Watcher watcher, WatchBatch batch) {
        List<Event> events = batch.eventsOf(watcher);
        long served = Math.max(watcher.minRevision, batch.upTo() + 1);
        if (!events.isEmpty()) {
            send(watcher, events, batch.upTo());
        }
        watcher.minRevision = served;
        if (watcher.place == Watcher.Place.UNSYNCED) {
            // To the end of the line, so that others get their turn.
            move(
                    watcher,
                    served > store.revision() ? Watcher.Place.SYNCED : Watcher.Place.UNSYNCED);
        }
    }

    /** Runs a restore: all in step may have missed changes, and read them from the new backend. */
    void restore(Runnable restore) {
        synchronized (lock) {
            restore.run();
            for (Watcher watcher : List.copyOf(inStep)) {
                move(watcher, Watcher.Place.UNSYNCED);
            }
        }
    }
}
