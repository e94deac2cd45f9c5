package io.jarnetes.etcd.raft;

import java.util.List;

/**
 * The stable log as the core reads it. The driver writes to it between {@link RawNode#ready} and
 * {@link RawNode#advance}. Any other exception than the {@link StorageException}s named here stops
 * the member.
 */
public interface Storage {
    /** The saved hard state and configuration, read once at the start. */
    InitialState initialState();

    /**
     * Entries {@code lo <= index < hi}, at least one, no more than {@code maxSizeBytes} in all but
     * for the first.
     *
     * @throws StorageException.Compacted if {@code lo} is before {@link #firstIndex}
     * @throws StorageException.Unavailable if {@code hi} is beyond the last index + 1
     */
    List<Entry> entries(long lo, long hi, long maxSizeBytes);

    /**
     * The term of an entry in {@code [firstIndex - 1, lastIndex]}; the one before the first is kept
     * for matching.
     *
     * @throws StorageException.Compacted if it is before that range
     * @throws StorageException.Unavailable if it is after that range
     */
    long term(long index);

    /** The index of the last entry, or of the snapshot if there is none after it. */
    long lastIndex();

    /** The index of the first entry that {@link #entries} may give; the snapshot's plus one. */
    long firstIndex();

    /**
     * The latest snapshot.
     *
     * @throws StorageException.SnapshotTemporarilyUnavailable if it is being made; raft asks again
     */
    Snapshot snapshot();

    /** What was saved. */
    record InitialState(HardState hardState, ConfState confState) {}
}
