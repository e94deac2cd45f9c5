package io.jarnetes.etcd.server.driver;

import io.jarnetes.etcd.raft.Entry;
import io.jarnetes.etcd.raft.Message;
import io.jarnetes.etcd.raft.ReadState;
import io.jarnetes.etcd.raft.Snapshot;
import io.jarnetes.etcd.raft.SoftState;
import java.util.List;

/** What the driver tells; called on its thread, must not block. */
public interface DriverEvents {
    /** Leader or role changed. */
    void softState(SoftState state);

    /** Entries to be applied, in order; all are on this member's disk. */
    void committed(List<Entry> entries);

    /** A snapshot of the leader is on disk; the stores are to be replaced before what follows. */
    void snapshotSaved(Snapshot snapshot);

    void readStates(List<ReadState> states);

    /** A follower needs a snapshot; the database is to be sent beside this message. */
    void snapshotWanted(Message message);
}
