package io.jarnetes.etcd.raft;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a leader does with messages of its term, and what only a leader has to remember. */
final class Leader {
    private final Raft raft;
    private final LeaderReads reads;

    /** To whom leadership is being handed over. */
    private long transferee;

    /** No conf change may be appended before the one that may be at this index is applied. */
    private long pendingConfIndex;

    private long uncommittedBytes;

    Leader(Raft raft) {
        this.raft = raft;
        this.reads = new LeaderReads(raft);
    }

    long transferee() {
        return transferee;
    }

    /** A new term or role: nothing of the old leadership counts. */
    void reset() {
        transferee = Ids.NONE;
        pendingConfIndex = 0;
        uncommittedBytes = 0;
        reads.reset();
    }

    /** Begins a leadership with an empty entry, which commits those of earlier terms. */
    void begin() {
        Progress self = self();
        if (self == null) {
            throw new IllegalStateException("leader " + raft.me() + " is not in its configuration");
        }
        self.becomeReplicate();
        self.setRecentActive(true);
        // There may be a conf change in the tail; looking for it would cost more than waiting.
        pendingConfIndex = raft.log.lastIndex();
        append(List.of(Entry.proposal(EntryType.NORMAL, Entry.NO_DATA)));
    }

    private @Nullable Progress self() {
        return raft.tracker.progress(raft.id);
    }

    void step(Message m) {
        switch (m.type()) {
            case MSG_BEAT -> raft.replication.broadcastHeartbeat(reads.heartbeatContext());
            case MSG_CHECK_QUORUM -> checkQuorum();
            case MSG_PROP -> propose(m);
            case MSG_READ_INDEX -> reads.request(m);
            default -> {
                Progress p = raft.tracker.progress(m.from());
                if (p == null) {
                    raft.trace.debug(raft.me() + " no progress available for " + Ids.hex(m.from()));
                } else {
                    stepMember(m, p);
                }
            }
        }
    }

    private void stepMember(Message m, Progress p) {
        switch (m.type()) {
            case MSG_APP_RESP -> {
                p.setRecentActive(true);
                if (m.reject()) {
                    rejected(m, p);
                } else {
                    acknowledged(m, p);
                }
            }
            case MSG_HEARTBEAT_RESP -> heartbeatAnswered(m, p);
            case MSG_SNAP_STATUS -> snapshotSent(m, p);
            case MSG_UNREACHABLE -> {
                // Of pipelined appends one was probably lost.
                if (p.state() == ProgressState.REPLICATE) {
                    p.becomeProbe();
                }
                raft.trace.debug(
                        raft.me()
                                + " failed to send message to "
                                + Ids.hex(m.from())
                                + " because it is unreachable ["
                                + p
                                + "]");
            }
            case MSG_TRANSFER_LEADER -> transfer(m.from(), p);
            default -> {
                // Nothing else concerns a leader.
            }
        }
    }

    private void checkQuorum() {
        boolean active = raft.tracker.isQuorumActive();
        if (!active) {
            raft.trace.warn(raft.me() + " stepped down to follower since quorum is not active");
            raft.becomeFollower(raft.term, Ids.NONE);
        }
        raft.tracker
                .progress()
                .forEach((id, p) -> {
                    if (id != raft.id) {
                        p.setRecentActive(false);
                    }
                });
    }

    // ---- proposals

    private void propose(Message m) {
        if (m.entries().isEmpty()) {
            throw new IllegalArgumentException(raft.me() + " stepped empty MsgProp");
        }
        if (self() == null) {
            throw new ProposalDroppedException("the leader was removed");
        }
        if (transferee != Ids.NONE) {
            throw new ProposalDroppedException(
                    "transfer of leadership to " + Ids.hex(transferee) + " is in progress");
        }
        List<Entry> entries = new ArrayList<>(m.entries().size());
        for (Entry e : m.entries()) {
            long index = raft.log.lastIndex() + entries.size() + 1;
            entries.add(e.type() == EntryType.NORMAL ? e : admitConfChange(e, index));
        }
        if (!append(entries)) {
            raft.trace.warn(
                    raft.me()
                            + " appending new entries to log would exceed uncommitted entry size"
                            + " limit; dropping proposal");
            throw new ProposalDroppedException("too much is uncommitted");
        }
        raft.replication.broadcastAppend();
    }

