package io.jarnetes.etcd.storage.wal;

import io.jarnetes.etcd.raft.Entry;
import io.jarnetes.etcd.raft.HardState;
import io.jarnetes.etcd.storage.disk.DiskFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Collects the frames of a batch and writes them with one call. */
final class RecordWriter {
    private static final int FIRST_BUFFER_BYTES = 64 << 10;
    private static final int KEPT_BUFFER_BYTES = 8 << 20;
    // Type and CRC of a record, and the header of its data.
    private static final int MOST_RECORD_OVERHEAD = 2 + 6 + 6;

    private static final int LARGE_BATCH_BYTES = 32 << 10;
    private static final ByteBuffer ZEROS = ByteBuffer.allocateDirect(256 << 10).asReadOnlyBuffer();

    private final Crc32cChain crc = new Crc32cChain();
    private ByteBuffer buffer = newBuffer(FIRST_BUFFER_BYTES);
    private DiskFile file;
    private long offset;
    // What was written up to here, zeros included, is in blocks that the disk knows as written.
    private long zeroedTo;

    /** Goes on at {@code offset} of a file, after records whose CRC is {@code seed}. */
    RecordWriter(DiskFile file, long offset, int seed) {
        this.file = file;
        this.offset = offset;
        this.zeroedTo = offset;
        crc.seed(seed);
    }

    /** Goes on at the beginning of another file; the CRC runs on. */
    void moveTo(DiskFile next) {
        file = next;
        offset = 0;
        zeroedTo = 0;
    }

    /** Where the next frame goes once all are flushed. */
    long end() {
        return offset + buffer.position();
    }

    void add(Entry entry) {
        int size = Codec.size(entry);
        begin(size);
        int data = buffer.position();
        Codec.put(buffer, entry);
        finish(Frame.ENTRY, data);
    }

    void add(HardState state) {
        int size = Codec.size(state);
        begin(size);
        int data = buffer.position();
        Codec.put(buffer, state);
        finish(Frame.STATE, data);
    }

    void add(int type, byte[] bytes) {
        begin(bytes.length);
        int data = buffer.position();
        buffer.put(bytes);
        finish(type, data);
    }

    /** The record that tells the reader of a segment where the CRC stands. */
    void addCrc() {
        begin(0);
        finish(Frame.CRC, buffer.position());
    }

    void flush(long fileBytes) {
        int count = buffer.position();
        if (count > 0) {
            file.write(buffer.flip(), offset);
            offset += count;
        }
        zeroAhead(count, fileBytes);
        if (buffer.capacity() > KEPT_BUFFER_BYTES) {
            buffer = newBuffer(FIRST_BUFFER_BYTES);
        }
        buffer.clear();
    }

    /**
     * Writes zeros behind small batches, so that the next ones go to blocks that were written
     * before: to sync these takes half the time of a first write to a reserved block, which changes
     * the file's map, too. For large batches the zeros would cost more than they save.
     */
    private void zeroAhead(int count, long fileBytes) {
        if (offset > zeroedTo && count < LARGE_BATCH_BYTES && offset < fileBytes) {
            int ahead = (int) Math.min(ZEROS.capacity(), fileBytes - offset);
            file.write(ZEROS.duplicate().limit(ahead), offset);
            zeroedTo = offset + ahead;
        }
    }

    /**
     * Leaves room before the data. How long type and CRC are shows only after the data was summed
     * up, so data are written behind the longest room and moved to their place.
     */
    private void begin(int dataBytes) {
        int most = Frame.HEADER_BYTES + MOST_RECORD_OVERHEAD + dataBytes + Frame.HEADER_BYTES;
        if (buffer.remaining() < most) {
            int capacity = Math.max(buffer.capacity() * 2, buffer.position() + most);
            buffer = newBuffer(capacity).put(buffer.flip());
        }
        buffer.position(buffer.position() + Frame.HEADER_BYTES + MOST_RECORD_OVERHEAD);
    }

    private void finish(int type, int dataAt) {
        int end = buffer.position();
        int dataBytes = end - dataAt;
        int start = dataAt - Frame.HEADER_BYTES - MOST_RECORD_OVERHEAD;
        ByteBuffer data = buffer.slice(dataAt, dataBytes);
        crc.update(data.duplicate());
        buffer.position(start + Frame.HEADER_BYTES);
        Proto.putField(buffer, 1, type);
        Proto.putField(buffer, 2, Integer.toUnsignedLong(crc.value()));
        if (type != Frame.CRC) {
            Proto.putBytesHeader(buffer, 3, dataBytes);
            int target = buffer.position();
            buffer.put(target, buffer, dataAt, dataBytes);
            buffer.position(target + dataBytes);
        }
        int recordBytes = buffer.position() - start - Frame.HEADER_BYTES;
        buffer.putLong(start, Frame.header(recordBytes));
        for (int i = Frame.padding(recordBytes); i > 0; i--) {
            buffer.put((byte) 0);
        }
    }

    int crc() {
        return crc.value();
    }

    private static ByteBuffer newBuffer(int capacity) {
        return ByteBuffer.allocateDirect(capacity).order(ByteOrder.LITTLE_ENDIAN);
    }
}
