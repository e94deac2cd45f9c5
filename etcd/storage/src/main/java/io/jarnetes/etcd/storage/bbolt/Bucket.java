package io.jarnetes.etcd.storage.bbolt;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.Collection;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A sorted map of keys (1 to 32,768 bytes, compared unsigned) to values or nested buckets.
 *
 * <p>Arrays that are handed in are kept, not copied, until the transaction ends: don't change them.
 */
public final class Bucket {
    private static final double DEFAULT_FILL = 0.5;
    private static final double LEAST_FILL = 0.1;

    private final Tx tx;
    private final byte[] name;
    private final @Nullable Page inline;
    // Of the writer only: what was opened, so that each bucket has one state.
    private final TreeMap<byte[], Bucket> opened = new TreeMap<>(Arrays::compareUnsigned);
    private final long rootPage;
    private long sequence;
    private @Nullable Node rootNode;
    private double fillPercent = DEFAULT_FILL;
    private int changes;

    private Bucket(Tx tx, byte[] name, long rootPage, long sequence, @Nullable Page inline) {
        this.tx = tx;
        this.name = name;
        this.rootPage = rootPage;
        this.sequence = sequence;
        this.inline = inline;
    }

    static Bucket root(Tx tx, long rootPage, long sequence) {
        return new Bucket(tx, new byte[0], rootPage, sequence, null);
    }

    private static Bucket nested(Tx tx, byte[] name, TreePart leaf, int index) {
        MemorySegment value = leaf.value(index);
        if (value.byteSize() < Format.BUCKET_HEADER_BYTES) {
            throw new io.jarnetes.etcd.storage.disk.CorruptFileException(
                    tx.db().path(),
                    leaf instanceof Page page ? page.offset() : 0,
                    "a nested bucket of " + value.byteSize() + " bytes",
                    Page.ADVICE);
        }
        long root = value.get(Format.U64, 0);
        long offset = leaf instanceof Page page ? page.offset() + page.valueAt(index) : 0;
        Page inline = root == 0 ? Page.inline(tx.db().path(), offset, value) : null;
        return new Bucket(tx, name, root, value.get(Format.U64, 8), inline);
    }

    /** The value of a key, valid until the transaction closes; null for none or a nested bucket. */
    public @Nullable MemorySegment get(byte[] key) {
        TreePart leaf = leafOf(key);
        int i = leaf.lowerBound(key);
        return holds(leaf, i, key) && !leaf.isBucket(i) ? leaf.value(i) : null;
    }

    /** A copy of the value of a key; null for none or a nested bucket. */
    public byte @Nullable [] getBytes(byte[] key) {
        MemorySegment value = get(key);
        return value == null ? null : value.toArray(ValueLayout.JAVA_BYTE);
    }

    /** Sets a value. */
    public void put(byte[] key, byte[] value) {
        requireKey(key);
        if (value.length > Format.LARGEST_VALUE_BYTES) {
            throw new IllegalArgumentException("value of " + value.length + " bytes is too large");
        }
        Node node = nodeOf(key);
        int i = node.lowerBound(key);
        if (holds(node, i, key) && node.isBucket(i)) {
            throw new IllegalArgumentException("the key is that of a nested bucket");
        }
        node.put(Entry.pair(key, value, 0));
        changes++;
    }

    /** Deletes a key; {@code false} when there was none. */
    public boolean delete(byte[] key) {
        tx.requireWritable();
        TreePart leaf = leafOf(key);
        int i = leaf.lowerBound(key);
        if (!holds(leaf, i, key)) {
            return false;
        }
        if (leaf.isBucket(i)) {
            throw new IllegalArgumentException("the key is that of a nested bucket");
        }
        remove(key);
        return true;
    }

    private void remove(byte[] key) {
        Node node = nodeOf(key);
        node.entries.remove(node.lowerBound(key));
        node.shrunk = true;
        changes++;
    }

    /** A nested bucket, or null. */
    public @Nullable Bucket bucket(byte[] key) {
        tx.requireOpen();
        Bucket known = tx.writable() ? opened.get(key) : null;
        if (known != null) {
            return known;
        }
        TreePart leaf = leafOf(key);
        int i = leaf.lowerBound(key);
        if (!holds(leaf, i, key) || !leaf.isBucket(i)) {
            return null;
        }
        Bucket child = nested(tx, key.clone(), leaf, i);
        if (tx.writable()) {
            opened.put(child.name, child);
        }
        return child;
    }

    /** A nested bucket, made when it is not there. */
    public Bucket createBucketIfNotExists(byte[] key) {
        requireKey(key);
        Bucket known = bucket(key);
        if (known != null) {
            return known;
        }
        TreePart leaf = leafOf(key);
        if (holds(leaf, leaf.lowerBound(key), key)) {
            throw new IllegalArgumentException("the key has a value, it cannot be a bucket");
        }
        Bucket child = new Bucket(tx, key.clone(), 0, 0, null);
        Node root = Node.emptyLeaf();
        child.rootNode = root;
        nodeOf(key).put(Entry.pair(child.name, child.inlineValue(root), Format.BUCKET_ELEMENT));
        opened.put(child.name, child);
        changes++;
        return child;
    }

