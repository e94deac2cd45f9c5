package io.jarnetes.etcd.raft;

import java.util.ArrayList;
import java.util.List;

/**
 * The state of a member and the rules that hold in every role: terms, transitions between roles,
 * time. What is particular to a role is in {@link Follower}, {@link Candidate} and {@link Leader}.
 */
final class Raft {
    /** The context of votes that a leader asked for: they are granted in spite of a live leader. */
    static final String CAMPAIGN_TRANSFER = "CampaignTransfer";

    final Config config;
    final long id;
    final RaftLog log;
    final Trace trace;
    final Outbox outbox;
    final Elections elections;
    final Replication replication;
    final List<ReadState> readStates = new ArrayList<>();

    private final Follower follower;
    private final Candidate candidate;
    private final Leader leader;

    ProgressTracker tracker;
    long term;
    long vote;
    long lead;
    StateType state = StateType.FOLLOWER;

    /** Ticks since the leader was heard of, or, on a leader, since the last quorum check. */
    int electionElapsed;

    private SoftState lastSoftState = new SoftState(Ids.NONE, StateType.FOLLOWER);
    private HardState lastHardState = HardState.EMPTY;
    private int heartbeatElapsed;
    private int randomizedElectionTicks;

    Raft(Config config) {
        this.config = config;
        this.id = config.id();
        this.trace = config.trace();
        this.log = new RaftLog(config.storage(), config.maxCommittedSizePerReadyBytes(), trace);
        this.tracker = newTracker(config);
        this.outbox = new Outbox(this);
        this.elections = new Elections(this);
        this.replication = new Replication(this);
        this.follower = new Follower(this);
        this.candidate = new Candidate(this, follower);
        this.leader = new Leader(this);
        start(config.storage().initialState());
    }

    private static ProgressTracker newTracker(Config config) {
        return new ProgressTracker(config.maxInflightMsgs(), config.maxInflightBytes());
    }

    private void start(Storage.InitialState saved) {
        switchTo(Changer.restore(tracker, log.lastIndex(), saved.confState()));
        if (!saved.hardState().isEmpty()) {
            log.loadCommit(Math.max(saved.hardState().commit(), config.applied()));
            term = saved.hardState().term();
            vote = saved.hardState().vote();
        }
        if (config.applied() > 0) {
            log.appliedTo(config.applied());
        }
        becomeFollower(term, Ids.NONE);
        RaftLog.EntryId last = log.lastEntryId();
        trace.info(
                "newRaft "
                        + me()
                        + " [peers: ["
                        + String.join(",", tracker.voters().ids().stream().map(Ids::hex).toList())
                        + "], term: "
                        + term
                        + ", commit: "
                        + log.committed()
                        + ", applied: "
                        + log.applied()
                        + ", lastindex: "
                        + last.index()
                        + ", lastterm: "
                        + last.term()
                        + "]");
    }

    /** This member as it appears in traces. */
    String me() {
        return Ids.hex(id);
    }

    /** The same object while it is the same: it is asked for at every turn of the driver. */
    SoftState softState() {
        SoftState last = lastSoftState;
        if (last.lead() != lead || last.raftState() != state) {
            last = new SoftState(lead, state);
            lastSoftState = last;
        }
        return last;
    }

    /** As {@link #softState}. */
    HardState hardState() {
        HardState last = lastHardState;
        long commit = log.committed();
        if (last.term() != term || last.vote() != vote || last.commit() != commit) {
            last = new HardState(term, vote, commit);
            lastHardState = last;
        }
        return last;
    }

    Leader leader() {
        return leader;
    }

    // ---- messages

    void step(Message m) {
        if (m.term() > term) {
            if (!acceptHigherTerm(m)) {
                return;
            }
        } else if (m.term() != 0 && m.term() < term) {
            answerLowerTerm(m);
            return;
        }
        switch (m.type()) {
            case MSG_HUP ->
                    elections.hup(
                            config.preVote()
                                    ? Elections.Campaign.PRE_ELECTION
                                    : Elections.Campaign.ELECTION);
            case MSG_VOTE, MSG_PRE_VOTE -> elections.answerVote(m);
            case MSG_STORAGE_APPEND_RESP -> stored(m, true);
            default -> stepRole(m);
        }
    }

    private void stepRole(Message m) {
        switch (state) {
            case FOLLOWER -> follower.step(m);
            case CANDIDATE, PRE_CANDIDATE -> candidate.step(m);
            case LEADER -> leader.step(m);
        }
    }

    /**
     * A message of a later term makes a follower of everybody, with exceptions; false to drop it.
     */
    private boolean acceptHigherTerm(Message m) {
        boolean asksVote = m.type() == MessageType.MSG_VOTE || m.type() == MessageType.MSG_PRE_VOTE;
        if (asksVote && elections.ignoresCampaigns(m)) {
            return false;
        }
        boolean keepsTerm =
                // Asking is not campaigning: the term rises only when the pre-vote was won.
                m.type() == MessageType.MSG_PRE_VOTE
                        // A granted pre-vote carries the term that was asked about.
                        || (m.type() == MessageType.MSG_PRE_VOTE_RESP && !m.reject());
        if (!keepsTerm) {
            trace.info(
                    me()
                            + " [term: "
                            + term
                            + "] received a "
                            + m.type()
                            + " message with higher term from "
                            + Ids.hex(m.from())
                            + " [term: "
                            + m.term()
                            + "]");
            boolean fromLeader =
                    m.type() == MessageType.MSG_APP
                            || m.type() == MessageType.MSG_HEARTBEAT
                            || m.type() == MessageType.MSG_SNAP;
            becomeFollower(m.term(), fromLeader ? m.from() : Ids.NONE);
        }
        return true;
    }

