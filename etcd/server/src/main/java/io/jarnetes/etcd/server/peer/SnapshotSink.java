package io.jarnetes.etcd.server.peer;

import java.nio.ByteBuffer;

/**
 * Where one incoming database goes. Called on the transport's executor, one call at a time, ending
 * with exactly one of {@link #commit} and {@link #abort}.
 */
public interface SnapshotSink {
    /** Writes the next bytes. */
    void write(ByteBuffer bytes);

    /** Everything came: makes it durable under its final name. */
    void commit();

    /** The transfer broke off: leaves nothing behind. */
    void abort();

    /** Makes the sinks. */
    interface Factory {
        /** Begins to receive the database of the snapshot at {@code index}. */
        SnapshotSink open(long index);
    }
}
