package io.jarnetes.etcd.raft;

/** What a follower or learner does with messages of its term. */
final class Follower {
    private final Raft raft;

    Follower(Raft raft) {
        this.raft = raft;
    }

    void step(Message m) {
        switch (m.type()) {
            case MSG_PROP -> forwardProposal(m);
            case MSG_APP -> {
                heardOf(m.from());
                append(m);
            }
            case MSG_HEARTBEAT -> {
                heardOf(m.from());
                raft.log.commitTo(m.commit());
                raft.outbox.send(
                        Message.of(MessageType.MSG_HEARTBEAT_RESP)
                                .to(m.from())
                                .context(m.context()));
            }
            case MSG_SNAP -> {
                heardOf(m.from());
                snapshot(m);
            }
            case MSG_TRANSFER_LEADER -> forward(m, "leader transfer msg");
            case MSG_READ_INDEX -> forward(m, "index reading msg");
            case MSG_FORGET_LEADER -> forgetLeader();
            case MSG_TIMEOUT_NOW -> {
                raft.trace.info(
                        raft.me()
                                + " [term "
                                + raft.term
                                + "] received MsgTimeoutNow from "
                                + Ids.hex(m.from())
                                + " and starts an election to get leadership.");
                raft.elections.hup(Elections.Campaign.TRANSFER);
            }
            case MSG_READ_INDEX_RESP -> readIndexAnswer(m);
            default -> {
                // Nothing else concerns a follower.
            }
        }
    }

    private void heardOf(long leader) {
        raft.electionElapsed = 0;
        raft.lead = leader;
    }

    private void forwardProposal(Message m) {
        if (raft.lead == Ids.NONE) {
            raft.trace.info(raft.me() + " no leader at term " + raft.term + "; dropping proposal");
            throw new ProposalDroppedException("no leader at term " + raft.term);
        }
        if (raft.config.disableProposalForwarding()) {
            raft.trace.info(
                    raft.me()
                            + " not forwarding to leader "
                            + Ids.hex(raft.lead)
                            + " at term "
                            + raft.term
                            + "; dropping proposal");
            throw new ProposalDroppedException("forwarding is disabled");
        }
        raft.outbox.send(m.toBuilder().to(raft.lead));
    }

    private void forward(Message m, String what) {
        if (raft.lead == Ids.NONE) {
            raft.trace.info(raft.me() + " no leader at term " + raft.term + "; dropping " + what);
            return;
        }
        raft.outbox.send(m.toBuilder().term(0).to(raft.lead));
    }

    private void forgetLeader() {
        if (raft.lead != Ids.NONE) {
            raft.trace.info(
                    raft.me()
                            + " forgetting leader "
                            + Ids.hex(raft.lead)
                            + " at term "
                            + raft.term);
            raft.lead = Ids.NONE;
        }
    }

    private void readIndexAnswer(Message m) {
        if (m.entries().size() != 1) {
            raft.trace.warn(
                    raft.me()
                            + " invalid format of MsgReadIndexResp from "
                            + Ids.hex(m.from())
                            + ", entries count: "
                            + m.entries().size());
            return;
        }
        raft.readStates.add(new ReadState(m.index(), m.entries().getFirst().data()));
    }

    private void append(Message m) {
        Message.Builder answer = Message.of(MessageType.MSG_APP_RESP).to(m.from());
        if (m.index() < raft.log.committed()) {
            raft.outbox.send(answer.index(raft.log.committed()));
            return;
        }
        long last =
                raft.log.maybeAppend(
                        new RaftLog.EntryId(m.logTerm(), m.index()), m.entries(), m.commit());
        if (last >= 0) {
            raft.outbox.send(answer.index(last));
            return;
        }
        raft.trace.debug(
                raft.me()
                        + " [logterm: "
                        + raft.log.termOrZero(m.index())
                        + ", index: "
                        + m.index()
                        + "] rejected MsgApp [logterm: "
                        + m.logTerm()
                        + ", index: "
                        + m.index()
                        + "] from "
                        + Ids.hex(m.from()));
        // The leader's log has no term above logTerm up to index, so nothing of this log above
        // that term can match: one answer skips a whole diverged tail.
        RaftLog.EntryId hint =
                raft.log.findConflictByTerm(Math.min(m.index(), raft.log.lastIndex()), m.logTerm());
        raft.outbox.send(
                answer.index(m.index()).reject(true).rejectHint(hint.index()).logTerm(hint.term()));
    }

    private void snapshot(Message m) {
        SnapshotMetadata at = m.snapshot().metadata();
        boolean restored = restore(m.snapshot());
        raft.trace.info(
                raft.me()
                        + " [commit: "
                        + raft.log.committed()
                        + "] "
                        + (restored ? "restored" : "ignored")
                        + " snapshot [index: "
                        + at.index()
                        + ", term: "
                        + at.term()
                        + "]");
        raft.outbox.send(
                Message.of(MessageType.MSG_APP_RESP)
                        .to(m.from())
                        .index(restored ? raft.log.lastIndex() : raft.log.committed()));
    }

    private boolean restore(Snapshot s) {
        SnapshotMetadata at = s.metadata();
        if (at.index() <= raft.log.committed()) {
            return false;
        }
        ConfState conf = at.confState();
        boolean member =
                conf.voters().contains(raft.id)
                        || conf.learners().contains(raft.id)
                        || conf.votersOutgoing().contains(raft.id);
        if (!member) {
            raft.trace.warn(
                    raft.me()
                            + " attempted to restore snapshot but it is not in the ConfState "
                            + conf
                            + "; should never happen");
            return false;
        }
        if (raft.log.matches(at.index(), at.term())) {
            raft.trace.info(
                    raft.me()
                            + " [commit: "
                            + raft.log.committed()
                            + "] fast-forwarded commit to snapshot [index: "
                            + at.index()
                            + ", term: "
                            + at.term()
                            + "]");
            raft.log.commitTo(at.index());
            return false;
        }
        raft.log.restore(s);
        raft.restoreConfiguration(conf);
        return true;
    }
}
