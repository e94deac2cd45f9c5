package io.jarnetes.etcd.storage.wal;

import io.jarnetes.etcd.raft.Entry;
import io.jarnetes.etcd.raft.HardState;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a log says after a snapshot.
 *
 * @param metadata what was handed to {@link Wal#create}: the marshalled {NodeID=1, ClusterID=2}
 * @param hardState the last one saved, {@link HardState#EMPTY} for none
 * @param entries the entries after the snapshot, without gaps
 * @param repaired what was cut off a torn tail, for the log of the member; null for nothing
 */
public record WalContents(
        byte[] metadata, HardState hardState, List<Entry> entries, @Nullable String repaired) {
    /** Keeps a copy of the list. */
    public WalContents {
        entries = List.copyOf(entries);
    }
}
