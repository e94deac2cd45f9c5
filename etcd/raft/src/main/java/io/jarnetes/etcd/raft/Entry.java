package io.jarnetes.etcd.raft;

import java.util.Arrays;

/**
 * One entry of the replicated log (raftpb.Entry).
 *
 * @param term the term of the leader that created it, 0 while it is a proposal
 * @param index its position, from 1; 0 while it is a proposal
 * @param data what the application proposed, or a marshalled conf change; empty for none. Owned by
 *     the log from here on: nobody changes it
 */
public record Entry(EntryType type, long term, long index, byte[] data) {
    /** The data of an entry that has none. */
    public static final byte[] NO_DATA = new byte[0];

    /** A proposal: term and index are given by the leader. */
    public static Entry proposal(EntryType type, byte[] data) {
        return new Entry(type, 0, 0, data);
    }

    /** This entry at a place in the log. */
    Entry at(long newTerm, long newIndex) {
        return new Entry(type, newTerm, newIndex, data);
    }

    /**
     * Size in bytes as a protobuf message, which is what the size limits of {@link Config} count.
     */
    public int sizeBytes() {
        return 2
                + 1
                + varintSize(term)
                + 1
                + varintSize(index)
                + (data.length == 0 ? 0 : 1 + varintSize(data.length) + data.length);
    }

    private static int varintSize(long value) {
        return (Long.SIZE - Long.numberOfLeadingZeros(value | 1) + 6) / 7;
    }

    @Override
    public boolean equals(Object o) {
        return o instanceof Entry e
                && type == e.type
                && term == e.term
                && index == e.index
                && Arrays.equals(data, e.data);
    }

    @Override
    public int hashCode() {
        return Long.hashCode(term * 31 + index) * 31 + Arrays.hashCode(data);
    }

    @Override
    public String toString() {
        return term + "/" + index + " " + type + " " + data.length + "B";
    }
}
