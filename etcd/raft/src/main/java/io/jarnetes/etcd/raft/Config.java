package io.jarnetes.etcd.raft;

import java.util.random.RandomGenerator;

/**
 * How a {@link RawNode} is started.
 *
 * @param id this member, not 0
 * @param electionTicks ticks without a leader before a follower campaigns; the real time-out is
 *     random in {@code [electionTicks, 2 * electionTicks)}. More than {@code heartbeatTicks}
 * @param heartbeatTicks ticks between two heartbeats of a leader, at least 1
 * @param storage the stable log
 * @param applied the last index that the application has applied; raft hands out what follows. It
 *     may be beyond the saved commit index, which isn't always synced, but not beyond the log
 * @param maxSizePerMsgBytes limit of entries in one append; a single entry may be larger
 * @param maxCommittedSizePerReadyBytes limit of entries that are handed out and not yet {@link
 *     RawNode#appliedTo applied}
 * @param maxUncommittedSizeBytes limit of a leader's uncommitted data; beyond it proposals are
 *     dropped
 * @param maxInflightMsgs limit of unanswered appends to one follower
 * @param maxInflightBytes limit of unanswered data to one follower
 * @param checkQuorum whether a leader steps down when it hears of no quorum for an election
 *     time-out, and members in touch with a leader ignore campaigns
 * @param preVote whether to ask before raising the term (thesis §9.6)
 * @param disableProposalForwarding whether followers drop proposals instead of forwarding them
 * @param stepDownOnRemoval whether a leader steps down when it applies its own removal
 * @param random where election time-outs come from
 * @param trace who is told what happens
 */
public record Config(
        long id,
        int electionTicks,
        int heartbeatTicks,
        Storage storage,
        long applied,
        long maxSizePerMsgBytes,
        long maxCommittedSizePerReadyBytes,
        long maxUncommittedSizeBytes,
        int maxInflightMsgs,
        long maxInflightBytes,
        boolean checkQuorum,
        boolean preVote,
        boolean disableProposalForwarding,
        boolean stepDownOnRemoval,
        RandomGenerator random,
        Trace trace) {

    /** No limit. */
    public static final long NO_LIMIT = Long.MAX_VALUE;

    /** etcd's limit of one append (1 MiB). */
    public static final long MAX_SIZE_PER_MSG_BYTES = 1024 * 1024;

    /** etcd's limit of unanswered appends (4096 / 8). */
    public static final int MAX_INFLIGHT_MSGS = 4096 / 8;

    public Config {
        require(id != 0, "cannot use none as id");
        require(heartbeatTicks > 0, "heartbeat tick must be greater than 0");
        require(
                electionTicks > heartbeatTicks,
                "election tick must be greater than heartbeat tick");
        require(maxInflightMsgs > 0, "max inflight messages must be greater than 0");
        require(
                maxInflightBytes >= maxSizePerMsgBytes,
                "max inflight bytes must be >= max message size");
        require(maxUncommittedSizeBytes > 0, "max uncommitted size must be greater than 0");
        require(maxCommittedSizePerReadyBytes > 0, "max committed size must be greater than 0");
    }

    private static void require(boolean holds, String message) {
        if (!holds) {
            throw new IllegalArgumentException("raft config: " + message);
        }
    }

    /** etcd's settings: pre-vote, check-quorum, 10 and 1 ticks. */
    public static Builder builder(long id, Storage storage, RandomGenerator random) {
        return new Builder(id, storage, random);
    }

    /** Makes a {@link Config}. */
    public static final class Builder {
        private final long id;
        private final Storage storage;
        private final RandomGenerator random;
        private int electionTicks = 10;
        private int heartbeatTicks = 1;
        private long applied;
        private long maxSizePerMsgBytes = MAX_SIZE_PER_MSG_BYTES;
        private long maxCommittedSizePerReadyBytes = MAX_SIZE_PER_MSG_BYTES;
        private long maxUncommittedSizeBytes = NO_LIMIT;
        private int maxInflightMsgs = MAX_INFLIGHT_MSGS;
        private long maxInflightBytes = NO_LIMIT;
        private boolean checkQuorum = true;
        private boolean preVote = true;
        private boolean disableProposalForwarding;
        private boolean stepDownOnRemoval;
        private Trace trace = Trace.NONE;

        private Builder(long id, Storage storage, RandomGenerator random) {
            this.id = id;
            this.storage = storage;
            this.random = random;
        }

        public Builder electionTicks(int value) {
            electionTicks = value;
            return this;
        }

        public Builder heartbeatTicks(int value) {
            heartbeatTicks = value;
            return this;
        }

        public Builder applied(long value) {
            applied = value;
            return this;
        }

        public Builder maxSizePerMsgBytes(long value) {
            maxSizePerMsgBytes = value;
            return this;
        }

        public Builder maxCommittedSizePerReadyBytes(long value) {
            maxCommittedSizePerReadyBytes = value;
            return this;
        }

        public Builder maxUncommittedSizeBytes(long value) {
            maxUncommittedSizeBytes = value;
            return this;
        }

        public Builder maxInflightMsgs(int value) {
            maxInflightMsgs = value;
            return this;
        }

        public Builder maxInflightBytes(long value) {
            maxInflightBytes = value;
            return this;
        }

        public Builder checkQuorum(boolean value) {
            checkQuorum = value;
            return this;
        }

        public Builder preVote(boolean value) {
            preVote = value;
            return this;
        }

        public Builder disableProposalForwarding(boolean value) {
            disableProposalForwarding = value;
            return this;
        }

        public Builder stepDownOnRemoval(boolean value) {
            stepDownOnRemoval = value;
            return this;
        }

        public Builder trace(Trace value) {
            trace = value;
            return this;
        }

        public Config build() {
            return new Config(
                    id,
                    electionTicks,
                    heartbeatTicks,
                    storage,
                    applied,
                    maxSizePerMsgBytes,
                    maxCommittedSizePerReadyBytes,
                    maxUncommittedSizeBytes,
                    maxInflightMsgs,
                    maxInflightBytes,
                    checkQuorum,
                    preVote,
                    disableProposalForwarding,
                    stepDownOnRemoval,
                    random,
                    trace);
        }
    }
}
