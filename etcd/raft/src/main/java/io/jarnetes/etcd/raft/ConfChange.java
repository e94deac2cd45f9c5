package io.jarnetes.etcd.raft;

import java.util.Arrays;

/**
 * A change of one member (raftpb.ConfChange, "V1"), the only kind etcd puts into its log.
 *
 * @param id tells the proposer which request was applied
 * @param nodeId the member; 0 makes it change nothing, which is how the application voids a change
 *     that it refuses at apply
 * @param context the application's; in etcd the member's JSON. Empty for none
 */
public record ConfChange(long id, ConfChangeType type, long nodeId, byte[] context) {

    /** The entry to propose. */
    public Entry toEntry() {
        return Entry.proposal(EntryType.CONF_CHANGE, marshal());
    }

    /** The protobuf bytes, scalars always written, as gogo does. */
    public byte[] marshal() {
        return ConfChangeCodec.marshal(this);
    }

    /**
     * Reads the data of an entry of type {@link EntryType#CONF_CHANGE}.
     *
     * @throws IllegalArgumentException if it is no ConfChange
     */
    public static ConfChange unmarshal(byte[] data) {
        return ConfChangeCodec.unmarshalV1(data);
    }

    /** The same change in the general form. */
    public ConfChangeV2 asV2() {
        return ConfChangeV2.single(type, nodeId, context);
    }

    @Override
    public boolean equals(Object o) {
        return o instanceof ConfChange c
                && id == c.id
                && type == c.type
                && nodeId == c.nodeId
                && Arrays.equals(context, c.context);
    }

    @Override
    public int hashCode() {
        return (Long.hashCode(id) * 31 + type.hashCode()) * 31 + Long.hashCode(nodeId);
    }
}
