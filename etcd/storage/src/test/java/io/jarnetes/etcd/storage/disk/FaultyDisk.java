package io.jarnetes.etcd.storage.disk;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A disk with a fault planted: tests that stay green on it test nothing. */
public final class FaultyDisk extends ForwardingDisk {
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
        super(disk);
        this.fault = fault;
    }

    @Override
    public DiskFile open(Path path, OpenMode mode) {
        DiskFile file = super.open(path, mode);
        return switch (fault) {
            case SKIP_FDATASYNC -> new NeverSynced(file);
            case META_FIRST -> isDatabase(path) ? new MetaFirst(file) : file;
            case SKIP_DIRECTORY_SYNC -> file;
        };
    }

    private static boolean isDatabase(Path path) {
        return String.valueOf(path.getFileName()).startsWith("db");
    }

    @Override
    public void syncDirectory(Path directory) {
        if (fault != Fault.SKIP_DIRECTORY_SYNC) {
            super.syncDirectory(directory);
        }
    }

    private static final class NeverSynced extends File {
        NeverSynced(DiskFile file) {
            super(file);
        }

        @Override
        public void sync() {}
    }

    private static final class MetaFirst extends File {
        private static final int META_AREA_BYTES = 2 * 4096;

        private final List<Runnable> heldBack = new ArrayList<>();

        MetaFirst(DiskFile file) {
            super(file);
        }

        @Override
        public void write(ByteBuffer source, long position) {
            if (position >= META_AREA_BYTES) {
                byte[] bytes = new byte[source.remaining()];
                source.get(bytes);
                heldBack.add(() -> file.write(ByteBuffer.wrap(bytes), position));
                return;
            }
            file.write(source, position);
            if (!heldBack.isEmpty()) {
                file.sync();
                heldBack.forEach(Runnable::run);
                heldBack.clear();
            }
        }
    }
}
