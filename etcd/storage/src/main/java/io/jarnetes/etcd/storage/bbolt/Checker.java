package io.jarnetes.etcd.storage.bbolt;

import io.jarnetes.etcd.storage.disk.CorruptFileException;
import io.jarnetes.etcd.storage.disk.DiskFile;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Walks every page of the newest version and reports what breaks an invariant of the room. */
final class Checker {
    private static final int MOST_PROBLEMS = 100;

    private final DiskFile file;
    private final Pages pages;
    private final Meta meta;
    private final BitSet reached = new BitSet();
    private final List<String> problems = new ArrayList<>();

    Checker(DiskFile file, Pages pages, Meta meta) {
        this.file = file;
        this.pages = pages;
        this.meta = meta;
    }

    /**
     * @param free what the Db holds for free; null for a file open for reading only, whose own list
     *     is taken if it has one
     */
    List<String> run(@Nullable BitSet free) {
        guarded("meta pages", this::checkMeta);
        guarded("the tree", () -> tree(meta.root(), 0, null, null));
        BitSet listed = free == null ? null : (BitSet) free.clone();
        if (meta.freelist() != Format.NO_FREELIST) {
            Page page = pages.page(meta.freelist(), meta.highWater());
            mark(page, "the freelist");
            BitSet inFile = Commit.FreelistPage.decode(page, meta.highWater());
            if (listed == null) {
                listed = inFile;
            } else if (!listed.equals(inFile)) {
                report("the freelist in the file is not the one in use");
            }
        }
        if (listed != null) {
            compare(listed);
        }
        return List.copyOf(problems);
    }

    private void checkMeta() {
        Meta newest = DbFile.newestMeta(file);
        if (!newest.equals(meta)) {
            report("the newest meta page is of " + newest.txid() + ", in use is " + meta.txid());
        }
    }

    private void compare(BitSet free) {
        for (int id = (int) Format.FIRST_PAGE; id < meta.highWater(); id++) {
            if (free.get(id) && reached.get(id)) {
                report("page " + id + " is in use and free");
            } else if (!free.get(id) && !reached.get(id)) {
                report("page " + id + " is neither in use nor free");
            }
        }
        if (free.length() > meta.highWater()) {
            report("page " + (free.length() - 1) + " is free beyond " + meta.highWater());
        }
    }

    private void mark(Page page, String what) {
        for (long id = page.id(); id < page.id() + page.pages(); id++) {
            if (reached.get((int) id)) {
                report("page " + id + " is reached twice, now from " + what);
            }
            reached.set((int) id);
        }
    }

    private void tree(long id, int depth, byte @Nullable [] least, byte @Nullable [] limit) {
        if (id >= 0 && id < meta.highWater() && reached.get((int) id)) {
            report("page " + id + " is reached twice");
            return;
        }
        if (depth > Format.DEEPEST_TREE) {
            report("page " + id + " is too deep in its tree");
            return;
        }
        guarded(
                "page " + id,
                () -> {
                    Page page = pages.treePage(id, meta.highWater());
                    mark(page, "a tree");
                    elements(page, "page " + id, depth, least, limit);
                });
    }

    private void elements(
            Page page, String name, int depth, byte @Nullable [] least, byte @Nullable [] limit) {
        byte[] before = null;
        for (int i = 0; i < page.count(); i++) {
            byte[] key = page.keyBytes(i);
            order(name, i, key, before, least, limit);
            before = key;
            if (!page.leaf()) {
                byte[] next = i + 1 < page.count() ? page.keyBytes(i + 1) : limit;
                tree(page.childId(i), depth + 1, key, next);
            } else if (page.isBucket(i)) {
                bucket(page, i, name, depth);
            } else {
                page.valueAt(i);
            }
        }
    }

    private void bucket(Page page, int i, String name, int depth) {
        MemorySegment value = page.value(i);
        if (value.byteSize() < Format.BUCKET_HEADER_BYTES) {
            report(name + ": bucket " + i + " has only " + value.byteSize() + " bytes");
            return;
        }
        long root = value.get(Format.U64, 0);
        if (root != 0) {
            tree(root, depth + 1, null, null);
        } else {
            elements(page.inlinePage(i), name + ", inline bucket " + i, depth, null, null);
        }
    }

    private void order(
            String name,
            int i,
            byte[] key,
            byte @Nullable [] before,
            byte @Nullable [] least,
            byte @Nullable [] limit) {
        if (before != null && Arrays.compareUnsigned(before, key) >= 0) {
            report(name + ": key " + i + " " + hex(key) + " is not above the one before");
        }
        if (least != null && Arrays.compareUnsigned(key, least) < 0) {
            report(name + ": key " + i + " " + hex(key) + " is below its parent's " + hex(least));
        }
        if (limit != null && Arrays.compareUnsigned(key, limit) >= 0) {
            report(name + ": key " + i + " " + hex(key) + " is not below " + hex(limit));
        }
    }

    private void guarded(String what, Runnable check) {
        try {
            check.run();
        } catch (CorruptFileException e) {
            report(String.valueOf(e.getMessage()));
        } catch (IndexOutOfBoundsException e) {
            report(what + " reaches outside of itself: " + e.getMessage());
        }
    }

    private void report(String problem) {
        if (problems.size() < MOST_PROBLEMS) {
            problems.add(problem);
        }
    }

    private static String hex(byte[] key) {
        return HexFormat.of().formatHex(key, 0, Math.min(key.length, 32));
    }
}
