package io.jarnetes.etcd.server;

import io.jarnetes.etcd.raft.ConfChange;
import io.jarnetes.etcd.raft.ConfChangeType;
import io.jarnetes.etcd.raft.ConfState;
import io.jarnetes.etcd.raft.Entry;
import io.jarnetes.etcd.raft.EntryType;
import io.jarnetes.etcd.raft.HardState;
import io.jarnetes.etcd.raft.MemoryStorage;
import io.jarnetes.etcd.storage.wal.Wal;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;

/**
 * {@code --force-new-cluster}: what is not committed is dropped, and committed entries are appended
 * that remove everybody else, so that this member is a cluster of one.
 */
final class ForceNewCluster {
    private ForceNewCluster() {}

    static void rewrite(MemoryStorage storage, Wal wal, long self) {
        HardState state = storage.hardState();
        List<Entry> committed = new ArrayList<>();
        if (state.commit() >= storage.firstIndex()) {
            committed.addAll(
                    storage.entries(storage.firstIndex(), state.commit() + 1, Long.MAX_VALUE));
        }
        long next = state.commit() + 1;
        List<Entry> added = new ArrayList<>();
        for (long id : others(storage.snapshot().metadata().confState(), committed, self)) {
            byte[] change =
                    new ConfChange(0, ConfChangeType.REMOVE_NODE, id, new byte[0]).marshal();
            added.add(new Entry(EntryType.CONF_CHANGE, state.term(), next++, change));
        }
        HardState rewritten = state.withCommit(next - 1);
        wal.save(rewritten, added);
        storage.append(added);
        storage.setHardState(rewritten);
    }

    private static TreeSet<Long> others(ConfState state, List<Entry> committed, long self) {
        TreeSet<Long> ids = new TreeSet<>(state.voters());
        ids.addAll(state.learners());
        for (Entry entry : committed) {
            if (entry.type() == EntryType.CONF_CHANGE) {
                ConfChange change = ConfChange.unmarshal(entry.data());
                switch (change.type()) {
                    case ADD_NODE, ADD_LEARNER_NODE -> ids.add(change.nodeId());
                    case REMOVE_NODE -> ids.remove(change.nodeId());
                    case UPDATE_NODE -> {}
                }
            }
        }
        ids.remove(self);
        return ids;
    }
}
