package io.jarnetes.etcd.server.simulation;

import io.jarnetes.etcd.raft.ConfState;
import io.jarnetes.etcd.raft.Config;
import io.jarnetes.etcd.raft.Entry;
import io.jarnetes.etcd.raft.EntryType;
import io.jarnetes.etcd.raft.HardState;
import io.jarnetes.etcd.raft.MemoryStorage;
import io.jarnetes.etcd.raft.Message;
import io.jarnetes.etcd.raft.MessageType;
import io.jarnetes.etcd.raft.RawNode;
import io.jarnetes.etcd.raft.Ready;
import io.jarnetes.etcd.raft.Snapshot;
import io.jarnetes.etcd.raft.SnapshotMetadata;
import java.util.List;
import java.util.SplittableRandom;

/** (c) of figure 8 of the Raft paper: a leader learns that a quorum has an entry of an old term. */
final class OldTermCommit {
    static final long BEFORE = 1;
    static final long OLD = 2;
    private static final long OLD_TERM = 2;
    private static final long TERM = 4;

    private OldTermCommit() {}

    /** The leader's commit index after that: {@link #BEFORE}, or {@link #OLD} in its way. */
    static long commitIndex() {
        MemoryStorage storage = new MemoryStorage();
        ConfState three = ConfState.ofVoters(List.of(1L, 2L, 3L));
        storage.applySnapshot(new Snapshot(new byte[0], new SnapshotMetadata(three, BEFORE, 1)));
        storage.append(List.of(new Entry(EntryType.NORMAL, OLD_TERM, OLD, new byte[] {1})));
        storage.setHardState(new HardState(TERM - 1, 0, BEFORE));
        RawNode node =
                new RawNode(
                        Config.builder(1, storage, new SplittableRandom(1))
                                .electionTicks(10)
                                .applied(BEFORE)
                                .preVote(false)
                                .build());
        node.campaign();
        drain(node, storage);
        node.step(answer(MessageType.MSG_VOTE_RESP, 0));
        drain(node, storage);
        node.step(answer(MessageType.MSG_APP_RESP, OLD));
        drain(node, storage);
        return node.hardState().commit();
    }

    private static Message answer(MessageType type, long index) {
        return Message.of(type).from(2).to(1).term(TERM).index(index).build();
    }

    private static void drain(RawNode node, MemoryStorage storage) {
        while (node.hasReady()) {
            Ready ready = node.ready();
            storage.append(ready.entries());
            node.advance(ready);
        }
    }
}
