package io.jarnetes.apiserver.schema.codec;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Arrays;

/**
 * A protobuf message written from its end: by the time a length must be written, what it counts is
 * there already. So fields go in from the highest number to the lowest, and list items from the
 * last to the first.
 */
final class ReverseBuffer {
    private static final int START_BYTES = 1024;
    private static final int WIRE_VARINT = 0;
    private static final int WIRE_FIXED64 = 1;
    private static final int WIRE_BYTES = 2;

    private byte[] bytes = new byte[START_BYTES];
    private int at = START_BYTES;

    /** A place to come back to: how much has been written. */
    int mark() {
        return bytes.length - at;
    }

    byte[] toByteArray() {
        return Arrays.copyOfRange(bytes, at, bytes.length);
    }

    private void room(int count) {
        if (at < count) {
            int used = bytes.length - at;
            byte[] larger = new byte[Math.max(bytes.length * 2, used + count)];
            System.arraycopy(bytes, at, larger, larger.length - used, used);
            at = larger.length - used;
            bytes = larger;
        }
    }

    void raw(byte[] content) {
        room(content.length);
        at -= content.length;
        System.arraycopy(content, 0, bytes, at, content.length);
    }

    void varint(long value) {
        int size = 1;
        for (long rest = value >>> 7; rest != 0; rest >>>= 7) {
            size++;
        }
        room(size);
        at -= size;
        long rest = value;
        for (int i = 0; i < size - 1; i++) {
            bytes[at + i] = (byte) (rest & 0x7f | 0x80);
            rest >>>= 7;
        }
        bytes[at + size - 1] = (byte) rest;
    }

    void varint(int number, long value) {
        varint(value);
        varint(number << 3 | WIRE_VARINT);
    }

    void fixed64(int number, long value) {
        room(Long.BYTES);
        at -= Long.BYTES;
        for (int i = 0; i < Long.BYTES; i++) {
            bytes[at + i] = (byte) (value >>> 8 * i);
        }
        varint(number << 3 | WIRE_FIXED64);
    }

    void bytes(int number, byte[] content) {
        raw(content);
        varint(content.length);
        varint(number << 3 | WIRE_BYTES);
    }

    void string(int number, String text) {
        bytes(number, text.getBytes(UTF_8));
    }

    /** Closes a message that was begun at {@code mark}. */
    void message(int number, int mark) {
        varint(mark() - mark);
        varint(number << 3 | WIRE_BYTES);
    }
}
