package io.jarnetes.etcd.raft;

import java.util.List;

/** A leader's messages to the others, and its commit index. */
final class Replication {
    private final Raft raft;

    Replication(Raft raft) {
        this.raft = raft;
    }

    /** Sends everybody what they lack, or just the commit index. */
    void broadcastAppend() {
        for (long id : raft.tracker.progress().keySet()) {
            if (id != raft.id) {
                sendAppend(id);
            }
        }
    }

    /** Sends a member what it lacks, or just the commit index. */
    void sendAppend(long to) {
        maybeSendAppend(to, true);
    }

    /**
     * Sends a member what it lacks, if flow control allows.
     *
     * @param evenIfEmpty whether a message without entries is worth sending
     * @return whether a message was sent
     */
    boolean maybeSendAppend(long to, boolean evenIfEmpty) {
        Progress p = raft.tracker.progress(to);
        if (p == null || p.isPaused()) {
            return false;
        }
        long prevIndex = p.next() - 1;
        long prevTerm = raft.log.termOrNegative(prevIndex);
        if (prevTerm < 0) {
            return maybeSendSnapshot(to, p);
        }
        List<Entry> entries = List.of();
        // With a full window an empty append still goes: if all that filled it was lost, its
        // answer is what empties it.
        if (p.state() != ProgressState.REPLICATE || !p.isWindowFull()) {
            try {
                entries = raft.log.entries(p.next(), raft.config.maxSizePerMsgBytes());
            } catch (StorageException.Compacted e) {
                return maybeSendSnapshot(to, p);
            }
        }
        if (entries.isEmpty() && !evenIfEmpty) {
            return false;
        }
        raft.outbox.send(
                Message.of(MessageType.MSG_APP)
                        .to(to)
                        .index(prevIndex)
                        .logTerm(prevTerm)
                        .entries(entries)
                        .commit(raft.log.committed()));
        p.sentEntries(entries.size(), Entries.payloadBytes(entries));
        p.sentCommit(raft.log.committed());
        return true;
    }

    private boolean maybeSendSnapshot(long to, Progress p) {
        if (!p.isRecentActive()) {
            raft.trace.debug(
                    "ignore sending snapshot to "
                            + Ids.hex(to)
                            + " since it is not recently active");
            return false;
        }
        Snapshot snapshot;
        try {
            snapshot = raft.log.snapshot();
        } catch (StorageException.SnapshotTemporarilyUnavailable e) {
            raft.trace.debug(
                    raft.me()
                            + " failed to send snapshot to "
                            + Ids.hex(to)
                            + " because snapshot is temporarily unavailable");
            return false;
        }
        if (snapshot.isEmpty()) {
            throw new IllegalStateException(
                    "log begins at " + raft.log.firstIndex() + " but there is no snapshot");
        }
        SnapshotMetadata at = snapshot.metadata();
        raft.trace.debug(
                raft.me()
                        + " [firstindex: "
                        + raft.log.firstIndex()
                        + ", commit: "
                        + raft.log.committed()
                        + "] sent snapshot[index: "
                        + at.index()
                        + ", term: "
                        + at.term()
                        + "] to "
                        + Ids.hex(to)
                        + " ["
                        + p
                        + "]");
        p.becomeSnapshot(at.index());
        raft.outbox.send(Message.of(MessageType.MSG_SNAP).to(to).snapshot(snapshot));
        return true;
    }

    /** Heartbeats to everybody, with the number of the last waiting read. */
    void broadcastHeartbeat(byte[] context) {
        raft.tracker
                .progress()
                .forEach((id, p) -> {
                    if (id != raft.id) {
                        sendHeartbeat(id, p, context);
                    }
                });
    }

    private void sendHeartbeat(long to, Progress p, byte[] context) {
        // Not beyond what the member is known to have: its log may differ after that.
        long commit = Math.min(p.match(), raft.log.committed());
        raft.outbox.send(
                Message.of(MessageType.MSG_HEARTBEAT).to(to).commit(commit).context(context));
        p.sentCommit(commit);
    }

    /** Commits what a quorum has, if that is of the own term (Raft §5.4.2); true if it moved. */
    boolean maybeCommit() {
        long index = raft.tracker.committed();
        if (index > raft.log.committed() && raft.log.matches(index, raft.term)) {
            raft.log.commitTo(index);
            return true;
        }
        return false;
    }
}
