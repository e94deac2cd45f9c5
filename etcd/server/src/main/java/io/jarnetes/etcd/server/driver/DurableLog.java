package io.jarnetes.etcd.server.driver;

import io.jarnetes.etcd.raft.Entry;
import io.jarnetes.etcd.raft.HardState;
import io.jarnetes.etcd.raft.Snapshot;
import java.util.List;

/** What the member must not forget: the WAL and the .snap files. */
public interface DurableLog extends AutoCloseable {
    /** Writes both, and syncs if there are entries or term or vote changed. */
    void save(HardState hardState, List<Entry> entries);

    /** Syncs what {@link #save} wrote and had no need to sync: a commit index. */
    void sync();

    /** Writes the snapshot's file, then its record in the WAL; both synced. */
    void saveSnapshot(Snapshot snapshot);

    /** Lets go of what lies before this entry. */
    void release(long index);

    @Override
    void close();
}
