package io.jarnetes.etcd.raft;

import java.util.Map;

/**
 * A picture of a member at one moment.
 *
 * @param applied the last index the application said it applied
 * @param lastIndex the last index of the log, on disk or not
 * @param leadTransferee to whom the leader is handing over, 0 for nobody
 * @param progress what the leader knows of each member, itself included; empty on others
 */
public record Status(
        long id,
        HardState hardState,
        SoftState softState,
        long applied,
        long lastIndex,
        long leadTransferee,
        ConfState confState,
        Map<Long, Peer> progress) {

    /**
     * What the leader knows of a member.
     *
     * @param match the highest index known to be on its disk
     * @param next the index the next append to it begins with
     * @param recentActive whether it was heard of since the last quorum check
     */
    public record Peer(
            long match,
            long next,
            ProgressState state,
            boolean learner,
            boolean recentActive,
            long pendingSnapshot) {}
}
