package io.jarnetes.etcd.storage.wal;

import io.jarnetes.etcd.raft.ConfState;
import org.jspecify.annotations.Nullable;

/**
 * Where a snapshot stands, as the log remembers it (walpb.Snapshot).
 *
 * @param index the last entry that the snapshot holds; 0 for the beginning of the log
 * @param term the term of that entry
 * @param confState the configuration there; null at the beginning, and in logs older than 3.5
 */
public record WalSnapshot(long index, long term, @Nullable ConfState confState) {
    /** The beginning of the log. */
    public static final WalSnapshot BEGINNING = new WalSnapshot(0, 0, null);
}
