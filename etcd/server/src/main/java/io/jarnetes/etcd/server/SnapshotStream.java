package io.jarnetes.etcd.server;

import io.jarnetes.etcd.storage.backend.Backend;
import java.io.InputStream;
import java.nio.ByteBuffer;

/** A snapshot of the database as a stream; one reader. */
final class SnapshotStream extends InputStream {
    private final Backend.Snapshot snapshot;
    private long position;

    SnapshotStream(Backend.Snapshot snapshot) {
        this.snapshot = snapshot;
    }

    @Override
    public int read() {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] target, int offset, int length) {
        long left = snapshot.size() - position;
        if (left <= 0) {
            return -1;
        }
        int count = (int) Math.min(length, left);
        snapshot.read(position, ByteBuffer.wrap(target, offset, count));
        position += count;
        return count;
    }

    @Override
    public void close() {
        snapshot.close();
    }
}
