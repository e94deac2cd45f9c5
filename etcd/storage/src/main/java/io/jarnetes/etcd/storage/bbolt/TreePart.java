package io.jarnetes.etcd.storage.bbolt;

import java.lang.foreign.MemorySegment;

/** A page, or the node that stands for it while it is being changed. */
sealed interface TreePart permits Page, Node {
    boolean leaf();

    int count();

    /** Compares key {@code i} with {@code key}. */
    int compare(int i, byte[] key);

    MemorySegment key(int i);

    /** The value at {@code i} of a leaf; for a nested bucket its header and inline page. */
    MemorySegment value(int i);

    boolean isBucket(int i);

    /** The part below element {@code i} of a branch. */
    TreePart child(int i, Tx tx);

    /** The first index whose key is at least {@code key}; {@link #count()} when there is none. */
    default int lowerBound(byte[] key) {
        int low = 0;
        int high = count();
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (compare(middle, key) < 0) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }

    /** The element of a branch below which {@code key} is, or would be. */
    default int childIndex(byte[] key) {
        int index = lowerBound(key);
        if (index < count() && compare(index, key) == 0) {
            return index;
        }
        // A key before the first one belongs to the first child, too.
        return Math.max(0, index - 1);
    }
}
