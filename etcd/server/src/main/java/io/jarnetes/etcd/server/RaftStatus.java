package io.jarnetes.etcd.server;

import io.jarnetes.etcd.raft.StateType;

/**
 * Where the member stands, as its raft thread last saw it.
 *
 * @param lead the leader's id, 0 for none
 */
public record RaftStatus(long lead, StateType role, long term, long committed, long lastIndex) {
    /** Before the first round. */
    static final RaftStatus NONE = new RaftStatus(0, StateType.FOLLOWER, 0, 0, 0);
}
