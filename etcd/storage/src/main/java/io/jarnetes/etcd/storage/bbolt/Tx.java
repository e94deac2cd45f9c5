package io.jarnetes.etcd.storage.bbolt;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A transaction: a snapshot of the file, and for the writer its changes on top. */
public final class Tx implements AutoCloseable {
    private final Db db;
    private final Meta meta;
    private final boolean writable;
    private final Bucket root;
    private final List<Runnable> afterCommit = new ArrayList<>();
    private final List<Node> placed = new ArrayList<>();
    private long highWater;
    private volatile boolean closed;

    Tx(Db db, Meta meta, boolean writable) {
        this.db = db;
        this.meta = meta;
        this.writable = writable;
        this.highWater = meta.highWater();
        this.root = Bucket.root(this, meta.root(), meta.sequence());
    }

    /** Whether this transaction may change anything. */
    public boolean writable() {
        return writable;
    }

    /** The version read (for a reader) or being made (for the writer). */
    public long id() {
        return writable ? meta.txid() + 1 : meta.txid();
    }

    /** The logical size in bytes, which is also the size of {@link #writeTo}. */
    public long size() {
        return highWater * pageSize();
    }

    /** A top-level bucket, or null. */
    public @Nullable Bucket bucket(byte[] name) {
        return root.bucket(name);
    }

    /** A top-level bucket, made when it is not there. */
    public Bucket createBucketIfNotExists(byte[] name) {
        return root.createBucketIfNotExists(name);
    }

    /** Deletes a top-level bucket and all in it; {@code false} when there was none. */
    public boolean deleteBucket(byte[] name) {
        return root.deleteBucket(name);
    }

    /** The names of the top-level buckets, in order. */
    public Cursor cursor() {
        return root.cursor();
    }

    /** Writes the whole file as this read transaction sees it; returns the bytes written. */
    public long writeTo(WritableByteChannel target) {
        return SnapshotBytes.writeTo(this, target);
    }

    /**
     * Reads from the file as this read transaction sees it, for a snapshot that is streamed; fills
     * the buffer or ends at {@link #size()}.
     */
    public void read(long position, ByteBuffer target) {
        SnapshotBytes.read(this, position, target);
    }

    /** Runs after a successful commit, in order of registration. */
    public void onCommit(Runnable action) {
        requireWritable();
        afterCommit.add(action);
    }

    /**
     * Makes the changes durable and visible, and closes the transaction. After a failure the Db
     * refuses all further writes.
     */
    public CommitTimes commit() {
        requireWritable();
        closed = true;
        CommitTimes times = db.commit(this);
        afterCommit.forEach(Runnable::run);
        return times;
    }

    /** Drops the changes and closes the transaction. */
    public void rollback() {
        requireOpen();
        closed = true;
        if (writable) {
            db.rollback();
        } else {
            db.readers().release(meta);
        }
    }

    /** Rolls back unless committed or rolled back before. */
    @Override
    public void close() {
        if (!closed) {
            rollback();
        }
    }

    Bucket root() {
        return root;
    }

    Meta meta() {
        return meta;
    }

    Db db() {
        return db;
    }

    int pageSize() {
        return meta.pageSize();
    }

    long highWater() {
        return highWater;
    }

    /** A tree page of the version that this transaction began with. */
    Page page(long id) {
        return db.pages().treePage(id, meta.highWater());
    }

    /** Gives up the pages of a node, if it has any. */
    void free(Node node) {
        if (node.pageId != 0) {
            db.freelist().free(node.pageId, node.pages);
            node.pageId = 0;
            node.pages = 0;
        }
    }

    void free(Page page) {
        db.freelist().free(page.id(), page.pages());
    }

    /** Gives a node pages of its own; written at the end of the commit. */
    void place(Node node) {
        node.pages = Math.toIntExact((node.sizeBytes() + pageSize() - 1) / pageSize());
        node.pageId = allocate(node.pages);
        placed.add(node);
    }

    long allocate(int pages) {
        long id = db.freelist().allocate(pages);
        if (id == 0) {
            id = highWater;
            highWater += pages;
            db.freelist().grew(id, pages);
        }
        return id;
    }

    List<Node> placed() {
        return placed;
    }

    /** What the meta page of this transaction says once its pages are written. */
    Meta nextMeta(long freelistPage) {
        return new Meta(pageSize(), root.rootId(), root.sequence(), freelistPage, highWater, id());
    }

    /** Bytes of the file as they are; the meta pages are the newest version's, not this one's. */
    MemorySegment raw(long offset, long size) {
        return db.pages().bytes(offset, size);
    }

    void requireOpen() {
        if (closed) {
            throw new IllegalStateException("the transaction is closed");
        }
    }

    void requireWritable() {
        requireOpen();
        if (!writable) {
            throw new IllegalStateException("the transaction is for reading only");
        }
    }
}
