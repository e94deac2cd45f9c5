package io.jarnetes.etcd.server.peer;

import io.jarnetes.etcd.raft.Message;

/**
 * The member behind a transport. Called on event loops, so everything here must hand over and
 * return.
 */
public interface PeerRaft {
    /**
     * Takes a message from a peer.
     *
     * @throws MemberRemovedException if the sender was removed from the cluster (403)
     * @throws RuntimeException if the message can't be taken (500); the sender finds out by itself
     */
    void process(Message message);

    /** Whether this id once was a member and no longer is. */
    boolean isIdRemoved(long id);

    /** The last message to a peer was not delivered. */
    void reportUnreachable(long id);

    /** How sending a snapshot to a peer ended. */
    void reportSnapshot(long id, boolean delivered);

    /** A peer said that this member was removed from the cluster: it has to stop. */
    void removedFromCluster();

    /** A peer became reachable; on a fresh cluster a reason to campaign. */
    default void peerActive(long id) {}
}
