package io.jarnetes.etcd.storage.disk;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;

/** A disk that hands everything on to another one; tests override what they watch or spoil. */
public class ForwardingDisk implements Disk {
    private final Disk disk;

    public ForwardingDisk(Disk disk) {
        this.disk = disk;
    }

    @Override
    public DiskFile open(Path path, OpenMode mode) {
        return disk.open(path, mode);
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

    /** A file that hands everything on. */
    public static class File implements DiskFile {
        protected final DiskFile file;

        public File(DiskFile file) {
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
            file.sync();
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
