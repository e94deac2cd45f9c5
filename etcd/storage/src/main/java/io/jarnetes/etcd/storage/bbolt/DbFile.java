package io.jarnetes.etcd.storage.bbolt;

import io.jarnetes.etcd.storage.disk.CorruptFileException;
import io.jarnetes.etcd.storage.disk.Disk;
import io.jarnetes.etcd.storage.disk.DiskFile;
import io.jarnetes.etcd.storage.disk.FileLockedException;
import io.jarnetes.etcd.storage.disk.LockKind;
import io.jarnetes.etcd.storage.disk.OpenMode;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/** Opening a file: its lock, its first pages, and which of its two meta pages counts. */
final class DbFile {
    private static final Duration LOCK_RETRY = Duration.ofMillis(50);
    private static final long NEW_FILE_PAGES = 4;
    private static final int LARGEST_PAGE_SHIFT = 16;

    private DbFile() {}

    static DiskFile open(Disk disk, Path path, Options options) {
        boolean isNew = !options.readOnly() && !disk.exists(path);
        DiskFile file = disk.open(path, options.readOnly() ? OpenMode.READ : OpenMode.CREATE);
        try {
            lock(file, options);
            if (!options.readOnly() && unfinished(file, options.pageSizeBytes())) {
                writeNew(file, options.pageSizeBytes());
            }
            if (isNew) {
                disk.syncDirectory(path.toAbsolutePath().resolveSibling(""));
            }
            return file;
        } catch (RuntimeException e) {
            file.close();
            throw e;
        }
    }

    private static void lock(DiskFile file, Options options) {
        LockKind kind = options.readOnly() ? LockKind.FLOCK_SHARED : LockKind.FLOCK;
        long end = System.nanoTime() + options.lockTimeout().toNanos();
        while (!file.tryLock(kind)) {
            if (System.nanoTime() - end >= 0) {
                throw new FileLockedException(file.path());
            }
            LockSupport.parkNanos(LOCK_RETRY.toNanos());
        }
    }

    /** Whether this is a file without meta pages, as a crash leaves it that comes before them. */
    private static boolean unfinished(DiskFile file, int pageSize) {
        long size = file.size();
        if (size > NEW_FILE_PAGES * pageSize) {
            return false;
        }
        ByteBuffer metas = ByteBuffer.allocate((int) Math.min(size, Format.FIRST_PAGE * pageSize));
        file.read(metas, 0);
        for (byte b : metas.array()) {
            if (b != 0) {
                return false;
            }
        }
        return true;
    }

    /**
     * Two meta pages, an empty freelist, an empty root: what upstream's new files have. The meta
     * pages come last: with one of them the file is whole.
     */
    private static void writeNew(DiskFile file, int pageSize) {
        MemorySegment all = MemorySegment.ofArray(new byte[(int) NEW_FILE_PAGES * pageSize]);
        for (int i = 0; i < Format.FIRST_PAGE; i++) {
            new Meta(pageSize, 3, 0, 2, NEW_FILE_PAGES, i)
                    .write(all.asSlice((long) i * pageSize, pageSize), i);
        }
        writeHeader(all.asSlice(2L * pageSize), 2, Format.FREELIST);
        writeHeader(all.asSlice(3L * pageSize), 3, Format.LEAF);
        long metas = Format.FIRST_PAGE * pageSize;
        file.write(all.asSlice(metas).asByteBuffer(), metas);
        file.sync();
        file.write(all.asSlice(0, metas).asByteBuffer(), 0);
        file.sync();
    }

    private static void writeHeader(MemorySegment page, long id, int flags) {
        page.set(Format.U64, 0, id);
        page.set(Format.U16, Format.FLAGS_AT, (short) flags);
    }

    /** The valid meta page with the higher transaction; its claims fit the size of the file. */
    static Meta newestMeta(DiskFile file) {
        long size = file.size();
        Meta.Result first = readMeta(file, 0);
        Meta.Result second = second(file, first);
        Meta meta =
                switch (first) {
                    case Meta.Good(Meta one) ->
                            second instanceof Meta.Good(Meta two) && two.txid() > one.txid()
                                    ? two
                                    : one;
                    case Meta.Bad(String reason) ->
                            switch (second) {
                                case Meta.Good(Meta two) -> two;
                                case Meta.Bad(String other) ->
                                        throw new CorruptFileException(
                                                file.path(),
                                                0,
                                                "no valid meta page: the first one's "
                                                        + reason
                                                        + ", the second one's "
                                                        + other,
                                                "this is no bbolt file, or it was damaged; restore"
                                                        + " it from a snapshot");
                            };
                };
        requireFit(file, meta, size);
        return meta;
    }

    private static Meta.Result second(DiskFile file, Meta.Result first) {
        if (first instanceof Meta.Good(Meta meta)) {
            return readMeta(file, meta.pageSize());
        }
        // The page size is in the first meta page: without it, try where the second one can be.
        Meta.Result result = new Meta.Bad("place is unknown");
        for (int shift = 9; shift <= LARGEST_PAGE_SHIFT; shift++) {
            result = readMeta(file, 1L << shift);
            if (result instanceof Meta.Good(Meta meta) && meta.pageSize() == 1 << shift) {
                return result;
            }
        }
        return result instanceof Meta.Good ? new Meta.Bad("place is wrong") : result;
    }

    private static Meta.Result readMeta(DiskFile file, long offset) {
        ByteBuffer buffer = ByteBuffer.allocate(Format.PAGE_HEADER_BYTES + Format.META_BYTES);
        int count = file.read(buffer, offset);
        return Meta.read(MemorySegment.ofArray(buffer.array()).asSlice(0, count));
    }

    private static void requireFit(DiskFile file, Meta meta, long size) {
        int pageSize = meta.pageSize();
        if (Integer.bitCount(pageSize) != 1 || pageSize < 1 << 9 || pageSize > 1 << 30) {
            throw new CorruptFileException(
                    file.path(), 24, "a page size of " + pageSize, Page.ADVICE);
        }
        long most = size / pageSize;
        if (meta.highWater() < Format.FIRST_PAGE || meta.highWater() > most) {
            throw new CorruptFileException(
                    file.path(),
                    size,
                    "the file ends here, and should have "
                            + Long.toUnsignedString(meta.highWater())
                            + " pages of "
                            + pageSize
                            + " bytes: it was truncated",
                    Page.ADVICE);
        }
    }
}
