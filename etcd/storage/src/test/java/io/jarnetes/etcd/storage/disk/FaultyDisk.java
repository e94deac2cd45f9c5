package io.jarnetes.etcd.storage.disk;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A disk with a fault planted: tests that stay green on it test nothing. */
public final class FaultyDisk implements Disk {
    private final Disk disk;
    private final Fault fault;

    /** What is wrong. */
    public enum Fault {
        /** Syncs of files do nothing. */
        SKIP_FDATASYNC,
        /** Syncs of directories do nothing. */
        SKIP_DIRECTORY_SYNC,
        /** Pages of a bbolt file are held back until after its meta page is durable. */
        META_FIRST
    }

    public FaultyDisk(Disk disk, Fault fault) {
        this.disk = disk;
        this.fault = fault;
    }

    @Override
    public DiskFile open(Path path, OpenMode mode) {
        return new FaultyFile(disk.open(path, mode));
    }

    @Override
    public boolean exists(Path path) {
        return disk.exists(path);
    }

    @Override
    public List<String> list(Path directory) {
        return disk.list(directory);
    }

    @Override
    public void createDirectories(Path directory) {
        disk.createDirectories(directory);
    }

    @Override
    public void rename(Path from, Path to) {
        disk.rename(from, to);
    }

    @Override
    public boolean delete(Path path) {
        return disk.delete(path);
    }

    @Override
    public void syncDirectory(Path directory) {
        if (fault != Fault.SKIP_DIRECTORY_SYNC) {
            disk.syncDirectory(directory);
        }
    }

    private final class FaultyFile implements DiskFile {
        private static final int META_AREA_BYTES = 2 * 4096;
        private final DiskFile file;
        private final List<Runnable> heldBack = new ArrayList<>();

        FaultyFile(DiskFile file) {
            this.file = file;
        }

        @Override
        public Path path() {
            return file.path();
        }

        @Override
        public long size() {
            return file.size();
        }

        @Override
        public int read(ByteBuffer target, long position) {
            return file.read(target, position);
        }

        @Override
        public void write(ByteBuffer source, long position) {
            if (fault == Fault.META_FIRST && position >= META_AREA_BYTES) {
                byte[] bytes = new byte[source.remaining()];
                source.get(bytes);
                heldBack.add(() -> file.write(ByteBuffer.wrap(bytes), position));
            } else {
                file.write(source, position);
                if (!heldBack.isEmpty()) {
                    file.sync();
                    heldBack.forEach(Runnable::run);
                    heldBack.clear();
                }
            }
        }

        @Override
        public void truncate(long size) {
            file.truncate(size);
        }

        @Override
        public void preallocate(long size) {
            file.preallocate(size);
        }

        @Override
        public void sync() {
            if (fault != Fault.SKIP_FDATASYNC) {
                file.sync();
            }
        }

        @Override
        public MemorySegment map(long position, long size) {
            return file.map(position, size);
        }

        @Override
        public boolean tryLock(LockKind kind) {
            return file.tryLock(kind);
        }

        @Override
        public void close() {
            file.close();
        }
    }
}
