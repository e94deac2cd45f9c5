package io.jarnetes.etcd.raft;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The protobuf forms of conf changes. The core reads the conf changes in its own log, and
 * protobuf's runtime stays outside of it, so these three messages (varints and byte strings only)
 * are coded by hand. Fields: ConfChange id=1 type=2 node_id=3 context=4; ConfChangeV2 transition=1
 * changes=2 context=3; ConfChangeSingle type=1 node_id=2.
 */
final class ConfChangeCodec {
    private static final int VARINT = 0;
    private static final int FIXED64 = 1;
    private static final int BYTES = 2;
    private static final int FIXED32 = 5;

    private ConfChangeCodec() {}

    static byte[] marshal(ConfChange c) {
        Writer w = new Writer();
        w.varint(1, c.id());
        w.varint(2, c.type().number());
        w.varint(3, c.nodeId());
        w.bytesUnlessEmpty(4, c.context());
        return w.toBytes();
    }

    static byte[] marshal(ConfChangeV2 c) {
        Writer w = new Writer();
        w.varint(1, c.transition().number());
        for (ConfChangeSingle single : c.changes()) {
            Writer inner = new Writer();
            inner.varint(1, single.type().number());
            inner.varint(2, single.nodeId());
            w.bytes(2, inner.toBytes());
        }
        w.bytesUnlessEmpty(3, c.context());
        return w.toBytes();
    }

    static ConfChange unmarshalV1(byte[] data) {
        long id = 0;
        int type = 0;
        long nodeId = 0;
        byte[] context = Entry.NO_DATA;
        Reader r = new Reader(data);
        while (r.next()) {
            switch (r.field) {
                case 1 -> id = r.varint();
                case 2 -> type = (int) r.varint();
                case 3 -> nodeId = r.varint();
                case 4 -> context = r.bytes();
                default -> r.skip();
            }
        }
        return new ConfChange(id, ConfChangeType.of(type), nodeId, context);
    }

    static ConfChangeV2 unmarshalV2(byte[] data) {
        int transition = 0;
        List<ConfChangeSingle> changes = new ArrayList<>();
        byte[] context = Entry.NO_DATA;
        Reader r = new Reader(data);
        while (r.next()) {
            switch (r.field) {
                case 1 -> transition = (int) r.varint();
                case 2 -> changes.add(single(r.bytes()));
                case 3 -> context = r.bytes();
                default -> r.skip();
            }
        }
        return new ConfChangeV2(ConfChangeV2.Transition.of(transition), changes, context);
    }

    private static ConfChangeSingle single(byte[] data) {
        int type = 0;
        long nodeId = 0;
        Reader r = new Reader(data);
        while (r.next()) {
            switch (r.field) {
                case 1 -> type = (int) r.varint();
                case 2 -> nodeId = r.varint();
                default -> r.skip();
            }
        }
        return new ConfChangeSingle(ConfChangeType.of(type), nodeId);
    }

    private static final class Writer {
        private byte[] buffer = new byte[64];
        private int size;

        void varint(int field, long value) {
            raw((long) field << 3 | VARINT);
            raw(value);
        }

        void bytesUnlessEmpty(int field, byte[] value) {
            if (value.length > 0) {
                bytes(field, value);
            }
        }

        void bytes(int field, byte[] value) {
            raw((long) field << 3 | BYTES);
            raw(value.length);
            ensure(value.length);
            System.arraycopy(value, 0, buffer, size, value.length);
            size += value.length;
        }

        private void raw(long value) {
            ensure(10);
            long rest = value;
            while ((rest & ~0x7FL) != 0) {
                buffer[size++] = (byte) (rest | 0x80);
                rest >>>= 7;
            }
            buffer[size++] = (byte) rest;
        }

        private void ensure(int more) {
            if (size + more > buffer.length) {
                buffer = Arrays.copyOf(buffer, Math.max(buffer.length * 2, size + more));
            }
        }

        byte[] toBytes() {
            return Arrays.copyOf(buffer, size);
        }
    }

    private static final class Reader {
        private final byte[] data;
        private int at;
        private int field;
        private int wireType;

        Reader(byte[] data) {
            this.data = data;
        }

        boolean next() {
            if (at == data.length) {
                return false;
            }
            long tag = raw();
            field = (int) (tag >>> 3);
            wireType = (int) (tag & 7);
            return true;
        }

        long varint() {
            expect(VARINT);
            return raw();
        }

        byte[] bytes() {
            expect(BYTES);
            long length = raw();
            if (length < 0 || length > data.length - at) {
                throw malformed("a byte string of " + length + " bytes");
            }
            byte[] value = Arrays.copyOfRange(data, at, at + (int) length);
            at += (int) length;
            return value;
        }

        void skip() {
            switch (wireType) {
                case VARINT -> raw();
                case FIXED64 -> advance(8);
                case BYTES -> bytes();
                case FIXED32 -> advance(4);
                default -> throw malformed("wire type " + wireType);
            }
        }

        private void advance(int bytes) {
            if (bytes > data.length - at) {
                throw malformed("a fixed field");
            }
            at += bytes;
        }

        private void expect(int type) {
            if (wireType != type) {
                throw malformed("wire type " + wireType + " in field " + field);
            }
        }

        private long raw() {
            long value = 0;
            for (int shift = 0; shift < Long.SIZE; shift += 7) {
                if (at == data.length) {
                    throw malformed("the end inside a varint");
                }
                byte b = data[at++];
                value |= (long) (b & 0x7F) << shift;
                if (b >= 0) {
                    return value;
                }
            }
            throw malformed("a varint of more than 10 bytes");
        }

        private IllegalArgumentException malformed(String found) {
            return new IllegalArgumentException(
                    "malformed conf change of "
                            + data.length
                            + " bytes: found "
                            + found
                            + " at byte "
                            + at);
        }
    }
}