    /** One membership change at a time (thesis §4.1); another becomes an empty entry. */
    private Entry admitConfChange(Entry e, long index) {
        ConfChangeV2 change = ConfChangeV2.of(e);
        boolean joint = raft.tracker.voters().isJoint();
        boolean wantsLeave = change.changes().isEmpty();
        String refused = null;
        if (pendingConfIndex > raft.log.applied()) {
            refused =
                    "possible unapplied conf change at index "
                            + pendingConfIndex
                            + " (applied to "
                            + raft.log.applied()
                            + ")";
        } else if (joint && !wantsLeave) {
            refused = "must transition out of joint config first";
        } else if (!joint && wantsLeave) {
            refused = "not in joint state; refusing empty conf change";
        }
        if (refused == null) {
            pendingConfIndex = index;
            return e;
        }
        raft.trace.info(
                raft.me()
                        + " ignoring conf change "
                        + change.changes()
                        + " at config "
                        + raft.tracker.membership()
                        + ": "
                        + refused);
        return Entry.proposal(EntryType.NORMAL, Entry.NO_DATA);
    }

    /** Appends at the own term; false if too much is uncommitted. */
    private boolean append(List<Entry> proposals) {
        long bytes = Entries.payloadBytes(proposals);
        // Empty entries always go, and so does anything while nothing is uncommitted.
        if (uncommittedBytes > 0
                && bytes > 0
                && uncommittedBytes + bytes > raft.config.maxUncommittedSizeBytes()) {
            return false;
        }
        uncommittedBytes += bytes;
        long index = raft.log.lastIndex();
        List<Entry> entries = new ArrayList<>(proposals.size());
        for (Entry e : proposals) {
            entries.add(e.at(raft.term, ++index));
        }
        long last = raft.log.append(entries);
        // The leader's own acknowledgement waits for its disk like a follower's.
        raft.outbox.send(Message.of(MessageType.MSG_APP_RESP).to(raft.id).index(last));
        return true;
    }

    /** Entries were handed out for applying: they no longer count as uncommitted. */
    void committed(List<Entry> entries) {
        uncommittedBytes = Math.max(0, uncommittedBytes - Entries.payloadBytes(entries));
    }

    // ---- answers of members

    private void rejected(Message m, Progress p) {
        raft.trace.debug(
                raft.me()
                        + " received MsgAppResp(rejected, hint: (index "
                        + m.rejectHint()
                        + ", term "
                        + m.logTerm()
                        + ")) from "
                        + Ids.hex(m.from())
                        + " for index "
                        + m.index());
        long nextProbe = m.rejectHint();
        if (m.logTerm() > 0) {
            // The member's log has no term above logTerm up to the hint, so nothing of this log
            // above that term can match there.
            nextProbe = raft.log.findConflictByTerm(m.rejectHint(), m.logTerm()).index();
        }
        if (p.maybeDecrTo(m.index(), nextProbe)) {
            raft.trace.debug(
                    raft.me() + " decreased progress of " + Ids.hex(m.from()) + " to [" + p + "]");
            if (p.state() == ProgressState.REPLICATE) {
                p.becomeProbe();
            }
            raft.replication.sendAppend(m.from());
        }
    }

    private void acknowledged(Message m, Progress p) {
        boolean news =
                p.maybeUpdate(m.index())
                        || (p.match() == m.index() && p.state() == ProgressState.PROBE);
        if (!news) {
            return;
        }
        switch (p.state()) {
            case PROBE -> p.becomeReplicate();
            case SNAPSHOT -> {
                // Whatever snapshot it got: if the log goes on from there, no more is needed.
                if (p.match() + 1 >= raft.log.firstIndex()) {
                    p.becomeProbe();
                    p.becomeReplicate();
                }
            }
            case REPLICATE -> p.freeInflights(m.index());
        }
        boolean self = m.from() == raft.id;
        if (raft.replication.maybeCommit()) {
            reads.firstCommitMayBeDone();
            raft.replication.broadcastAppend();
        } else if (!self && p.canBumpCommit(raft.log.committed())) {
            raft.replication.sendAppend(m.from());
        }
        if (!self) {
            boolean sent;
            do {
                sent = raft.replication.maybeSendAppend(m.from(), false);
            } while (sent);
            finishTransfer(m.from(), p);
        }
    }

