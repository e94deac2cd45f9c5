package io.jarnetes.etcd.storage.mvcc;

import java.util.Arrays;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * All histories in key order, in leaves of some hundred. One writer at a time replaces whole
 * leaves; readers need no lock: what they hold stays as it was, and what is added later is of a
 * later revision than theirs.
 */
final class OrderedKeys {
    private static final int MAX_LEAF = 256;
    private static final int BUILT_LEAF = 192;
    private static final KeyHistory[] NOTHING = new KeyHistory[0];

    private static final class Leaf {
        private volatile KeyHistory[] histories;

        Leaf(KeyHistory[] histories) {
            this.histories = histories;
        }
    }

    /**
     * The leaves; immutable.
     *
     * @param bounds no key of a leaf is below its bound, and all keys of those before are; the
     *     first leaf's is not looked at
     */
    private record Directory(Leaf[] leaves, byte[][] bounds) {
        /** The leaf that a key belongs to. */
        int find(byte[] key) {
            int low = 1;
            int high = bounds.length;
            while (low < high) {
                int middle = (low + high) >>> 1;
                if (Arrays.compareUnsigned(bounds[middle], key) <= 0) {
                    low = middle + 1;
                } else {
                    high = middle;
                }
            }
            return low - 1;
        }

        /** The same with one leaf replaced by others. */
        Directory with(int at, Leaf... instead) {
            int length = leaves.length + instead.length - 1;
            Leaf[] newLeaves = new Leaf[length];
            byte[][] newBounds = new byte[length][];
            System.arraycopy(leaves, 0, newLeaves, 0, at);
            System.arraycopy(bounds, 0, newBounds, 0, at);
            for (int i = 0; i < instead.length; i++) {
                newLeaves[at + i] = instead[i];
                newBounds[at + i] = i == 0 ? bounds[at] : instead[i].histories[0].key();
            }
            int rest = leaves.length - at - 1;
            System.arraycopy(leaves, at + 1, newLeaves, at + instead.length, rest);
            System.arraycopy(bounds, at + 1, newBounds, at + instead.length, rest);
            return new Directory(newLeaves, newBounds);
        }
    }

    private volatile Directory directory =
            new Directory(new Leaf[] {new Leaf(NOTHING)}, new byte[][] {new byte[0]});

    /** Replaces everything by these. */
    void build(KeyHistory[] histories) {
        KeySort.sort(histories);
        int count = Math.max(1, Math.ceilDiv(histories.length, BUILT_LEAF));
        Leaf[] leaves = new Leaf[count];
        byte[][] bounds = new byte[count][];
        for (int i = 0; i < count; i++) {
            int from = i * BUILT_LEAF;
            int to = Math.min(histories.length, from + BUILT_LEAF);
            leaves[i] = new Leaf(Arrays.copyOfRange(histories, from, to));
            bounds[i] = from < to ? histories[from].key() : new byte[0];
        }
        directory = new Directory(leaves, bounds);
    }

    /** The first place in a leaf whose key is at least {@code key}. */
    private static int search(KeyHistory[] leaf, byte[] key) {
        int low = 0;
        int high = leaf.length;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (Arrays.compareUnsigned(leaf[middle].key(), key) < 0) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }

    /** Adds a history whose key is not there. The writer alone. */
    void add(KeyHistory history) {
        Directory now = directory;
        int at = now.find(history.key());
        Leaf leaf = now.leaves()[at];
        KeyHistory[] old = leaf.histories;
        int place = search(old, history.key());
        if (old.length < MAX_LEAF) {
            KeyHistory[] more = new KeyHistory[old.length + 1];
            System.arraycopy(old, 0, more, 0, place);
            more[place] = history;
            System.arraycopy(old, place, more, place + 1, old.length - place);
            leaf.histories = more;
            return;
        }
        // Where keys come in rising order, leaves stay full; else both halves have room.
        int split = place == old.length ? old.length : old.length / 2;
        KeyHistory[] left = Arrays.copyOf(old, split);
        if (place == old.length) {
            directory = now.with(at, leaf, new Leaf(new KeyHistory[] {history}));
            return;
        }
        KeyHistory[] right = Arrays.copyOfRange(old, split, old.length);
        directory = now.with(at, new Leaf(left), new Leaf(right));
        add(history);
    }

    /** Takes a history out. The writer alone. */
    void remove(KeyHistory history) {
        Directory now = directory;
        int at = now.find(history.key());
        Leaf leaf = now.leaves()[at];
        KeyHistory[] old = leaf.histories;
        int place = search(old, history.key());
        if (place >= old.length || old[place] != history) {
            throw new IllegalStateException(
                    "the index has lost a key: " + KeyValue.printable(history.key()));
        }
        if (old.length == 1 && now.leaves().length > 1) {
            directory = without(now, at);
            return;
        }
        KeyHistory[] less = new KeyHistory[old.length - 1];
        System.arraycopy(old, 0, less, 0, place);
        System.arraycopy(old, place + 1, less, place, less.length - place);
        leaf.histories = less;
    }

    private static Directory without(Directory now, int at) {
        int length = now.leaves().length - 1;
        Leaf[] leaves = new Leaf[length];
        byte[][] bounds = new byte[length][];
        for (int i = 0; i < length; i++) {
            int from = i < at ? i : i + 1;
            leaves[i] = now.leaves()[from];
            bounds[i] = now.bounds()[from];
        }
        return new Directory(leaves, bounds);
    }

    /** Visits the histories of a range in order until the visitor has enough. */
    void visit(KeyRange range, Predicate<KeyHistory> visitor) {
        byte[] end = range.end();
        if (range.empty() || end == null) {
            return;
        }
        Directory now = directory;
        int first = now.find(range.key());
        for (int i = first; i < now.leaves().length; i++) {
            KeyHistory[] histories = now.leaves()[i].histories;
            int from = i == first ? search(histories, range.key()) : 0;
            int to = histories.length;
            if (endsWithin(now, i, end)) {
                to = search(histories, end);
            }
            for (int at = from; at < to; at++) {
                if (!visitor.test(histories[at])) {
                    return;
                }
            }
            if (to < histories.length) {
                return;
            }
        }
    }

    private static boolean endsWithin(Directory now, int leaf, byte @Nullable [] end) {
        if (end == null || end.length == 0) {
            return false;
        }
        return leaf == now.leaves().length - 1
                || Arrays.compareUnsigned(now.bounds()[leaf + 1], end) >= 0;
    }
}
