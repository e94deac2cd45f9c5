package io.jarnetes.etcd.raft;

import java.util.List;

/**
 * A configuration as stored in snapshots (raftpb.ConfState). Lists are ascending by unsigned id
 * when this package makes them.
 *
 * @param voters the (incoming) voters
 * @param learners members that get the log and don't vote
 * @param votersOutgoing the old voters while in joint consensus, else empty
 * @param learnersNext voters of the old configuration that become learners on leaving it
 * @param autoLeave whether the leader leaves the joint configuration by itself
 */
public record ConfState(
        List<Long> voters,
        List<Long> learners,
        List<Long> votersOutgoing,
        List<Long> learnersNext,
        boolean autoLeave) {
    /** Nobody. */
    public static final ConfState EMPTY =
            new ConfState(List.of(), List.of(), List.of(), List.of(), false);

    public ConfState {
        voters = List.copyOf(voters);
        learners = List.copyOf(learners);
        votersOutgoing = List.copyOf(votersOutgoing);
        learnersNext = List.copyOf(learnersNext);
    }

    /** Voters only. */
    public static ConfState ofVoters(List<Long> voters) {
        return new ConfState(voters, List.of(), List.of(), List.of(), false);
    }
}