    /** Deletes a nested bucket and all in it; {@code false} when there was none. */
    public boolean deleteBucket(byte[] key) {
        tx.requireWritable();
        Bucket child = bucket(key);
        if (child == null) {
            return false;
        }
        child.freeAll();
        opened.remove(key);
        remove(key);
        return true;
    }

    private void freeAll() {
        Cursor cursor = cursor();
        for (boolean on = cursor.first(); on; on = cursor.next()) {
            if (cursor.isBucket()) {
                Bucket child = bucket(cursor.keyBytes());
                if (child != null) {
                    child.freeAll();
                }
            }
        }
        if (rootNode != null || rootPage != 0) {
            freePages(rootPart());
        }
    }

    private void freePages(TreePart part) {
        if (!part.leaf()) {
            for (int i = 0; i < part.count(); i++) {
                freePages(part.child(i, tx));
            }
        }
        switch (part) {
            case Node node -> tx.free(node);
            case Page page -> tx.free(page);
        }
    }

    /** A cursor that is not placed yet. */
    public Cursor cursor() {
        return new Cursor(this);
    }

    /** The number kept with the bucket. */
    public long sequence() {
        return sequence;
    }

    /** Sets the number kept with the bucket. */
    public void setSequence(long value) {
        tx.requireWritable();
        // With a root node the bucket is written again, and its number with it.
        rootNodeForWriting();
        sequence = value;
    }

    /** Adds one to the number kept with the bucket, and returns it. */
    public long nextSequence() {
        setSequence(sequence + 1);
        return sequence;
    }

    /**
     * How full pages are made when they split, from 0.1 to 1.0 (0.5 unless set). Where keys come in
     * rising order, 0.9 saves space. Lasts for the transaction.
     */
    public void fillPercent(double value) {
        fillPercent = Math.clamp(value, LEAST_FILL, 1.0);
    }

    double fillPercent() {
        return fillPercent;
    }

    Tx tx() {
        return tx;
    }

    int changes() {
        return changes;
    }

    Collection<Bucket> opened() {
        return opened.values();
    }

    @Nullable Node rootNode() {
        return rootNode;
    }

    void rootNode(Node node) {
        rootNode = node;
    }

    /** The page of the root, once the bucket is placed; 0 for an inline one. */
    long rootId() {
        return rootNode != null ? rootNode.pageId : rootPage;
    }

    TreePart rootPart() {
        if (rootNode != null) {
            return rootNode;
        }
        return inline != null ? inline : tx.page(rootPage);
    }

    void putHeader(Bucket child, byte[] value) {
        nodeOf(child.name).put(Entry.pair(child.name, value, Format.BUCKET_ELEMENT));
    }

    byte[] headerValue() {
        byte[] value = new byte[Format.BUCKET_HEADER_BYTES];
        writeHeader(MemorySegment.ofArray(value), rootId());
        return value;
    }

    byte[] inlineValue(Node root) {
        byte[] value = new byte[Format.BUCKET_HEADER_BYTES + (int) root.sizeBytes()];
        MemorySegment target = MemorySegment.ofArray(value);
        writeHeader(target, 0);
        root.write(target.asSlice(Format.BUCKET_HEADER_BYTES), 0);
        return value;
    }

    private void writeHeader(MemorySegment target, long root) {
        target.set(Format.U64, 0, root);
        target.set(Format.U64, 8, sequence);
    }

    private TreePart leafOf(byte[] key) {
        tx.requireOpen();
        TreePart part = rootPart();
        for (int depth = 0; !part.leaf(); depth++) {
            tx.db().requireDepth(depth);
            part = part.child(part.childIndex(key), tx);
        }
        return part;
    }

    private Node nodeOf(byte[] key) {
        Node node = rootNodeForWriting();
        while (!node.leaf()) {
            node = node.childNode(node.childIndex(key), tx);
        }
        return node;
    }

    private Node rootNodeForWriting() {
        Node node = rootNode;
        if (node == null) {
            node = Node.from(inline != null ? inline : tx.page(rootPage), null);
            rootNode = node;
            changes++;
        }
        return node;
    }

    private static boolean holds(TreePart leaf, int i, byte[] key) {
        return i < leaf.count() && leaf.compare(i, key) == 0;
    }

    private void requireKey(byte[] key) {
        tx.requireWritable();
        if (key.length == 0 || key.length > Format.LARGEST_KEY_BYTES) {
            throw new IllegalArgumentException(
                    "a key has 1 to " + Format.LARGEST_KEY_BYTES + " bytes, not " + key.length);
        }
    }
}
