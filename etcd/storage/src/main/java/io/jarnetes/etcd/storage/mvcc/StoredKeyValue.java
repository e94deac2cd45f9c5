package io.jarnetes.etcd.storage.mvcc;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * A pair where it is stored: in the mapped file, or in what waits for a commit. <b>It is valid
 * until the {@link ReadTxn} that found it is closed</b>; {@link #keyValue} is a copy that lives on.
 */
public final class StoredKeyValue {
    private final MemorySegment bytes;
    private final int keyAt;
    private final int keyLength;
    private final long createRevision;
    private final long modRevision;
    private final long version;
    private final int valueAt;
    private final int valueLength;
    private final long lease;

    StoredKeyValue(
            MemorySegment bytes,
            int keyAt,
            int keyLength,
            long createRevision,
            long modRevision,
            long version,
            int valueAt,
            int valueLength,
            long lease) {
        this.bytes = bytes;
        this.keyAt = keyAt;
        this.keyLength = keyLength;
        this.createRevision = createRevision;
        this.modRevision = modRevision;
        this.version = version;
        this.valueAt = valueAt;
        this.valueLength = valueLength;
        this.lease = lease;
    }

    /** The bytes of this {@code mvccpb.KeyValue} as they are stored. */
    public MemorySegment bytes() {
        return bytes;
    }

    public MemorySegment key() {
        return bytes.asSlice(keyAt, keyLength);
    }

    public MemorySegment value() {
        return bytes.asSlice(valueAt, valueLength);
    }

    public long createRevision() {
        return createRevision;
    }

    public long modRevision() {
        return modRevision;
    }

    public long version() {
        return version;
    }

    public long lease() {
        return lease;
    }

    /** A copy. */
    public KeyValue keyValue() {
        return with(copy(bytes, valueAt, valueLength));
    }

    /** A copy whose value is empty. */
    public KeyValue withoutValue() {
        return with(KeyValue.NO_BYTES);
    }

    private KeyValue with(byte[] value) {
        byte[] key = copy(bytes, keyAt, keyLength);
        return new KeyValue(key, createRevision, modRevision, version, value, lease);
    }

    /** The bytes of this {@code mvccpb.KeyValue} with an empty value. */
    public MemorySegment bytesWithoutValue() {
        return valueLength == 0
                ? bytes
                : MemorySegment.ofArray(KeyValueCodec.encode(withoutValue()));
    }

    static byte[] copy(MemorySegment from, int at, int length) {
        if (length == 0) {
            return KeyValue.NO_BYTES;
        }
        byte[] copy = new byte[length];
        MemorySegment.copy(from, ValueLayout.JAVA_BYTE, at, copy, 0, length);
        return copy;
    }
}
