package io.jarnetes.etcd.storage.mvcc;

import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Predicate;
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

    private final KeyTable table;
    private final OrderedKeys ordered = new OrderedKeys();
    private final AtomicLong alive = new AtomicLong();
    // Held while a key comes or goes: by the apply thread and the compaction's.
    private final Object structure = new Object();

    /**
     * An empty index.
     *
     * @param seed for hashing; better not the same everywhere
     */
    KeyIndex(long seed) {
        this.table = new KeyTable(seed);
    }

    private @Nullable KeyHistory find(byte[] key) {
        return table.get(key, table.hash(key));
    }

    /** How many keys there are now. */
    long alive() {
        return alive.get();
    }

    /** The revision of {@code key} that a read at {@code atMain} sees, or null. */
    @Nullable Revision get(byte[] key, long atMain) {
        KeyHistory history = find(key);
        return history == null ? null : history.at(atMain);
    }

    /** Visits the keys of a range that a read at {@code atMain} sees, in order. */
    void visit(KeyRange range, long atMain, Visitor visitor) {
        if (range.single()) {
            KeyHistory history = find(range.key());
            Revision revision = history == null ? null : history.at(atMain);
            if (history != null && revision != null) {
                visitor.visit(history.key(), revision);
            }
            return;
        }
        ordered.visit(
                range,
                history -> {
                    Revision revision = history.at(atMain);
                    return revision == null || visitor.visit(history.key(), revision);
                });
    }

    /** How many keys of a range a read at {@code atMain} sees. */
    long count(KeyRange range, long atMain) {
        if (range.single()) {
            return get(range.key(), atMain) == null ? 0 : 1;
        }
        long[] count = {0};
        ordered.visit(
                range,
                history -> {
                    if (history.existsAt(atMain)) {
                        count[0]++;
                    }
                    return true;
                });
        return count[0];
    }

    /** Adds a put. */
    KeyHistory.Life put(byte[] key, long main, long sub) {
        int hash = table.hash(key);
        while (true) {
            KeyHistory history = table.get(key, hash);
            boolean fresh = history == null;
            if (history == null) {
                history = new KeyHistory(key, hash);
            }
            boolean wasAlive = history.alive();
            KeyHistory.Life life = history.put(main, sub);
            if (life == null) {
                // Compaction has emptied it between the two; look again.
                Thread.onSpinWait();
                continue;
            }
            if (fresh) {
                add(history);
            }
            if (!wasAlive) {
                alive.incrementAndGet();
            }
            return life;
        }
    }

    private void add(KeyHistory history) {
        synchronized (structure) {
            table.add(history);
            ordered.add(history);
        }
    }

    /** Adds a tombstone to a key that is alive. */
    void tombstone(byte[] key, long main, long sub) {
        KeyHistory history = find(key);
        if (history == null || !history.tombstone(main, sub)) {
            throw new IllegalStateException(
                    "a key that is not there was to be deleted: " + KeyValue.printable(key));
        }
        alive.decrementAndGet();
    }

    /**
     * Adds what a file says of a key; revisions come in rising order. Ranges see nothing of it
     * before {@link #restored}.
     */
    void restore(KeyValue kv, Revision revision, boolean tombstone) {
        int hash = table.hash(kv.key());
        KeyHistory history = table.get(kv.key(), hash);
        if (history == null) {
            history = new KeyHistory(kv.key(), hash);
            if (tombstone) {
                history.restoreTombstone(revision.main(), revision.sub());
            } else {
                history.restore(revision.main(), revision.sub(), kv.createRevision(), kv.version());
                alive.incrementAndGet();
            }
            table.add(history);
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

    /** Puts all that was restored in order. */
    void restored() {
        ordered.build(table.all());
    }

    /** Drops what nobody reads at {@code compactMain} or later of one key. */
    void compact(byte[] key, long compactMain) {
        KeyHistory history = find(key);
        if (history == null) {
            return;
        }
        // Emptied and taken out in one step: a put of the key that finds it emptied makes a fresh
        // history, whose add waits here.
        synchronized (structure) {
            if (history.compact(compactMain)) {
                table.noteRemoved();
                ordered.remove(history);
            }
        }
    }

    /** Whether the index knows this revision of a key. */
    boolean contains(byte[] key, Revision revision) {
        KeyHistory history = find(key);
        return history != null && history.contains(revision.main(), revision.sub());
    }

    /** Whether a read at {@code atMain} sees exactly this revision of a key. */
    boolean isSeenAt(byte[] key, Revision revision, long atMain) {
        KeyHistory history = find(key);
        return history != null && revision.equals(history.at(atMain));
    }

    /** Hands over all revisions of all keys, in key order. */
    void forEachRevision(KeyHistory.RevisionVisitor visitor) {
        ordered.visit(
                KeyRange.all(),
                history -> {
                    history.forEach(visitor);
                    return true;
                });
    }

    /** Whether a compaction at {@code atMain} keeps any revision up to it. */
    boolean anyKeptAt(long atMain) {
        return any(history -> history.keepsAt(atMain));
    }

    /** Whether a read at {@code atMain} sees any key. */
    boolean anySeenAt(long atMain) {
        return any(history -> history.existsAt(atMain));
    }

    private boolean any(Predicate<KeyHistory> condition) {
        boolean[] found = {false};
        ordered.visit(
                KeyRange.all(),
                history -> {
                    found[0] = condition.test(history);
                    return !found[0];
                });
        return found[0];
    }
}
