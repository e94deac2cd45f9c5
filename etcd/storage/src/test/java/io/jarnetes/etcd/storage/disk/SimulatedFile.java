package io.jarnetes.etcd.storage.disk;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** An open file of a {@link SimulatedDisk}. */
final class SimulatedFile implements DiskFile {
    private static final int SECTOR_BYTES = 512;

    private final SimulatedDisk disk;
    private final Path path;
    private final Inode inode;
    private final boolean writable;
    private boolean closed;

    /** What was done since the last sync. */
    private sealed interface Change {
        void applyTo(SparseBytes contents);
    }

    private record Write(long position, byte[] bytes) implements Change {
        @Override
        public void applyTo(SparseBytes contents) {
            contents.write(bytes, 0, bytes.length, position);
        }
    }

    private record Resize(long size) implements Change {
        @Override
        public void applyTo(SparseBytes contents) {
            contents.truncate(size);
        }
    }

    /** A file, under whatever name. */
    static final class Inode {
        private final SparseBytes now;

        /** What a crash leaves for certain: written once more at each sync. */
        private final SparseBytes durable;

        private final List<Change> pending = new ArrayList<>();
        private @Nullable SimulatedFile lock;

        Inode() {
            this(new SparseBytes());
        }

        private Inode(SparseBytes contents) {
            now = contents;
            durable = contents.copy();
        }

        Inode afterCrash(RandomGenerator random, SimulatedDisk.Losses losses) {
            if (pending.isEmpty()) {
                return new Inode(durable.copy());
            }
            SparseBytes left = durable.copy();
            // What the system's cache held: a sector goes to the disk as a whole, with whatever
            // earlier writes had put into it.
            SparseBytes cache = durable.copy();
            for (Change change : pending) {
                // Whole, not at all, or in parts: each a third.
                int fate = random.nextInt(3);
                switch (change) {
                    case Resize(long size) -> {
                        cache.truncate(size);
                        if (fate != 0) {
                            left.truncate(size);
                        }
                    }
                    case Write(long position, byte[] bytes) -> {
                        cache.write(bytes, 0, bytes.length, position);
                        long first = position - position % SECTOR_BYTES;
                        long end = position + bytes.length;
                        int kept = 0;
                        int lost = 0;
                        for (long at = first; at < end; at += SECTOR_BYTES) {
                            if (fate == 1 || fate == 2 && random.nextBoolean()) {
                                copySector(cache, left, at);
                                kept++;
                            } else {
                                lost++;
                            }
                        }
                        losses.ofWrite(kept, lost);
                    }
                }
            }
            return new Inode(left);
        }

        private static void copySector(SparseBytes from, SparseBytes to, long at) {
            ByteBuffer sector = ByteBuffer.allocate(SECTOR_BYTES);
            int count = from.read(sector, at);
            to.write(sector.array(), 0, count, at);
        }
    }

    SimulatedFile(SimulatedDisk disk, Path path, Inode inode, boolean writable) {
        this.disk = disk;
        this.path = path;
        this.inode = inode;
        this.writable = writable;
    }

    @Override
    public Path path() {
        return path;
    }

    @Override
    public long size() {
        requireOpen();
        return inode.now.size();
    }

    @Override
    public int read(ByteBuffer target, long position) {
        requireOpen();
        return inode.now.read(target, position);
    }

    @Override
    public void write(ByteBuffer source, long position) {
        change();
        byte[] bytes = new byte[source.remaining()];
        source.get(bytes);
        inode.now.write(bytes, 0, bytes.length, position);
        inode.pending.add(new Write(position, bytes));
    }

    @Override
    public void truncate(long size) {
        change();
        inode.now.truncate(size);
        inode.pending.add(new Resize(size));
    }

    @Override
    public void preallocate(long size) {
        if (size > size()) {
            truncate(size);
        }
    }

    @Override
    public void sync() {
        requireOpen();
        disk.step(path);
        for (Change change : inode.pending) {
            change.applyTo(inode.durable);
        }
        inode.pending.clear();
    }

    @Override
    public MemorySegment map(long position, long size) {
        requireOpen();
        if (position + size > inode.now.size()) {
            throw new DiskException(path, "a mapping beyond the end");
        }
        return inode.now.map(position, size);
    }

    @Override
    public boolean tryLock(LockKind kind) {
        requireOpen();
        if (inode.lock != null && inode.lock != this) {
            return false;
        }
        inode.lock = this;
        return true;
    }

    @Override
    public void close() {
        closed = true;
        if (inode.lock == this) {
            inode.lock = null;
        }
    }

    private void change() {
        requireOpen();
        if (!writable) {
            throw new DiskException(path, "opened for reading only");
        }
        disk.step(path);
    }

    private void requireOpen() {
        disk.requireUp(path);
        if (closed) {
            throw new DiskException(path, "the file is closed");
        }
    }
}
