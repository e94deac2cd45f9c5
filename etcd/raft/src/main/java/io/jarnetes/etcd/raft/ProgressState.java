package io.jarnetes.etcd.raft;

/** How a leader treats a follower, with upstream's names. */
public enum ProgressState {
    /** The follower's last index is unknown: one append per heartbeat or answer. */
    PROBE("StateProbe"),
    /** The follower keeps up: appends are pipelined. */
    REPLICATE("StateReplicate"),
    /** The follower needs a snapshot that is on its way: no appends. */
    SNAPSHOT("StateSnapshot");

    private final String wireName;

    ProgressState(String wireName) {
        this.wireName = wireName;
    }

    /** The name upstream prints: {@code StateProbe}. */
    @Override
    public String toString() {
        return wireName;
    }
}
