package io.jarnetes.etcd.storage.bbolt;

import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.BitSet;

/** Finds the free pages when a file is opened: from its list, or as those that no tree reaches. */
final class PageScan {
    private final Pages pages;
    private final long highWater;
    private final BitSet reached = new BitSet();

    private PageScan(Pages pages, long highWater) {
        this.pages = pages;
        this.highWater = highWater;
    }

    static Freelist freelist(Path path, Pages pages, Meta meta) {
        Freelist freelist = new Freelist();
        if (meta.highWater() > Integer.MAX_VALUE) {
            throw new UnsupportedOperationException(
                    path + ": more than 2^31 pages are not supported");
        }
        if (meta.freelist() != Format.NO_FREELIST) {
            Page list = pages.page(meta.freelist(), meta.highWater());
            Commit.FreelistPage.decode(list, meta.highWater()).stream().forEach(freelist::addFree);
            return freelist;
        }
        PageScan scan = new PageScan(pages, meta.highWater());
        scan.tree(meta.root(), 0);
        int end = (int) meta.highWater();
        for (int id = scan.reached.nextClearBit((int) Format.FIRST_PAGE);
                id < end;
                id = scan.reached.nextClearBit(id + 1)) {
            freelist.addFree(id);
        }
        return freelist;
    }

    private void tree(long id, int depth) {
        Page page = pages.treePage(id, highWater);
        for (long i = id; i < id + page.pages(); i++) {
            if (reached.get((int) i)) {
                throw page.corrupt(0, "page " + i + " is reached twice");
            }
            reached.set((int) i);
        }
        if (depth > Format.DEEPEST_TREE) {
            throw page.corrupt(0, "the tree is deeper than " + depth + " pages");
        }
        for (int i = 0; i < page.count(); i++) {
            if (!page.leaf()) {
                tree(page.childId(i), depth + 1);
            } else if (page.isBucket(i)) {
                long root = rootOf(page, i);
                if (root != 0) {
                    tree(root, depth + 1);
                }
            }
        }
    }

    private static long rootOf(Page page, int i) {
        MemorySegment value = page.value(i);
        if (value.byteSize() < Format.BUCKET_HEADER_BYTES) {
            throw page.corrupt(
                    0, "element " + i + " is a bucket of " + value.byteSize() + " bytes");
        }
        return value.get(Format.U64, 0);
    }
}
