package io.jarnetes.etcd.raft;

import java.util.Arrays;

/** Campaigning and voting (Raft §5.2, §5.4.1; pre-vote: thesis §9.6). */
final class Elections {
    /** Why a member campaigns. */
    enum Campaign {
        /** Asks whether it would win, at the term it would campaign for. */
        PRE_ELECTION,
        ELECTION,
        /** The leader asked for it: no pre-vote, and voters don't protect the leader. */
        TRANSFER
    }

    private static final byte[] TRANSFER_CONTEXT = ascii(Raft.CAMPAIGN_TRANSFER);

    private final Raft raft;

    Elections(Raft raft) {
        this.raft = raft;
    }

    private static byte[] ascii(String text) {
        byte[] bytes = new byte[text.length()];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) text.charAt(i);
        }
        return bytes;
    }

    /** Campaigns if this member may. */
    void hup(Campaign kind) {
        if (raft.state == StateType.LEADER) {
            raft.trace.debug(raft.me() + " ignoring MsgHup because already leader");
        } else if (!raft.isPromotable()) {
            raft.trace.warn(raft.me() + " is unpromotable and can not campaign");
        } else if (hasUnappliedConfChanges()) {
            // It might campaign in a configuration that it isn't part of (thesis §4.2.2).
            raft.trace.warn(
                    raft.me()
                            + " cannot campaign at term "
                            + raft.term
                            + " since there are still pending configuration changes to apply");
        } else {
            raft.trace.info(raft.me() + " is starting a new election at term " + raft.term);
            campaign(kind);
        }
    }

    private boolean hasUnappliedConfChanges() {
        long lo = raft.log.applied() + 1;
        long hi = raft.log.committed() + 1;
        while (lo < hi) {
            var page = raft.log.slice(lo, hi, raft.config.maxCommittedSizePerReadyBytes());
            if (page.stream().anyMatch(e -> e.type() != EntryType.NORMAL)) {
                return true;
            }
            lo += page.size();
        }
        return false;
    }

    void campaign(Campaign kind) {
        boolean pre = kind == Campaign.PRE_ELECTION;
        if (pre) {
            raft.becomePreCandidate();
        } else {
            raft.becomeCandidate();
        }
        MessageType type = pre ? MessageType.MSG_PRE_VOTE : MessageType.MSG_VOTE;
        long term = pre ? raft.term + 1 : raft.term;
        RaftLog.EntryId last = raft.log.lastEntryId();
        for (long to : raft.tracker.voters().ids()) {
            if (to == raft.id) {
                // Its own vote counts when it is on disk, like everybody's.
                raft.outbox.send(Message.of(answerTo(type)).to(to).term(term));
                continue;
            }
            raft.trace.info(
                    raft.me()
                            + " [logterm: "
                            + last.term()
                            + ", index: "
                            + last.index()
                            + "] sent "
                            + type
                            + " request to "
                            + Ids.hex(to)
                            + " at term "
                            + raft.term);
            raft.outbox.send(
                    Message.of(type)
                            .to(to)
                            .term(term)
                            .index(last.index())
                            .logTerm(last.term())
                            .context(kind == Campaign.TRANSFER ? TRANSFER_CONTEXT : Entry.NO_DATA));
        }
    }

    private static MessageType answerTo(MessageType vote) {
        return vote == MessageType.MSG_VOTE
                ? MessageType.MSG_VOTE_RESP
                : MessageType.MSG_PRE_VOTE_RESP;
    }

    /**
     * Whether a campaign of a later term is ignored, because this member heard of a leader within
     * the shortest election time-out: so removed or badly connected members can't disturb (thesis
     * §4.2.3).
     */
    boolean ignoresCampaigns(Message m) {
        boolean inLease =
                raft.config.checkQuorum()
                        && raft.lead != Ids.NONE
                        && raft.electionElapsed < raft.config.electionTicks();
        if (!inLease || Arrays.equals(m.context(), TRANSFER_CONTEXT)) {
            return false;
        }
        raft.trace.info(
                describe("ignored", m)
                        + ": lease is not expired (remaining ticks: "
                        + (raft.config.electionTicks() - raft.electionElapsed)
                        + ")");
        return true;
    }

    /**
     * Answers MsgVote or MsgPreVote of this or a later term. Learners vote too: one that was
     * promoted may not know it yet, and the others may need its vote.
     */
    void answerVote(Message m) {
        boolean canVote =
                raft.vote == m.from()
                        || (raft.vote == Ids.NONE && raft.lead == Ids.NONE)
                        || (m.type() == MessageType.MSG_PRE_VOTE && m.term() > raft.term);
        if (!canVote || !raft.log.isUpToDate(m.logTerm(), m.index())) {
            reject(m);
            return;
        }
        raft.trace.info(describe("cast", m));
        // With the term that was asked about: a pre-candidate ignores answers of an earlier one.
        raft.outbox.send(Message.of(answerTo(m.type())).to(m.from()).term(m.term()));
        if (m.type() == MessageType.MSG_VOTE) {
            raft.electionElapsed = 0;
            raft.vote = m.from();
        }
    }

    void reject(Message m) {
        raft.trace.info(describe("rejected", m));
        raft.outbox.send(Message.of(answerTo(m.type())).to(m.from()).term(raft.term).reject(true));
    }

    private String describe(String verb, Message m) {
        RaftLog.EntryId last = raft.log.lastEntryId();
        return raft.me()
                + " [logterm: "
                + last.term()
                + ", index: "
                + last.index()
                + ", vote: "
                + Ids.hex(raft.vote)
                + "] "
                + verb
                + " "
                + m.type()
                + (verb.equals("cast") ? " for " : " from ")
                + Ids.hex(m.from())
                + " [logterm: "
                + m.logTerm()
                + ", index: "
                + m.index()
                + "] at term "
                + raft.term;
    }

    /** Counts an answer to this member's campaign. */
    void poll(Message m) {
        raft.trace.info(
                raft.me()
                        + " received "
                        + m.type()
                        + (m.reject() ? " rejection" : "")
                        + " from "
                        + Ids.hex(m.from())
                        + " at term "
                        + raft.term);
        raft.tracker.recordVote(m.from(), !m.reject());
        ProgressTracker.Tally tally = raft.tracker.tally();
        raft.trace.info(
                raft.me()
                        + " has received "
                        + tally.granted()
                        + " "
                        + m.type()
                        + " votes and "
                        + tally.rejected()
                        + " vote rejections");
        switch (tally.result()) {
            case WON -> {
                if (raft.state == StateType.PRE_CANDIDATE) {
                    campaign(Campaign.ELECTION);
                } else {
                    raft.becomeLeader();
                    raft.replication.broadcastAppend();
                }
            }
            case LOST -> raft.becomeFollower(raft.term, Ids.NONE);
            case PENDING -> {}
        }
    }
}
