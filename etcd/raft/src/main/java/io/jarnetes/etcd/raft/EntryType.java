package io.jarnetes.etcd.raft;

/** What an entry holds; the numbers are raftpb's. */
public enum EntryType {
    /**
     * Opaque data of the application; empty data is the entry a new leader begins its term with.
     */
    NORMAL(0),
    /** A marshalled {@link ConfChange}. */
    CONF_CHANGE(1),
    /** A marshalled {@link ConfChangeV2}. Read for completeness; etcd never proposes it. */
    CONF_CHANGE_V2(2);

    private final int number;

    EntryType(int number) {
        this.number = number;
    }

    /** The number in raftpb. */
    public int number() {
        return number;
    }

    /**
     * The type of a number from the wire or the WAL.
     *
     * @throws IllegalArgumentException if raftpb has no such type
     */
    public static EntryType of(int number) {
        return switch (number) {
            case 0 -> NORMAL;
            case 1 -> CONF_CHANGE;
            case 2 -> CONF_CHANGE_V2;
            default -> throw new IllegalArgumentException("unknown raft entry type " + number);
        };
    }
}
