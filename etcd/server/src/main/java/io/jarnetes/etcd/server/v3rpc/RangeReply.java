package io.jarnetes.etcd.server.v3rpc;

import io.grpc.Drainable;
import io.grpc.KnownLength;
import io.grpc.MethodDescriptor;
import io.jarnetes.etcd.proto.etcdserverpb.RangeResponse;
import io.jarnetes.etcd.proto.etcdserverpb.ResponseHeader;
import io.jarnetes.etcd.server.apply.RangeAnswer;
import io.jarnetes.etcd.storage.mvcc.StoredKeyValue;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A {@link RangeResponse} whose pairs are written from where they are stored: the bytes of a stored
 * pair are those that the wire has. gRPC writes it out within {@code onNext}, on the thread that
 * calls it; the transaction that read it has to stay open until then.
 *
 * @param header the header, complete
 * @param answer what was found
 */
record RangeReply(ResponseHeader header, RangeAnswer answer) {
    private static final int HEADER_TAG = RangeResponse.HEADER_FIELD_NUMBER << 3 | 2;
    private static final int KVS_TAG = RangeResponse.KVS_FIELD_NUMBER << 3 | 2;
    private static final int MORE_TAG = RangeResponse.MORE_FIELD_NUMBER << 3;
    private static final int COUNT_TAG = RangeResponse.COUNT_FIELD_NUMBER << 3;

    /** Small enough to stay in a processor's cache between the page and gRPC's buffer. */
    private static final int CHUNK_BYTES = 16 << 10;

    /** Writes only. */
    static final class Marshaller implements MethodDescriptor.Marshaller<RangeReply> {
        @Override
        public InputStream stream(RangeReply reply) {
            return new Bytes(reply);
        }

        @Override
        public RangeReply parse(InputStream stream) {
            throw new UnsupportedOperationException("a server sends this, and never receives it");
        }
    }

    private static int varintSize(long number) {
        return (Long.SIZE - Long.numberOfLeadingZeros(number | 1) + 6) / 7;
    }

    private static long lengthDelimitedSize(long length) {
        return 1 + varintSize(length) + length;
    }

    /** The message as gRPC takes it. */
    private static final class Bytes extends InputStream implements Drainable, KnownLength {
        private final byte[] header;
        private final List<MemorySegment> kvs;
        private final boolean more;
        private final long count;
        private final int size;
        private @Nullable InputStream rest;

        Bytes(RangeReply reply) {
            RangeAnswer answer = reply.answer();
            header = reply.header().toByteArray();
            more = answer.more();
            count = answer.count();
            kvs = new ArrayList<>(answer.kvs().size());
            long total = lengthDelimitedSize(header.length);
            for (StoredKeyValue kv : answer.kvs()) {
                MemorySegment bytes = answer.keysOnly() ? kv.bytesWithoutValue() : kv.bytes();
                kvs.add(bytes);
                total += lengthDelimitedSize(bytes.byteSize());
            }
            total += (more ? 2 : 0) + (count == 0 ? 0 : 1 + varintSize(count));
            size = Math.toIntExact(total);
        }

        @Override
        public int drainTo(OutputStream target) throws IOException {
            Chunks chunks = new Chunks(target, Math.min(size, CHUNK_BYTES));
            chunks.bytes(HEADER_TAG, MemorySegment.ofArray(header));
            for (MemorySegment kv : kvs) {
                chunks.bytes(KVS_TAG, kv);
            }
            if (more) {
                chunks.number(MORE_TAG, 1);
            }
            if (count != 0) {
                chunks.number(COUNT_TAG, count);
            }
            chunks.flush();
            return size;
        }

        @Override
        public int available() throws IOException {
            return rest == null ? size : rest.available();
        }

        /** Not gRPC's way, which drains; but a stream can be read. */
        @Override
        public int read() throws IOException {
            InputStream now = rest;
            if (now == null) {
                ByteArrayOutputStream all = new ByteArrayOutputStream(size);
                drainTo(all);
                now = new ByteArrayInputStream(all.toByteArray());
                rest = now;
            }
            return now.read();
        }
    }

    /** Collects what is small, and hands it on in pieces. */
    private static final class Chunks {
        private final OutputStream target;
        private final byte[] chunk;
        private int filled;

        Chunks(OutputStream target, int bytes) {
            this.target = target;
            this.chunk = new byte[bytes];
        }

        private void put(int b) throws IOException {
            if (filled == chunk.length) {
                flush();
            }
            chunk[filled++] = (byte) b;
        }

        void number(int tag, long number) throws IOException {
            put(tag);
            long rest = number;
            while ((rest & ~0x7fL) != 0) {
                put((int) (rest | 0x80));
                rest >>>= 7;
            }
            put((int) rest);
        }

        void bytes(int tag, MemorySegment bytes) throws IOException {
            long length = bytes.byteSize();
            number(tag, length);
            long at = 0;
            while (at < length) {
                if (filled == chunk.length) {
                    flush();
                }
                int part = (int) Math.min(chunk.length - filled, length - at);
                MemorySegment.copy(bytes, ValueLayout.JAVA_BYTE, at, chunk, filled, part);
                filled += part;
                at += part;
            }
        }

        void flush() throws IOException {
            target.write(chunk, 0, filled);
            filled = 0;
        }
    }
}
