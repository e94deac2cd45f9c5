package io.jarnetes.etcd.storage.bbolt;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A page that the writing transaction has touched; it gets new pages when it is committed. */
final class Node implements TreePart {
    private final boolean leaf;
    @Nullable Node parent;
    List<Entry> entries;

    /** The pages it was read from, or was given at the commit; 0 while it has none. */
    long pageId;

    int pages;

    /** Something was deleted, so that it may have become too small. */
    boolean shrunk;

    private Node(boolean leaf, @Nullable Node parent, List<Entry> entries) {
        this.leaf = leaf;
        this.parent = parent;
        this.entries = entries;
    }

    static Node emptyLeaf() {
        return new Node(true, null, new ArrayList<>());
    }

    static Node of(boolean leaf, @Nullable Node parent, List<Entry> entries) {
        return new Node(leaf, parent, entries);
    }

    static Node from(Page page, @Nullable Node parent) {
        List<Entry> entries = new ArrayList<>(page.count() + 8);
        for (int i = 0; i < page.count(); i++) {
            entries.add(Entry.from(page, i));
        }
        Node node = new Node(page.leaf(), parent, entries);
        // The page of an inline bucket has no place of its own, and says that it is page 0.
        node.pageId = page.id();
        node.pages = node.pageId == 0 ? 0 : page.pages();
        return node;
    }

    @Override
    public boolean leaf() {
        return leaf;
    }

    @Override
    public int count() {
        return entries.size();
    }

    @Override
    public int compare(int i, byte[] key) {
        return Arrays.compareUnsigned(entries.get(i).key, key);
    }

    @Override
    public MemorySegment key(int i) {
        return MemorySegment.ofArray(entries.get(i).key);
    }

    @Override
    public MemorySegment value(int i) {
        return entries.get(i).value();
    }

    @Override
    public boolean isBucket(int i) {
        return leaf && entries.get(i).isBucket();
    }

    @Override
    public TreePart child(int i, Tx tx) {
        Entry entry = entries.get(i);
        return entry.child != null ? entry.child : tx.page(entry.childId);
    }

    /** The node below element {@code i} of a branch, made from its page when it is none yet. */
    Node childNode(int i, Tx tx) {
        Entry entry = entries.get(i);
        Node child = entry.child;
        if (child == null) {
            child = from(tx.page(entry.childId), this);
            entry.child = child;
        }
        return child;
    }

    byte[] firstKey() {
        return entries.getFirst().key;
    }

    void put(Entry entry) {
        int i = lowerBound(entry.key);
        if (i < entries.size() && compare(i, entry.key) == 0) {
            entries.set(i, entry);
        } else {
            entries.add(i, entry);
        }
    }

    /** Bytes of a page that would hold all entries. */
    long sizeBytes() {
        long size = Format.PAGE_HEADER_BYTES;
        for (Entry entry : entries) {
            size += entryBytes(entry);
        }
        return size;
    }

    static long entryBytes(Entry entry) {
        return (long) Format.ELEMENT_BYTES + entry.key.length + entry.valueSize();
    }

    /** Writes header, elements, keys and values; {@code target} has the size of all its pages. */
    void write(MemorySegment target, int overflow) {
        target.set(Format.U64, 0, pageId);
        target.set(Format.U16, Format.FLAGS_AT, (short) (leaf ? Format.LEAF : Format.BRANCH));
        target.set(Format.U16, Format.COUNT_AT, (short) entries.size());
        target.set(Format.U32, Format.OVERFLOW_AT, overflow);
        long element = Format.PAGE_HEADER_BYTES;
        long at = element + (long) entries.size() * Format.ELEMENT_BYTES;
        for (Entry entry : entries) {
            writeElement(target, element, (int) (at - element), entry);
            MemorySegment.copy(entry.key, 0, target, ValueLayout.JAVA_BYTE, at, entry.key.length);
            at += entry.key.length;
            entry.copyValue(target, at);
            at += entry.valueSize();
            element += Format.ELEMENT_BYTES;
        }
        target.asSlice(at).fill((byte) 0);
    }

    private void writeElement(MemorySegment target, long element, int position, Entry entry) {
        if (leaf) {
            target.set(Format.U32, element, entry.flags);
            target.set(Format.U32, element + 4, position);
            target.set(Format.U32, element + 8, entry.key.length);
            target.set(Format.U32, element + 12, entry.valueSize());
        } else {
            Node child = entry.child;
            target.set(Format.U32, element, position);
            target.set(Format.U32, element + 4, entry.key.length);
            target.set(Format.U64, element + 8, child != null ? child.pageId : entry.childId);
        }
    }
}
