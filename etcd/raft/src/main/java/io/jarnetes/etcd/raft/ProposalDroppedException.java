package io.jarnetes.etcd.raft;

/**
 * A proposal was not taken: there is no leader, leadership is being transferred, this member is
 * removed, or too much is uncommitted. The proposer may try again.
 */
public final class ProposalDroppedException extends RuntimeException {
    private static final long serialVersionUID = 1;

    ProposalDroppedException(String why) {
        super("raft proposal dropped: " + why, null, false, false);
    }
}
