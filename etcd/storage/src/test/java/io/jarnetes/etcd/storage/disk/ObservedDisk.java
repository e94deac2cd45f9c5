package io.jarnetes.etcd.storage.disk;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/** A disk that counts what is done, and lets a test in before each sync of a file. */
public final class ObservedDisk extends ForwardingDisk {
    private final AtomicInteger syncs = new AtomicInteger();
    private final AtomicInteger writes = new AtomicInteger();
    private volatile Consumer<Path> beforeSync = path -> {};

    public ObservedDisk(Disk disk) {
        super(disk);
    }

    /** Syncs of files since the last call. */
    public int takeSyncs() {
        return syncs.getAndSet(0);
    }

    /** Writes since the last call. */
    public int takeWrites() {
        return writes.getAndSet(0);
    }

    /** What is run before each sync, on its thread. */
    public void beforeSync(Consumer<Path> action) {
        beforeSync = action;
    }

    @Override
    public DiskFile open(Path path, OpenMode mode) {
        return new Observed(super.open(path, mode));
    }

    private final class Observed extends File {
        Observed(DiskFile file) {
            super(file);
        }

        @Override
        public void write(ByteBuffer source, long position) {
            writes.incrementAndGet();
            file.write(source, position);
        }

        @Override
        public void sync() {
            beforeSync.accept(path());
            syncs.incrementAndGet();
            file.sync();
        }
    }
}
