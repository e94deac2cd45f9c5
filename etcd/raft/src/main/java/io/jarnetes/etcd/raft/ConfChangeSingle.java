package io.jarnetes.etcd.raft;

/** One step of a {@link ConfChangeV2}. A node id of 0 changes nothing. */
public record ConfChangeSingle(ConfChangeType type, long nodeId) {
    /** Upstream's form: {@code ConfChangeRemoveNode(3)}. */
    @Override
    public String toString() {
        return type + "(" + Long.toUnsignedString(nodeId) + ")";
    }
}
