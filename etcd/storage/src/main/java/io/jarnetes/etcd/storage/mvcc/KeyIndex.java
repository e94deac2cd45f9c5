package io.jarnetes.etcd.storage.mvcc;

import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.ConcurrentNavigableMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * All keys in order, with the revisions of each. Readers need no lock: a read at a revision does
 * not see what later ones add, and compaction waits until nobody reads at what it takes away.
 */
final class KeyIndex {
    /** Takes a key and the revision that was asked for; says whether it wants more. */
    @FunctionalInterface
    interface Visitor {
        boolean visit(byte[] key, Revision revision);
    }

    private final ConcurrentNavigableMap<byte[], KeyHistory> keys =
            new ConcurrentSkipListMap<>(Arrays::compareUnsigned);
    private final AtomicLong alive = new AtomicLong();

    /** How many keys there are now. */
    long alive() {
        return alive.get();
    }

    /** The revision of {@code key} that a read at {@code atMain} sees, or null. */
    @Nullable Revision get(byte[] key, long atMain) {
        KeyHistory history = keys.get(key);
        return history == null ? null : history.at(atMain);
    }

    /** Visits the keys of a range that a read at {@code atMain} sees, in order. */
    void visit(KeyRange range, long atMain, Visitor visitor) {
        for (Map.Entry<byte[], KeyHistory> entry : within(range).entrySet()) {
            Revision revision = entry.getValue().at(atMain);
            if (revision != null && !visitor.visit(entry.getKey(), revision)) {
                return;
            }
        }
    }

    /** How many keys of a range a read at {@code atMain} sees. */
    long count(KeyRange range, long atMain) {
        if (range.end() == null) {
            return get(range.key(), atMain) == null ? 0 : 1;
        }
        long count = 0;
        for (KeyHistory history : within(range).values()) {
            if (history.existsAt(atMain)) {
                count++;
            }
        }
        return count;
    }

    private ConcurrentNavigableMap<byte[], KeyHistory> within(KeyRange range) {
        byte[] end = range.end();
        if (end == null) {
            return keys.subMap(range.key(), true, range.key(), true);
        }
        if (end.length == 0) {
            return keys.tailMap(range.key(), true);
        }
        // An upside-down range holds nothing; the map would refuse it.
        byte[] start = range.empty() ? end : range.key();
        return keys.subMap(start, true, end, false);
    }

    /** Adds a put. */
    KeyHistory.Life put(byte[] key, long main, long sub) {
        while (true) {
            KeyHistory history = keys.get(key);
            if (history == null) {
                history = new KeyHistory();
                keys.put(key, history);
            }
            boolean wasAlive = history.alive();
            KeyHistory.Life life = history.put(main, sub);
            if (life != null) {
                if (!wasAlive) {
                    alive.incrementAndGet();
                }
                return life;
            }
            // Compaction has emptied it between; it goes, and a fresh one comes.
            keys.remove(key, history);
        }
    }

    /** Adds a tombstone to a key that is alive. */
    void tombstone(byte[] key, long main, long sub) {
        KeyHistory history = keys.get(key);
        if (history == null || !history.tombstone(main, sub)) {
            throw new IllegalStateException(
                    "a key that is not there was to be deleted: " + KeyValue.printable(key));
        }
        alive.decrementAndGet();
    }

    /** Adds what a file says of a key; revisions come in rising order. */
    void restore(KeyValue kv, Revision revision, boolean tombstone) {
        KeyHistory history = keys.get(kv.key());
        if (history == null) {
            history = new KeyHistory();
            if (tombstone) {
                history.restoreTombstone(revision.main(), revision.sub());
            } else {
                history.restore(revision.main(), revision.sub(), kv.createRevision(), kv.version());
                alive.incrementAndGet();
            }
            keys.put(kv.key(), history);
        } else if (tombstone) {
            if (history.tombstone(revision.main(), revision.sub())) {
                alive.decrementAndGet();
            }
        } else {
            if (!history.alive()) {
                alive.incrementAndGet();
            }
            history.put(revision.main(), revision.sub());
        }
    }

    /** Drops what nobody reads at {@code compactMain} or later of one key. */
    void compact(byte[] key, long compactMain) {
        KeyHistory history = keys.get(key);
        if (history != null && history.compact(compactMain)) {
            keys.remove(key, history);
        }
    }

    /** Whether the index knows this revision of a key. */
    boolean contains(byte[] key, Revision revision) {
        KeyHistory history = keys.get(key);
        return history != null && history.contains(revision.main(), revision.sub());
    }

    /** Whether a read at {@code atMain} sees exactly this revision of a key. */
    boolean isSeenAt(byte[] key, Revision revision, long atMain) {
        KeyHistory history = keys.get(key);
        return history != null && revision.equals(history.at(atMain));
    }

    /** Whether a compaction at {@code atMain} keeps any revision up to it. */
    boolean anyKeptAt(long atMain) {
        for (KeyHistory history : keys.values()) {
            if (history.keepsAt(atMain)) {
                return true;
            }
        }
        return false;
    }

    /** Whether a read at {@code atMain} sees any key. */
    boolean anySeenAt(long atMain) {
        for (KeyHistory history : keys.values()) {
            if (history.existsAt(atMain)) {
                return true;
            }
        }
        return false;
    }
}
