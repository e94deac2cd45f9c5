package io.jarnetes.etcd.storage.mvcc;

import io.jarnetes.etcd.storage.backend.BadPairException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * The bytes of {@code mvccpb.KeyValue}: key 1, create_revision 2, mod_revision 3, version 4, value
 * 5, lease 6, with zeros and empties left out. They count in the hash, so they are those that
 * upstream writes, byte for byte. By hand, since every change and every read passes here.
 */
final class KeyValueCodec {
    private static final int KEY_TAG = 0x0a;
    private static final int CREATE_TAG = 0x10;
    private static final int MOD_TAG = 0x18;
    private static final int VERSION_TAG = 0x20;
    private static final int VALUE_TAG = 0x2a;
    private static final int LEASE_TAG = 0x30;
    private static final int WIRE_VARINT = 0;
    private static final int WIRE_FIXED64 = 1;
    private static final int WIRE_BYTES = 2;
    private static final int WIRE_FIXED32 = 5;

    private KeyValueCodec() {}

    static byte[] encode(KeyValue kv) {
        byte[] out =
                new byte
                        [bytesSize(kv.key())
                                + numberSize(kv.createRevision())
                                + numberSize(kv.modRevision())
                                + numberSize(kv.version())
                                + bytesSize(kv.value())
                                + numberSize(kv.lease())];
        int at = writeBytes(out, 0, KEY_TAG, kv.key());
        at = writeNumber(out, at, CREATE_TAG, kv.createRevision());
        at = writeNumber(out, at, MOD_TAG, kv.modRevision());
        at = writeNumber(out, at, VERSION_TAG, kv.version());
        at = writeBytes(out, at, VALUE_TAG, kv.value());
        writeNumber(out, at, LEASE_TAG, kv.lease());
        return out;
    }

    /** A tombstone's bytes hold the key alone. */
    static byte[] encodeTombstone(byte[] key) {
        byte[] out = new byte[bytesSize(key)];
        writeBytes(out, 0, KEY_TAG, key);
        return out;
    }

    /** Reads a copy; see {@link #read}. */
    static KeyValue decode(MemorySegment bytes) {
        return read(bytes).keyValue();
    }

    /**
     * Reads a pair where it is stored; no bytes at all are an empty one, as {@code --bump-revision}
     * leaves it.
     *
     * @throws BadPairException when these bytes are none
     */
    static StoredKeyValue read(MemorySegment bytes) {
        Input in = new Input(bytes);
        int keyAt = 0;
        int keyLength = 0;
        int valueAt = 0;
        int valueLength = 0;
        long create = 0;
        long mod = 0;
        long version = 0;
        long lease = 0;
        while (in.more()) {
            int tag = (int) in.number();
            switch (tag) {
                case KEY_TAG -> {
                    keyLength = in.length();
                    keyAt = in.jump(keyLength);
                }
                case CREATE_TAG -> create = in.number();
                case MOD_TAG -> mod = in.number();
                case VERSION_TAG -> version = in.number();
                case VALUE_TAG -> {
                    valueLength = in.length();
                    valueAt = in.jump(valueLength);
                }
                case LEASE_TAG -> lease = in.number();
                default -> in.skip(tag);
            }
        }
        return new StoredKeyValue(
                bytes, keyAt, keyLength, create, mod, version, valueAt, valueLength, lease);
    }

    /** A copy of the key alone; it comes first in what etcd writes. */
    static byte[] decodeKey(MemorySegment bytes) {
        Input in = new Input(bytes);
        while (in.more()) {
            int tag = (int) in.number();
            if (tag == KEY_TAG) {
                int length = in.length();
                int from = in.jump(length);
                return StoredKeyValue.copy(bytes, from, length);
            }
            in.skip(tag);
        }
        return KeyValue.NO_BYTES;
    }

    private static int bytesSize(byte[] bytes) {
        return bytes.length == 0 ? 0 : 1 + varintSize(bytes.length) + bytes.length;
    }

    private static int numberSize(long number) {
        return number == 0 ? 0 : 1 + varintSize(number);
    }

    private static int varintSize(long number) {
        return (Long.SIZE - Long.numberOfLeadingZeros(number | 1) + 6) / 7;
    }

    private static int writeBytes(byte[] out, int at, int tag, byte[] bytes) {
        if (bytes.length == 0) {
            return at;
        }
        out[at] = (byte) tag;
        int from = writeVarint(out, at + 1, bytes.length);
        System.arraycopy(bytes, 0, out, from, bytes.length);
        return from + bytes.length;
    }

    private static int writeNumber(byte[] out, int at, int tag, long number) {
        if (number == 0) {
            return at;
        }
        out[at] = (byte) tag;
        return writeVarint(out, at + 1, number);
    }

    private static int writeVarint(byte[] out, int from, long number) {
        int at = from;
        long rest = number;
        while ((rest & ~0x7fL) != 0) {
            out[at++] = (byte) (rest | 0x80);
            rest >>>= 7;
        }
        out[at++] = (byte) rest;
        return at;
    }

    private static final class Input {
        private final MemorySegment bytes;
        private final int size;
        private int at;

        Input(MemorySegment bytes) {
            this.bytes = bytes;
            this.size = (int) bytes.byteSize();
        }

        boolean more() {
            return at < size;
        }

        long number() {
            long result = 0;
            for (int shift = 0; shift < Long.SIZE; shift += 7) {
                if (at >= size) {
                    throw damaged();
                }
                byte b = bytes.get(ValueLayout.JAVA_BYTE, at++);
                result |= (long) (b & 0x7f) << shift;
                if (b >= 0) {
                    return result;
                }
            }
            throw damaged();
        }

        int length() {
            long length = number();
            if (length < 0 || length > size - at) {
                throw damaged();
            }
            return (int) length;
        }

        void skip(int tag) {
            switch (tag & 7) {
                case WIRE_VARINT -> number();
                case WIRE_FIXED64 -> jump(Long.BYTES);
                case WIRE_BYTES -> jump(length());
                case WIRE_FIXED32 -> jump(Integer.BYTES);
                default -> throw damaged();
            }
        }

        /** Goes on behind so many bytes; returns where they begin. */
        int jump(int length) {
            if (length > size - at) {
                throw damaged();
            }
            int from = at;
            at += length;
            return from;
        }

        private BadPairException damaged() {
            return new BadPairException(
                    "has a value that is no mvccpb.KeyValue, of %d bytes, damaged at byte %d"
                            .formatted(size, at));
        }
    }
}
