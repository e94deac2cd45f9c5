package io.jarnetes.etcd.storage.bbolt;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.jspecify.annotations.Nullable;

/**
 * An element of a {@link Node}. A value that was not changed stays in the page it was read from:
 * the page is not written again before the transaction has ended.
 */
final class Entry {
    byte[] key;
    // Of a leaf: either the bytes, or where they are.
    private final byte @Nullable [] value;
    private final @Nullable Page page;
    private final int index;
    final int flags;
    // Of a branch: the page below, and the node that replaces it once it was touched.
    final long childId;
    @Nullable Node child;

    private Entry(
            byte[] key,
            byte @Nullable [] value,
            @Nullable Page page,
            int index,
            int flags,
            long childId) {
        this.key = key;
        this.value = value;
        this.page = page;
        this.index = index;
        this.flags = flags;
        this.childId = childId;
    }

    static Entry pair(byte[] key, byte[] value, int flags) {
        return new Entry(key, value, null, 0, flags, 0);
    }

    static Entry branch(byte[] key, long childId) {
        return new Entry(key, null, null, 0, 0, childId);
    }

    static Entry from(Page page, int i) {
        byte[] key = page.keyBytes(i);
        return page.leaf()
                ? new Entry(key, null, page, i, page.isBucket(i) ? Format.BUCKET_ELEMENT : 0, 0)
                : branch(key, page.childId(i));
    }

    int valueSize() {
        if (value != null) {
            return value.length;
        }
        return page == null ? 0 : page.valueSize(index);
    }

    MemorySegment value() {
        if (value != null) {
            return MemorySegment.ofArray(value);
        }
        return page == null ? MemorySegment.ofArray(new byte[0]) : page.value(index);
    }

    void copyValue(MemorySegment target, long at) {
        if (value != null) {
            MemorySegment.copy(value, 0, target, ValueLayout.JAVA_BYTE, at, value.length);
        } else if (page != null) {
            MemorySegment.copy(
                    page.bytes(), page.valueAt(index), target, at, page.valueSize(index));
        }
    }

    boolean isBucket() {
        return (flags & Format.BUCKET_ELEMENT) != 0;
    }
}
