package io.jarnetes.etcd.storage.bbolt;

import io.jarnetes.etcd.storage.disk.DiskException;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;

/**
 * The file as one version sees it: both meta pages say this version, all other pages are copied as
 * they are. Pages that this version cannot reach may change meanwhile, and nobody minds.
 */
final class SnapshotBytes {
    private static final int COPY_BYTES = 256 << 10;

    private SnapshotBytes() {}

    static long writeTo(Tx tx, WritableByteChannel target) {
        ByteBuffer buffer = ByteBuffer.allocateDirect(COPY_BYTES);
        long position = 0;
        try {
            while (position < tx.size()) {
                buffer.clear();
                read(tx, position, buffer);
                position += buffer.flip().remaining();
                while (buffer.hasRemaining()) {
                    target.write(buffer);
                }
            }
            return position;
        } catch (IOException e) {
            throw new DiskException(
                    tx.db().path(), "cannot write the snapshot out: " + e.getMessage(), e);
        }
    }

    static void read(Tx tx, long position, ByteBuffer target) {
        tx.requireOpen();
        if (tx.writable()) {
            throw new IllegalStateException("a snapshot needs a read transaction");
        }
        long at = position;
        long metaBytes = Format.FIRST_PAGE * tx.pageSize();
        while (target.hasRemaining() && at < tx.size()) {
            MemorySegment source;
            if (at < metaBytes) {
                source = metaPages(tx).asSlice(at);
            } else {
                long size = Math.min(target.remaining(), tx.size() - at);
                source = tx.raw(at, Math.min(size, tx.pageSize() - at % tx.pageSize()));
            }
            int count = (int) Math.min(source.byteSize(), target.remaining());
            target.put(source.asSlice(0, count).asByteBuffer());
            at += count;
        }
    }

    private static MemorySegment metaPages(Tx tx) {
        int pageSize = tx.pageSize();
        MemorySegment pages = MemorySegment.ofArray(new byte[2 * pageSize]);
        Meta meta = tx.meta();
        meta.write(pages, 0);
        // The second one is older, so that the first is the one that is read.
        new Meta(
                        pageSize,
                        meta.root(),
                        meta.sequence(),
                        meta.freelist(),
                        meta.highWater(),
                        meta.txid() - 1)
                .write(pages.asSlice(pageSize), 1);
        return pages;
    }
}
