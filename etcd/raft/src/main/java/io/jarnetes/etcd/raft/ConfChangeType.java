package io.jarnetes.etcd.raft;

/** What one change does; the numbers are raftpb's. */
public enum ConfChangeType {
    ADD_NODE(0, "ConfChangeAddNode"),
    REMOVE_NODE(1, "ConfChangeRemoveNode"),
    /** Changes nothing in raft; the application's business (peer URLs). */
    UPDATE_NODE(2, "ConfChangeUpdateNode"),
    ADD_LEARNER_NODE(3, "ConfChangeAddLearnerNode");

    private final int number;
    private final String wireName;

    ConfChangeType(int number, String wireName) {
        this.number = number;
        this.wireName = wireName;
    }

    /** The number in raftpb. */
    public int number() {
        return number;
    }

    /**
     * The type of a number from the wire.
     *
     * @throws IllegalArgumentException if raftpb has no such type
     */
    public static ConfChangeType of(int number) {
        return switch (number) {
            case 0 -> ADD_NODE;
            case 1 -> REMOVE_NODE;
            case 2 -> UPDATE_NODE;
            case 3 -> ADD_LEARNER_NODE;
            default -> throw new IllegalArgumentException("unknown conf change type " + number);
        };
    }

    /** The name upstream prints: {@code ConfChangeAddNode}. */
    @Override
    public String toString() {
        return wireName;
    }
}
