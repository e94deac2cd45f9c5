package io.jarnetes.etcd.storage.backend;

import io.jarnetes.etcd.storage.bbolt.Options;
import io.jarnetes.etcd.storage.disk.Disk;
import java.nio.file.Path;

/** A db file that loses every third tombstone on its way to the disk: a planted fault. */
public final class FaultyFile implements BackendFile {
    private static final int TOMBSTONE_BYTES = 18;
    private static final int LOSES_EVERY = 3;

    private final BackendFile file;
    private int tombstones;

    private FaultyFile(BackendFile file) {
        this.file = file;
    }

    /** A sound file, for {@link Backend#over}. */
    public static BackendFile sound(Disk disk, Path path, Options options) {
        return BboltFile.open(disk, path, options);
    }

    /** The faulty one. */
    public static BackendFile droppingTombstones(Disk disk, Path path, Options options) {
        return new FaultyFile(sound(disk, path, options));
    }

    @Override
    public boolean writable() {
        return true;
    }

    @Override
    public Reader reader() {
        return file.reader();
    }

    @Override
    public void commit(Writer writer) {
        file.commit(changes -> writer.writeTo(dropping(changes)));
    }

    private Changes dropping(Changes changes) {
        return new Changes() {
            @Override
            public void put(Bucket bucket, byte[] key, byte[] value) {
                boolean tombstone = bucket == Bucket.KEY && key.length == TOMBSTONE_BYTES;
                if (!tombstone || ++tombstones % LOSES_EVERY != 0) {
                    changes.put(bucket, key, value);
                }
            }

            @Override
            public void delete(Bucket bucket, byte[] key) {
                changes.delete(bucket, key);
            }
        };
    }

    @Override
    public long size() {
        return file.size();
    }

    @Override
    public long sizeInUse() {
        return file.sizeInUse();
    }

    @Override
    public BackendFile defragmented() {
        return new FaultyFile(file.defragmented());
    }

    @Override
    public void close() {
        file.close();
    }
}
