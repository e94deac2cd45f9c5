package io.jarnetes.etcd.raft;

/**
 * What a member may forget.
 *
 * @param lead the leader's id, 0 for none
 */
public record SoftState(long lead, StateType raftState) {}
