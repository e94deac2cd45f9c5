package io.jarnetes.etcd.server.simulation;

import io.jarnetes.etcd.storage.disk.Disk;
import io.jarnetes.etcd.storage.disk.DiskFile;
import io.jarnetes.etcd.storage.disk.LockKind;
import io.jarnetes.etcd.storage.disk.OpenMode;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;

/** A disk whose files say that they are synced, and aren't. */
final class UnsyncedDisk implements Disk {
    private final Disk disk;

    UnsyncedDisk(Disk disk) {
        this.disk = disk;
    }

    @Override
    public DiskFile open(Path path, OpenMode mode) {
        return new UnsyncedFile(disk.open(path, mode));
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
        disk.syncDirectory(directory);
    }

    private record UnsyncedFile(DiskFile file) implements DiskFile {
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
            file.write(source, position);
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
            // The fault.
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
