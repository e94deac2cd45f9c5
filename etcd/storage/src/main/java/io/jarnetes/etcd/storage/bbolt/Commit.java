package io.jarnetes.etcd.storage.bbolt;

import io.jarnetes.etcd.storage.disk.DiskFile;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.BitSet;

/**
 * The steps that make a transaction durable: all pages, a sync, the meta page, a sync. Until the
 * meta page is whole on disk the version before is what a crash leaves.
 */
final class Commit {
    private final DiskFile file;
    private final Pages pages;
    private final Freelist freelist;
    private final Options options;
    private final PageWriter writer;
    private boolean writing;
    private Meta committed = new Meta(0, 0, 0, 0, 0, 0);

    Commit(DiskFile file, Pages pages, Freelist freelist, Options options) {
        this.file = file;
        this.pages = pages;
        this.freelist = freelist;
        this.options = options;
        this.writer = new PageWriter(file, pages.pageSize());
    }

    /** Whether the last run got as far as writing, so that its failure leaves the disk unknown. */
    boolean writing() {
        return writing;
    }

    /** What the last run made. */
    Meta committed() {
        return committed;
    }

    CommitTimes run(Tx tx) {
        writing = false;
        long start = options.nanoClock().getAsLong();
        new Rebalance(tx).bucket(tx.root());
        long rebalanced = options.nanoClock().getAsLong();
        new Spill(tx).bucket(tx.root());
        MemorySegment list = freelistPages(tx);
        Meta meta = tx.nextMeta(list.byteSize() == 0 ? Format.NO_FREELIST : pageId(list));
        long spilled = options.nanoClock().getAsLong();
        writing = true;
        grow(tx);
        writer.write(tx.placed());
        if (list.byteSize() > 0) {
            writer.write(list, pageId(list) * tx.pageSize());
        }
        sync();
        writeMeta(meta);
        sync();
        committed = meta;
        long written = options.nanoClock().getAsLong();
        return new CommitTimes(
                rebalanced - start, spilled - rebalanced, written - spilled, tx.placed().size());
    }

    private void grow(Tx tx) {
        long needed = (tx.highWater() + 1) * tx.pageSize();
        if (tx.highWater() > tx.meta().highWater() && needed > pages.fileBytes()) {
            pages.grow(needed + options.growthBytes());
            sync();
        }
    }

    private void sync() {
        if (!options.noSync()) {
            file.sync();
        }
    }

    private void writeMeta(Meta meta) {
        long id = meta.txid() & 1;
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment page = arena.allocate(meta.pageSize());
            meta.write(page, id);
            writer.write(page, id * meta.pageSize());
        }
    }

    private static long pageId(MemorySegment page) {
        return page.get(Format.U64, 0);
    }

    /** The new freelist's pages; empty when the file keeps none. The old ones are given up. */
    private MemorySegment freelistPages(Tx tx) {
        Meta before = tx.meta();
        if (before.freelist() != Format.NO_FREELIST) {
            tx.free(pages.page(before.freelist(), before.highWater()));
        }
        if (!options.freelistSync()) {
            return MemorySegment.NULL;
        }
        long most = 1 + freelist.freeAndPending(true).cardinality();
        long size = Format.PAGE_HEADER_BYTES + most * Long.BYTES;
        int count = Math.toIntExact(size / tx.pageSize() + 1);
        long id = tx.allocate(count);
        return FreelistPage.encode(id, count, tx.pageSize(), freelist.freeAndPending(true));
    }

    /** The pages of a list, as many as were set aside for it. */
    static final class FreelistPage {
        private FreelistPage() {}

        static MemorySegment encode(long id, int pages, int pageSize, BitSet free) {
            MemorySegment target = MemorySegment.ofArray(new byte[pages * pageSize]);
            int count = free.cardinality();
            boolean large = count >= Format.COUNT_IN_BODY;
            target.set(Format.U64, 0, id);
            target.set(Format.U16, Format.FLAGS_AT, (short) Format.FREELIST);
            target.set(Format.U16, Format.COUNT_AT, (short) (large ? Format.COUNT_IN_BODY : count));
            target.set(Format.U32, Format.OVERFLOW_AT, pages - 1);
            long at = Format.PAGE_HEADER_BYTES;
            if (large) {
                target.set(Format.U64, at, count);
                at += Long.BYTES;
            }
            for (int page = free.nextSetBit(0); page >= 0; page = free.nextSetBit(page + 1)) {
                target.set(Format.U64, at, page);
                at += Long.BYTES;
            }
            return target;
        }

        /** The pages of a list in a file, each within the file. */
        static BitSet decode(Page page, long highWater) {
            MemorySegment bytes = page.bytes();
            if (bytes.get(Format.U16, Format.FLAGS_AT) != Format.FREELIST) {
                throw page.corrupt(0, "a freelist page was expected");
            }
            long count = page.count();
            long at = Format.PAGE_HEADER_BYTES;
            if (count == Format.COUNT_IN_BODY) {
                count = bytes.get(Format.U64, at);
                at += Long.BYTES;
            }
            if (count < 0 || count > (bytes.byteSize() - at) / Long.BYTES) {
                throw page.corrupt(0, "a freelist of " + count + " pages in too little room");
            }
            BitSet free = new BitSet();
            for (long i = 0; i < count; i++, at += Long.BYTES) {
                long id = bytes.get(Format.U64, at);
                if (id < Format.FIRST_PAGE || id >= highWater || free.get((int) id)) {
                    throw page.corrupt(at, "page " + id + " cannot be free, or is so twice");
                }
                free.set((int) id);
            }
            return free;
        }
    }
}
