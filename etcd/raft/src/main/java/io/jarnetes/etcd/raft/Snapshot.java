package io.jarnetes.etcd.raft;

import java.util.Arrays;

/**
 * The state of the application at one index (raftpb.Snapshot). In etcd {@code data} is the v2-store
 * JSON of the membership; the database itself travels beside the message.
 */
public record Snapshot(byte[] data, SnapshotMetadata metadata) {
    /** No snapshot. */
    public static final Snapshot EMPTY = new Snapshot(Entry.NO_DATA, SnapshotMetadata.EMPTY);

    /** Whether there is none: upstream's senders put an empty one on every message. */
    public boolean isEmpty() {
        return metadata.index() == 0;
    }

    @Override
    public boolean equals(Object o) {
        return o instanceof Snapshot s
                && Arrays.equals(data, s.data)
                && metadata.equals(s.metadata);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(data) * 31 + metadata.hashCode();
    }

    @Override
    public String toString() {
        return "Snapshot[" + metadata + ", " + data.length + "B]";
    }
}