    private void answerLowerTerm(Message m) {
        boolean oldLeader =
                m.type() == MessageType.MSG_HEARTBEAT || m.type() == MessageType.MSG_APP;
        if (oldLeader && (config.checkQuorum() || config.preVote())) {
            // With these, a member whose term ran ahead while it was cut off can't win, and its
            // campaigns are ignored: this answer makes the leader step down and frees it.
            outbox.send(Message.of(MessageType.MSG_APP_RESP).to(m.from()));
        } else if (m.type() == MessageType.MSG_PRE_VOTE) {
            // Members of a higher term and a shorter log would deadlock if this were ignored.
            elections.reject(m);
        } else if (m.type() == MessageType.MSG_STORAGE_APPEND_RESP) {
            stored(m, false);
        } else {
            trace.info(
                    me()
                            + " [term: "
                            + term
                            + "] ignored a "
                            + m.type()
                            + " message with lower term from "
                            + Ids.hex(m.from())
                            + " [term: "
                            + m.term()
                            + "]");
        }
    }

    /**
     * What a Ready held is on disk.
     *
     * @param sameTerm if not, a later Ready may overwrite those entries, so that they must stay
     *     unstable until its own report; a snapshot is committed and so the same in all terms
     */
    private void stored(Message m, boolean sameTerm) {
        if (sameTerm && m.index() != 0) {
            log.unstable().stableTo(m.index(), m.logTerm());
        }
        if (!m.snapshot().isEmpty()) {
            long index = m.snapshot().metadata().index();
            log.unstable().stableSnapshotTo(index);
            appliedTo(Math.max(index, log.applied()));
        }
    }

    // ---- time

    void tick() {
        electionElapsed++;
        if (state == StateType.LEADER) {
            tickLeader();
        } else if (isPromotable() && electionElapsed >= randomizedElectionTicks) {
            electionElapsed = 0;
            step(local(MessageType.MSG_HUP));
        }
    }

    private void tickLeader() {
        heartbeatElapsed++;
        if (electionElapsed >= config.electionTicks()) {
            electionElapsed = 0;
            if (config.checkQuorum()) {
                step(local(MessageType.MSG_CHECK_QUORUM));
            }
            // A transfer that takes longer than an election is given up.
            if (state == StateType.LEADER) {
                leader.abortTransfer();
            }
        }
        if (state == StateType.LEADER && heartbeatElapsed >= config.heartbeatTicks()) {
            heartbeatElapsed = 0;
            step(local(MessageType.MSG_BEAT));
        }
    }

    private Message local(MessageType type) {
        return Message.of(type).from(id).build();
    }

    // ---- roles

    void becomeFollower(long newTerm, long newLead) {
        reset(newTerm);
        lead = newLead;
        state = StateType.FOLLOWER;
        trace.info(me() + " became follower at term " + term);
    }

    void becomeCandidate() {
        requireNotLeader();
        reset(term + 1);
        vote = id;
        state = StateType.CANDIDATE;
        trace.info(me() + " became candidate at term " + term);
    }

    /** Changes neither term nor vote. */
    void becomePreCandidate() {
        requireNotLeader();
        tracker.resetVotes();
        lead = Ids.NONE;
        state = StateType.PRE_CANDIDATE;
        trace.info(me() + " became pre-candidate at term " + term);
    }

    private void requireNotLeader() {
        if (state == StateType.LEADER) {
            throw new IllegalStateException("invalid transition [leader -> candidate]");
        }
    }

    void becomeLeader() {
        if (state == StateType.FOLLOWER) {
            throw new IllegalStateException("invalid transition [follower -> leader]");
        }
        reset(term);
        lead = id;
        state = StateType.LEADER;
        leader.begin();
        trace.info(me() + " became leader at term " + term);
    }

    private void reset(long newTerm) {
        if (term != newTerm) {
            term = newTerm;
            vote = Ids.NONE;
        }
        lead = Ids.NONE;
        electionElapsed = 0;
        heartbeatElapsed = 0;
        randomizedElectionTicks =
                config.electionTicks() + config.random().nextInt(config.electionTicks());
        tracker.reset(id, log.lastIndex());
        leader.reset();
    }

    /** Whether this member may become leader. */
    boolean isPromotable() {
        Progress self = tracker.progress(id);
        return self != null && !self.isLearner() && log.unstable().snapshot() == null;
    }

    // ---- configuration and applying

    ConfState applyConfChange(ConfChangeV2 change) {
        return switchTo(Changer.change(tracker, log.lastIndex(), change));
    }

    private ConfState switchTo(Changer.Result result) {
        tracker.switchTo(result);
        trace.info(me() + " switched to configuration " + tracker.membership());
        if (state == StateType.LEADER) {
            leader.configurationChanged();
        }
        return tracker.membership().toConfState();
    }

    /** Replaces the configuration by a snapshot's. */
    void restoreConfiguration(ConfState confState) {
        ProgressTracker fresh = newTracker(config);
        Changer.Result result = Changer.restore(fresh, log.lastIndex(), confState);
        tracker = fresh;
        switchTo(result);
    }

    void appliedTo(long index) {
        log.appliedTo(index);
        if (state == StateType.LEADER) {
            leader.applied();
        }
    }
}
