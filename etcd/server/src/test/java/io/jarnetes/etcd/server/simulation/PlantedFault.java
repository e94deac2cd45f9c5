package io.jarnetes.etcd.server.simulation;

/** Faults that the simulation must find; they prove that its checks look. */
enum PlantedFault {
    NONE,
    /** Nothing is synced, so that a crash loses what was promised. */
    SKIP_SYNC,
    /** The vote is never saved. */
    FORGET_VOTE,
    /** Answers leave before the write they promise. */
    ANSWER_BEFORE_SYNC,
    /** One member leaves a membership change out. */
    DROP_CONF_CHANGE,
    /** Reads are served without asking a quorum. */
    READ_WITHOUT_QUORUM
}