    private void heartbeatAnswered(Message m, Progress p) {
        p.setRecentActive(true);
        p.resume();
        // A probing member gets an append even if it has everything: its answer ends the probing.
        if (p.match() < raft.log.lastIndex() || p.state() == ProgressState.PROBE) {
            raft.replication.sendAppend(m.from());
        }
        reads.heartbeatAnswered(m);
    }

    private void snapshotSent(Message m, Progress p) {
        if (p.state() != ProgressState.SNAPSHOT) {
            return;
        }
        if (m.reject()) {
            p.becomeProbeAfterFailedSnapshot();
        } else {
            p.becomeProbe();
        }
        raft.trace.debug(
                raft.me()
                        + " snapshot "
                        + (m.reject() ? "failed" : "succeeded")
                        + ", resumed sending replication messages to "
                        + Ids.hex(m.from())
                        + " ["
                        + p
                        + "]");
        // The member's answer to the snapshot, or the next heartbeat's, lets appends go again.
        p.pause();
    }

    // ---- transfer of leadership (thesis §3.10)

    private void transfer(long to, Progress p) {
        if (p.isLearner()) {
            raft.trace.debug(
                    raft.me() + " is learner. Ignored transferring leadership to " + Ids.hex(to));
            return;
        }
        if (transferee == to) {
            raft.trace.info(
                    raft.me()
                            + " [term "
                            + raft.term
                            + "] transfer leadership to "
                            + Ids.hex(to)
                            + " is in progress, ignores request to same node "
                            + Ids.hex(to));
            return;
        }
        if (transferee != Ids.NONE) {
            raft.trace.info(
                    raft.me()
                            + " [term "
                            + raft.term
                            + "] abort previous transferring leadership"
                            + " to "
                            + Ids.hex(transferee));
            transferee = Ids.NONE;
        }
        if (to == raft.id) {
            raft.trace.debug(
                    raft.me() + " is already leader. Ignored transferring leadership to self");
            return;
        }
        raft.trace.info(
                raft.me()
                        + " [term "
                        + raft.term
                        + "] starts to transfer leadership to "
                        + Ids.hex(to));
        raft.electionElapsed = 0;
        transferee = to;
        if (!finishTransfer(to, p)) {
            raft.replication.sendAppend(to);
        }
    }

    /** Tells the transferee to campaign once it has the whole log. */
    private boolean finishTransfer(long from, Progress p) {
        if (from != transferee || p.match() != raft.log.lastIndex()) {
            return false;
        }
        raft.trace.info(
                raft.me()
                        + " sends MsgTimeoutNow to "
                        + Ids.hex(from)
                        + " as it has up-to-date log");
        raft.outbox.send(Message.of(MessageType.MSG_TIMEOUT_NOW).to(from));
        return true;
    }

    void abortTransfer() {
        transferee = Ids.NONE;
    }

    // ---- configuration

    /** After a conf change the quorum may be smaller, and newcomers need the log. */
    void configurationChanged() {
        Progress self = self();
        if (self == null || self.isLearner()) {
            if (raft.config.stepDownOnRemoval()) {
                raft.becomeFollower(raft.term, Ids.NONE);
            }
            return;
        }
        if (raft.replication.maybeCommit()) {
            reads.firstCommitMayBeDone();
            raft.replication.broadcastAppend();
        } else {
            for (long id : raft.tracker.progress().keySet()) {
                if (id != raft.id) {
                    raft.replication.maybeSendAppend(id, false);
                }
            }
        }
        if (!raft.tracker.voters().contains(transferee)) {
            transferee = Ids.NONE;
        }
    }

    /** Entries were applied: maybe the change into a joint configuration that is left by itself. */
    void applied() {
        if (!raft.tracker.membership().autoLeave() || raft.log.applied() < pendingConfIndex) {
            return;
        }
        if (transferee != Ids.NONE || self() == null) {
            return; // the next applied entry, or the next leader, tries again
        }
        raft.trace.info(
                "initiating automatic transition out of joint configuration "
                        + raft.tracker.membership());
        Entry leave = Entry.proposal(EntryType.CONF_CHANGE_V2, Entry.NO_DATA);
        propose(Message.of(MessageType.MSG_PROP).from(raft.id).entries(List.of(leave)).build());
    }
}
