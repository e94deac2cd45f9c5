package io.jarnetes.etcd.raft;

/** The role of a member, with upstream's names. */
public enum StateType {
    FOLLOWER("StateFollower"),
    CANDIDATE("StateCandidate"),
    LEADER("StateLeader"),
    PRE_CANDIDATE("StatePreCandidate");

    private final String wireName;

    StateType(String wireName) {
        this.wireName = wireName;
    }

    /** The name upstream prints: {@code StateLeader}. */
    @Override
    public String toString() {
        return wireName;
    }
}
