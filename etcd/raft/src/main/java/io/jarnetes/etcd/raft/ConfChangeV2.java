package io.jarnetes.etcd.raft;

import java.util.Arrays;
import java.util.List;

/**
 * Any number of changes at once (raftpb.ConfChangeV2): simple if there is at most one, else through
 * joint consensus. No changes at all leave a joint configuration.
 */
public record ConfChangeV2(Transition transition, List<ConfChangeSingle> changes, byte[] context) {

    /** How joint consensus is used; the numbers are raftpb's. */
    public enum Transition {
        /** Simple if possible, else joint and left automatically. */
        AUTO(0),
        /** Joint and left automatically. */
        JOINT_IMPLICIT(1),
        /** Joint; left by an empty change. */
        JOINT_EXPLICIT(2);

        private final int number;

        Transition(int number) {
            this.number = number;
        }

        /** The number in raftpb. */
        public int number() {
            return number;
        }

        /**
         * The transition of a number from the wire.
         *
         * @throws IllegalArgumentException if raftpb has no such transition
         */
        public static Transition of(int number) {
            return switch (number) {
                case 0 -> AUTO;
                case 1 -> JOINT_IMPLICIT;
                case 2 -> JOINT_EXPLICIT;
                default ->
                        throw new IllegalArgumentException(
                                "unknown conf change transition " + number);
            };
        }
    }

    public ConfChangeV2 {
        changes = List.copyOf(changes);
    }

    /** One change. */
    public static ConfChangeV2 single(ConfChangeType type, long nodeId, byte[] context) {
        return new ConfChangeV2(
                Transition.AUTO, List.of(new ConfChangeSingle(type, nodeId)), context);
    }

    /** Leaves a joint configuration. */
    public static ConfChangeV2 leaveJoint() {
        return new ConfChangeV2(Transition.AUTO, List.of(), Entry.NO_DATA);
    }

    /**
     * The change in an entry of type {@link EntryType#CONF_CHANGE} or {@link
     * EntryType#CONF_CHANGE_V2}.
     *
     * @throws IllegalArgumentException if the entry is of another type or its data is malformed
     */
    public static ConfChangeV2 of(Entry entry) {
        return switch (entry.type()) {
            case CONF_CHANGE -> ConfChange.unmarshal(entry.data()).asV2();
            case CONF_CHANGE_V2 -> ConfChangeCodec.unmarshalV2(entry.data());
            case NORMAL -> throw new IllegalArgumentException("not a conf change: " + entry);
        };
    }

    /** Whether it needs joint consensus. */
    public boolean entersJoint() {
        return transition != Transition.AUTO || changes.size() > 1;
    }

    /** Whether a joint configuration entered by this change is left by the leader itself. */
    public boolean autoLeaves() {
        return transition != Transition.JOINT_EXPLICIT;
    }

    /** Whether it leaves a joint configuration. */
    public boolean leavesJoint() {
        return transition == Transition.AUTO && changes.isEmpty();
    }

    /** The protobuf bytes. */
    public byte[] marshal() {
        return ConfChangeCodec.marshal(this);
    }

    @Override
    public boolean equals(Object o) {
        return o instanceof ConfChangeV2 c
                && transition == c.transition
                && changes.equals(c.changes)
                && Arrays.equals(context, c.context);
    }

    @Override
    public int hashCode() {
        return transition.hashCode() * 31 + changes.hashCode();
    }
}
