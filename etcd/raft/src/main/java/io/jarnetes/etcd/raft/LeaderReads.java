package io.jarnetes.etcd.raft;

import java.util.ArrayList;
import java.util.List;

/** How a leader answers ReadIndex requests: only after a quorum has confirmed its leadership. */
final class LeaderReads {
    private final Raft raft;
    private ReadOnly readOnly = new ReadOnly();

    /** Requests that came before this leader committed an entry of its term. */
    private List<Message> early = new ArrayList<>();

    LeaderReads(Raft raft) {
        this.raft = raft;
    }

    void reset() {
        readOnly = new ReadOnly();
        early = new ArrayList<>();
    }

    byte[] heartbeatContext() {
        return readOnly.heartbeatContext();
    }

    void request(Message m) {
        if (m.entries().size() != 1) {
            raft.trace.warn(
                    raft.me()
                            + " invalid format of MsgReadIndex from "
                            + Ids.hex(m.from())
                            + ", entries count: "
                            + m.entries().size());
        } else if (raft.tracker.membership().isSingleton()) {
            answer(m, raft.log.committed());
        } else if (!hasCommittedInTerm()) {
            // Its commit index may lag behind what the last leader had committed (thesis §6.4).
            early.add(m);
        } else {
            confirm(m);
        }
    }

    private boolean hasCommittedInTerm() {
        return raft.log.termOrZero(raft.log.committed()) == raft.term;
    }

    private void confirm(Message m) {
        readOnly.add(m, raft.log.committed());
        byte[] context = readOnly.heartbeatContext();
        readOnly.ack(raft.id, context);
        raft.replication.broadcastHeartbeat(context);
    }

    /** The commit index moved. */
    void firstCommitMayBeDone() {
        if (early.isEmpty() || !hasCommittedInTerm()) {
            return;
        }
        List<Message> waiting = early;
        early = new ArrayList<>();
        waiting.forEach(this::confirm);
    }

    void heartbeatAnswered(Message m) {
        readOnly.ack(m.from(), m.context());
        for (ReadOnly.Read read : readOnly.takeConfirmed(raft.tracker.voters())) {
            answer(read.request(), read.index());
        }
    }

    private void answer(Message request, long index) {
        if (request.from() == Ids.NONE || request.from() == raft.id) {
            raft.readStates.add(new ReadState(index, request.entries().getFirst().data()));
            return;
        }
        raft.outbox.send(
                Message.of(MessageType.MSG_READ_INDEX_RESP)
                        .to(request.from())
                        .index(index)
                        .entries(request.entries()));
    }
}
