package io.jarnetes.etcd.storage.wal;

import io.jarnetes.etcd.storage.disk.Disk;
import io.jarnetes.etcd.storage.disk.DiskFile;
import io.jarnetes.etcd.storage.disk.FileLockedException;
import io.jarnetes.etcd.storage.disk.LockKind;
import io.jarnetes.etcd.storage.disk.OpenMode;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;

/** The segment files of an open log, each locked as upstream does it; the last is written. */
final class Segments {
    private static final int COPY_BYTES = 1 << 20;

    private final Disk disk;
    private final Path directory;
    private final WalOptions options;
    private final ArrayDeque<Segment> held = new ArrayDeque<>();
    private long spares;

    private record Segment(SegmentName name, DiskFile file) {}

    Segments(Disk disk, Path directory, WalOptions options) {
        this.disk = disk;
        this.directory = directory;
        this.options = options;
    }

    /** A new, locked file with its space reserved. */
    static DiskFile create(Disk disk, Path path, WalOptions options) {
        DiskFile file = disk.open(path, OpenMode.CREATE_NEW);
        try {
            lock(file);
            file.preallocate(options.segmentBytes());
            return file;
        } catch (RuntimeException e) {
            file.close();
            throw e;
        }
    }

    private static void lock(DiskFile file) {
        if (!file.tryLock(LockKind.OPEN_FILE_DESCRIPTION)) {
            throw new FileLockedException(file.path());
        }
    }

    static void sync(DiskFile file, WalOptions options) {
        if (!options.noSync()) {
            file.sync();
        }
    }

    Path directory() {
        return directory;
    }

    void add(SegmentName name, DiskFile file) {
        held.addLast(new Segment(name, file));
    }

    void openFrom(long index) {
        for (SegmentName name : SegmentName.from(disk, directory, index)) {
            DiskFile file = disk.open(directory.resolve(name.fileName()), OpenMode.WRITE);
            add(name, file);
            lock(file);
        }
    }

    List<DiskFile> files() {
        return held.stream().map(Segment::file).toList();
    }

    DiskFile tail() {
        return held.getLast().file();
    }

    /** Makes everything behind {@code end} zero; a torn tail is kept beside, in a .broken file. */
    void clearTail(long end, boolean torn) {
        DiskFile tail = tail();
        long size = tail.size();
        if (torn) {
            keepBroken(tail, size);
        }
        tail.truncate(end);
        tail.preallocate(Math.max(size, options.segmentBytes()));
        sync(tail, options);
    }

    private void keepBroken(DiskFile tail, long size) {
        Path path = tail.path();
        Path copy = path.resolveSibling(path.getFileName() + ".broken");
        disk.delete(copy);
        try (DiskFile target = disk.open(copy, OpenMode.CREATE_NEW)) {
            ByteBuffer buffer = ByteBuffer.allocate(COPY_BYTES);
            for (long at = 0; at < size; at += buffer.limit()) {
                buffer.clear();
                tail.read(buffer, at);
                target.write(buffer.flip(), at);
            }
            target.sync();
        }
    }

    /** The next segment's file, under a name that no reader looks at. */
    DiskFile newSpare() {
        Path path = directory.resolve(spares++ % 2 + ".tmp");
        disk.delete(path);
        return create(disk, path, options);
    }

    /** Takes a file of {@link #newSpare}, which has its first records, into the row. */
    void addSpare(DiskFile file, long index) {
        SegmentName name = new SegmentName(held.getLast().name().sequence() + 1, index);
        disk.rename(file.path(), directory.resolve(name.fileName()));
        disk.syncDirectory(directory);
        add(name, file);
    }

    void releaseTo(long index) {
        // As upstream: the last segment that starts before the index stays.
        while (held.size() > 1 && second().name().index() < index) {
            held.removeFirst().file().close();
        }
    }

    private Segment second() {
        var iterator = held.iterator();
        iterator.next();
        return iterator.next();
    }

    List<String> purge(int keep) {
        List<SegmentName> names = SegmentName.list(disk, directory);
        List<String> deleted = new ArrayList<>();
        long firstHeld = held.getFirst().name().sequence();
        for (int i = 0; i < names.size() - keep && names.get(i).sequence() < firstHeld; i++) {
            deleted.add(names.get(i).fileName());
            disk.delete(directory.resolve(names.get(i).fileName()));
        }
        if (!deleted.isEmpty()) {
            disk.syncDirectory(directory);
        }
        return deleted;
    }

    void close() {
        held.forEach(segment -> segment.file().close());
        held.clear();
    }
}
