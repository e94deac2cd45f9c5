package io.jarnetes.etcd.server.simulation;

import io.jarnetes.etcd.storage.disk.Disk;
import io.jarnetes.etcd.storage.disk.DiskFile;
import io.jarnetes.etcd.storage.disk.ForwardingDisk;
import io.jarnetes.etcd.storage.disk.OpenMode;
import java.nio.file.Path;

/** A disk whose files say that they are synced, and aren't. */
final class UnsyncedDisk extends ForwardingDisk {
    UnsyncedDisk(Disk disk) {
        super(disk);
    }

    @Override
    public DiskFile open(Path path, OpenMode mode) {
        return new File(super.open(path, mode)) {
            @Override
            public void sync() {
                // The fault.
            }
        };
    }
}
