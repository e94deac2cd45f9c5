package io.jarnetes.apiserver.server.storage;

import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * A persistent ordered map from keys to values: every change gives a new map that shares nearly all
 * of the old one, so that holding a snapshot costs nothing. A treap whose priorities are hashes of
 * the keys, hence its shape depends on its contents alone and its depth is O(log n) (Seidel and
 * Aragon, 1996).
 *
 * <p>Immutable.
 */
final class SortedSnapshot<V> {

    private record Node<V>(
            String key,
            V value,
            int priority,
            int size,
            @Nullable Node<V> left,
            @Nullable Node<V> right) {

        static <V> Node<V> of(
                String key, V value, int priority, @Nullable Node<V> l, @Nullable Node<V> r) {
            return new Node<>(key, value, priority, 1 + count(l) + count(r), l, r);
        }

        Node<V> with(@Nullable Node<V> l, @Nullable Node<V> r) {
            return of(key, value, priority, l, r);
        }
    }

    private static final SortedSnapshot<?> EMPTY = new SortedSnapshot<>(null);

    private final @Nullable Node<V> root;

    private SortedSnapshot(@Nullable Node<V> root) {
        this.root = root;
    }

    @SuppressWarnings("unchecked") // holds nothing, so it is a map of any type
    static <V> SortedSnapshot<V> empty() {
        return (SortedSnapshot<V>) EMPTY;
    }

    int size() {
        return count(root);
    }

    @Nullable V get(String key) {
        Node<V> node = root;
        while (node != null) {
            int order = key.compareTo(node.key);
            if (order == 0) {
                return node.value;
            }
            node = order < 0 ? node.left : node.right;
        }
        return null;
    }

    SortedSnapshot<V> with(String key, V value) {
        return new SortedSnapshot<>(insert(root, key, value, priority(key)));
    }

    SortedSnapshot<V> without(String key) {
        Node<V> changed = remove(root, key);
        return changed == root ? this : new SortedSnapshot<>(changed);
    }

    /** How many keys are in [from, end). */
    int countBetween(String from, String end) {
        return Math.max(0, rank(end) - rank(from));
    }

    /** Visits the values of [from, end) in key order until {@code visitor} answers false. */
    void visit(String from, String end, Predicate<V> visitor) {
        visit(root, from, end, visitor);
    }

    private int rank(String key) {
        int before = 0;
        Node<V> node = root;
        while (node != null) {
            if (key.compareTo(node.key) <= 0) {
                node = node.left;
            } else {
                before += 1 + count(node.left);
                node = node.right;
            }
        }
        return before;
    }

    private static <V> boolean visit(
            @Nullable Node<V> node, String from, String end, Predicate<V> visitor) {
        if (node == null) {
            return true;
        }
        boolean afterFrom = node.key.compareTo(from) >= 0;
        boolean beforeEnd = node.key.compareTo(end) < 0;
        if (afterFrom && !visit(node.left, from, end, visitor)) {
            return false;
        }
        if (afterFrom && beforeEnd && !visitor.test(node.value)) {
            return false;
        }
        return !beforeEnd || visit(node.right, from, end, visitor);
    }

    private static <V> Node<V> insert(@Nullable Node<V> node, String key, V value, int priority) {
        if (node == null) {
            return Node.of(key, value, priority, null, null);
        }
        int order = key.compareTo(node.key);
        if (order == 0) {
            return Node.of(key, value, priority, node.left, node.right);
        }
        if (order < 0) {
            Node<V> left = insert(node.left, key, value, priority);
            return above(left, node)
                    ? left.with(left.left, node.with(left.right, node.right))
                    : node.with(left, node.right);
        }
        Node<V> right = insert(node.right, key, value, priority);
        return above(right, node)
                ? right.with(node.with(node.left, right.left), right.right)
                : node.with(node.left, right);
    }

    private static <V> @Nullable Node<V> remove(@Nullable Node<V> node, String key) {
        if (node == null) {
            return null;
        }
        int order = key.compareTo(node.key);
        if (order == 0) {
            return merge(node.left, node.right);
        }
        if (order < 0) {
            Node<V> left = remove(node.left, key);
            return left == node.left ? node : node.with(left, node.right);
        }
        Node<V> right = remove(node.right, key);
        return right == node.right ? node : node.with(node.left, right);
    }

    /** All keys of {@code low} are below those of {@code high}. */
    private static <V> @Nullable Node<V> merge(@Nullable Node<V> low, @Nullable Node<V> high) {
        if (low == null) {
            return high;
        }
        if (high == null) {
            return low;
        }
        return above(low, high)
                ? low.with(low.left, merge(low.right, high))
                : high.with(merge(low, high.left), high.right);
    }

    private static <V> boolean above(Node<V> a, Node<V> b) {
        return a.priority > b.priority || (a.priority == b.priority && a.key.compareTo(b.key) < 0);
    }

    private static int count(@Nullable Node<?> node) {
        return node == null ? 0 : node.size;
    }

    /** A scrambled hash, so that similar names don't make a list (Murmur3's finalizer). */
    private static int priority(String key) {
        int h = key.hashCode();
        h = (h ^ (h >>> 16)) * 0x85ebca6b;
        h = (h ^ (h >>> 13)) * 0xc2b2ae35;
        return h ^ (h >>> 16);
    }
}
