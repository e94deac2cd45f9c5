package io.jarnetes.etcd.server;

import io.jarnetes.etcd.server.peer.SnapshotSink;
import io.jarnetes.etcd.storage.disk.Disk;
import io.jarnetes.etcd.storage.disk.DiskFile;
import io.jarnetes.etcd.storage.disk.OpenMode;
import io.jarnetes.etcd.storage.snap.Snapshotter;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicLong;

/** A database that comes from the leader: under a temporary name until it is whole and synced. */
final class ReceivedSnapshot implements SnapshotSink {
    private final Disk disk;
    private final Path temporary;
    private final Path target;
    private final DiskFile file;
    private long position;

    private ReceivedSnapshot(Disk disk, Path temporary, Path target) {
        this.disk = disk;
        this.temporary = temporary;
        this.target = target;
        this.file = disk.open(temporary, OpenMode.CREATE);
        file.truncate(0);
    }

    static SnapshotSink.Factory factory(Disk disk, Snapshotter snapshotter) {
        AtomicLong number = new AtomicLong(System.nanoTime() & Integer.MAX_VALUE);
        return index ->
                new ReceivedSnapshot(
                        disk,
                        snapshotter.temporaryPath(number.incrementAndGet()),
                        snapshotter.databasePath(index));
    }

    @Override
    public void write(ByteBuffer bytes) {
        int count = bytes.remaining();
        file.write(bytes, position);
        position += count;
    }

    @Override
    public void commit() {
        file.sync();
        file.close();
        disk.rename(temporary, target);
        Path directory = target.getParent();
        if (directory != null) {
            disk.syncDirectory(directory);
        }
    }

    @Override
    public void abort() {
        file.close();
        disk.delete(temporary);
    }
}
