package io.jarnetes.etcd.raft;

/**
 * Where in the log a snapshot stands (raftpb.SnapshotMetadata).
 *
 * @param confState the configuration after applying {@code index}
 * @param index the last entry the snapshot contains; 0 for no snapshot
 * @param term the term of that entry
 */
public record SnapshotMetadata(ConfState confState, long index, long term) {
    /** No snapshot. */
    public static final SnapshotMetadata EMPTY = new SnapshotMetadata(ConfState.EMPTY, 0, 0);
}
