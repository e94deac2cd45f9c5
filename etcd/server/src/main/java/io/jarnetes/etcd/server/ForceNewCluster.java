package io.jarnetes.etcd.server;

import io.jarnetes.etcd.raft.ConfChange;
import io.jarnetes.etcd.raft.ConfChangeType;
import io.jarnetes.etcd.raft.ConfState;
import io.jarnetes.etcd.raft.Entry;
import io.jarnetes.etcd.raft.EntryType;
import io.jarnetes.etcd.raft.HardState;
import io.jarnetes.etcd.raft.MemoryStorage;
import io.jarnetes.etcd.storage.membership.Member;
import io.jarnetes.etcd.storage.membership.MemberJson;
import io.jarnetes.etcd.storage.wal.Wal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * {@code --force-new-cluster}: what is not committed is dropped, and committed entries are appended
 * that remove everybody else, so that this member is a cluster of one.
 */
final class ForceNewCluster {
    private ForceNewCluster() {}

    /**
     * @param applied what the database holds: a commit index that alone rose is not on disk, so the
     *     log may know less of what was committed
     * @return the new commit index
     */
    static long rewrite(MemoryStorage storage, Wal wal, long self, long applied) {
        HardState state = storage.hardState();
        long commit = Math.max(state.commit(), applied);
        List<Entry> committed = new ArrayList<>();
        if (commit >= storage.firstIndex()) {
            committed.addAll(storage.entries(storage.firstIndex(), commit + 1, Long.MAX_VALUE));
        }
        Map<Long, Boolean> learners =
                learners(storage.snapshot().metadata().confState(), committed);
        Boolean learner = learners.remove(self);
        if (learner == null) {
            throw new BootException(
                    "--force-new-cluster: member "
                            + Ids.hex(self)
                            + " is no member of the cluster that its log describes: it was"
                            + " removed, or never caught up; restore from a snapshot instead"
                            + " (etcdutl snapshot restore)");
        }
        List<Entry> added = new ArrayList<>();
        if (learner) {
            // Without a vote of its own there would be nobody left who has one.
            Member promoted = new Member(self, "", List.of(), List.of(), false);
            byte[] context = MemberJson.encodeContext(promoted, true);
            added.add(change(ConfChangeType.ADD_NODE, self, context, state.term(), commit + 1));
        }
        for (long id : learners.keySet()) {
            long index = commit + 1 + added.size();
            added.add(change(ConfChangeType.REMOVE_NODE, id, new byte[0], state.term(), index));
        }
        long end = commit + added.size();
        HardState rewritten = state.withCommit(end);
        wal.save(rewritten, added);
        storage.append(added);
        storage.setHardState(rewritten);
        return end;
    }

    private static Entry change(
            ConfChangeType type, long id, byte[] context, long term, long index) {
        byte[] data = new ConfChange(0, type, id, context).marshal();
        return new Entry(EntryType.CONF_CHANGE, term, index, data);
    }

    /** Who is a member, and whether as learner. */
    private static Map<Long, Boolean> learners(ConfState state, List<Entry> committed) {
        Map<Long, Boolean> ids = new TreeMap<>(Long::compareUnsigned);
        state.voters().forEach(id -> ids.put(id, false));
        state.learners().forEach(id -> ids.put(id, true));
        for (Entry entry : committed) {
            if (entry.type() == EntryType.CONF_CHANGE) {
                ConfChange change = ConfChange.unmarshal(entry.data());
                switch (change.type()) {
                    case ADD_NODE -> ids.put(change.nodeId(), false);
                    case ADD_LEARNER_NODE -> ids.put(change.nodeId(), true);
                    case REMOVE_NODE -> ids.remove(change.nodeId());
                    case UPDATE_NODE -> {}
                }
            }
        }
        return ids;
    }
}
