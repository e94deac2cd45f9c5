package io.jarnetes.etcd.raft;

/** How a vote stands. */
enum VoteResult {
    /** Not enough votes either way. */
    PENDING,
    /** A quorum refused, or can no longer agree. */
    LOST,
    WON
}
