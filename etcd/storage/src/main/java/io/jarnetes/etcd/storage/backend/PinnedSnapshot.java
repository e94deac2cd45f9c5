package io.jarnetes.etcd.storage.backend;

import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;

/**
 * A snapshot that holds its version of the file until it is closed.
 *
 * @param file of its own, not shared with views
 */
record PinnedSnapshot(FileRef file) implements Backend.Snapshot {
    @Override
    public long size() {
        return file.reader().size();
    }

    @Override
    public void writeTo(WritableByteChannel target) {
        file.reader().writeTo(target);
    }

    @Override
    public void read(long position, ByteBuffer target) {
        file.reader().read(position, target);
    }

    @Override
    public void close() {
        file.release();
    }
}
