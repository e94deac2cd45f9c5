package io.jarnetes.etcd.storage.backend;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** The keys of the bucket {@code meta}, and how numbers stand there. */
public final class Meta {
    /** The applied index, 8 bytes big endian. */
    public static final String CONSISTENT_INDEX = "consistent_index";

    /** The term of the applied index, 8 bytes big endian; since 3.5. */
    public static final String TERM = "term";

    /** Raft's ConfState as JSON; since 3.5. */
    public static final String CONF_STATE = "confState";

    /** The version of the schema, "3.6.0"; since 3.6. */
    public static final String STORAGE_VERSION = "storageVersion";

    /** The revision that a compaction was asked for, 17 bytes. */
    public static final String SCHEDULED_COMPACT_REV = "scheduledCompactRev";

    /** The revision up to which a compaction is done, 17 bytes. */
    public static final String FINISHED_COMPACT_REV = "finishedCompactRev";

    private Meta() {}

    /** A name as a key. */
    public static byte[] key(String name) {
        return name.getBytes(StandardCharsets.US_ASCII);
    }

    /** A number as 8 bytes, big endian. */
    public static byte[] bytes(long number) {
        return ByteBuffer.allocate(Long.BYTES).putLong(number).array();
    }

    /**
     * 8 bytes, big endian, as a number.
     *
     * @throws BadPairException when there are not 8
     */
    public static long number(byte[] value) {
        if (value.length != Long.BYTES) {
            throw new BadPairException("has " + value.length + " bytes instead of 8");
        }
        return ByteBuffer.wrap(value).getLong();
    }
}
