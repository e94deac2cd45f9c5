package io.jarnetes.etcd.raft;

/** What a candidate or pre-candidate does with messages of its term. */
final class Candidate {
    private final Raft raft;
    private final Follower follower;

    Candidate(Raft raft, Follower follower) {
        this.raft = raft;
        this.follower = follower;
    }

    void step(Message m) {
        switch (m.type()) {
            case MSG_PROP -> {
                raft.trace.info(
                        raft.me() + " no leader at term " + raft.term + "; dropping proposal");
                throw new ProposalDroppedException("no leader at term " + raft.term);
            }
            case MSG_APP, MSG_HEARTBEAT, MSG_SNAP -> {
                // Somebody else won this term.
                raft.becomeFollower(m.term(), m.from());
                follower.step(m);
            }
            case MSG_VOTE_RESP -> pollIf(StateType.CANDIDATE, m);
            case MSG_PRE_VOTE_RESP -> pollIf(StateType.PRE_CANDIDATE, m);
            default -> {
                // Nothing else concerns a candidate.
            }
        }
    }

    /** Late answers to a pre-vote may come when the vote is on already. */
    private void pollIf(StateType state, Message m) {
        if (raft.state == state) {
            raft.elections.poll(m);
        }
    }
}
