package io.jarnetes.etcd.storage.wal;

import java.nio.ByteBuffer;

/** The protobuf wire format, as far as the log's few messages need it. */
final class Proto {
    static final int VARINT = 0;
    static final int FIXED64 = 1;
    static final int BYTES = 2;
    static final int FIXED32 = 5;
    private static final int LONGEST_VARINT_BYTES = 10;

    /** Bytes that are not the message they should be. */
    static final class MalformedException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        MalformedException(String message) {
            super(message, null, false, false);
        }
    }

    private Proto() {}

    static int varintBytes(long value) {
        return (Long.SIZE - Long.numberOfLeadingZeros(value | 1) + 6) / 7;
    }

    static void putVarint(ByteBuffer target, long value) {
        long rest = value;
        while ((rest & ~0x7FL) != 0) {
            target.put((byte) (rest | 0x80));
            rest >>>= 7;
        }
        target.put((byte) rest);
    }

    /** A field with a number below 16, so that its tag is one byte. */
    static void putField(ByteBuffer target, int field, long value) {
        target.put((byte) (field << 3 | VARINT));
        putVarint(target, value);
    }

    static void putBytesHeader(ByteBuffer target, int field, int length) {
        target.put((byte) (field << 3 | BYTES));
        putVarint(target, length);
    }

    static long varint(ByteBuffer source) {
        long value = 0;
        for (int i = 0; i < LONGEST_VARINT_BYTES; i++) {
            if (!source.hasRemaining()) {
                throw new MalformedException("it ends within a number");
            }
            byte next = source.get();
            value |= (long) (next & 0x7F) << (7 * i);
            if (next >= 0) {
                return value;
            }
        }
        throw new MalformedException("a number has more than 10 bytes");
    }

    /** The bytes of a length-delimited field; the source goes on after them. */
    static ByteBuffer bytes(ByteBuffer source) {
        long length = varint(source);
        if (length < 0 || length > source.remaining()) {
            throw new MalformedException("a field of " + length + " bytes goes beyond its message");
        }
        ByteBuffer field = source.slice(source.position(), (int) length);
        source.position(source.position() + (int) length);
        return field;
    }

    static byte[] copy(ByteBuffer source) {
        byte[] copy = new byte[source.remaining()];
        source.get(copy);
        return copy;
    }

    static void skip(ByteBuffer source, int wireType) {
        switch (wireType) {
            case VARINT -> varint(source);
            case FIXED64 -> advance(source, Long.BYTES);
            case BYTES -> bytes(source);
            case FIXED32 -> advance(source, Integer.BYTES);
            default -> throw new MalformedException("wire type " + wireType);
        }
    }

    private static void advance(ByteBuffer source, int count) {
        if (source.remaining() < count) {
            throw new MalformedException("it ends within a field");
        }
        source.position(source.position() + count);
    }
}
