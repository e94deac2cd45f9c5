package io.jarnetes.etcd.storage.wal;

import io.jarnetes.etcd.storage.disk.CorruptFileException;
import io.jarnetes.etcd.storage.disk.DiskFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Reads the frames of one segment and tells an unfinished write from damage.
 *
 * <p>A disk writes sectors whole. So the end of a log that was torn off shows as sectors that are
 * missing (zero, or beyond the end of the file), while all that is there is right. A frame whose
 * size is not one that a writer makes, or contradicts the record in it, or a record that is there
 * in full and has a wrong CRC, is damage.
 */
final class RecordReader {
    static final String ADVICE =
            "do not start the member on this directory: remove it and let it rejoin its cluster,"
                    + " or restore from a snapshot";
    private static final int WINDOW_BYTES = 1 << 20;

    private final DiskFile file;
    private final long size;
    private final boolean last;
    private final Crc32cChain crc;
    private ByteBuffer window;
    private long windowAt;
    private long offset;

    /** What came next in a segment. */
    sealed interface Next {}

    /** A sound record. */
    record Found(Record record) implements Next {}

    /** The end, where the next record is to be written. */
    record End(long offset) implements Next {}

    /** A record that was never written whole. */
    record Torn(long offset, String reason) implements Next {}

    /**
     * @param last whether this is the last segment, where a write may have been torn
     * @param crc goes on from segment to segment
     */
    RecordReader(DiskFile file, boolean last, Crc32cChain crc) {
        this.file = file;
        this.size = file.size();
        this.window =
                ByteBuffer.allocate((int) Math.min(size, WINDOW_BYTES))
                        .order(ByteOrder.LITTLE_ENDIAN)
                        .limit(0);
        this.last = last;
        this.crc = crc;
    }

    /** Goes on at a place where a frame begins. */
    RecordReader at(long place) {
        offset = place;
        return this;
    }

    Next next() {
        if (offset >= size) {
            return new End(offset);
        }
        if (size - offset < Frame.HEADER_BYTES) {
            return torn("the file ends within the size of a record");
        }
        ByteBuffer bytes = read(offset, Frame.HEADER_BYTES);
        long header = bytes.getLong(bytes.position());
        if (header == 0) {
            return end();
        }
        if (!Frame.wellFormed(header)) {
            throw corrupt("the size of a record is %016x".formatted(header));
        }
        long recordBytes = Frame.recordBytes(header);
        long end = offset + Frame.HEADER_BYTES + recordBytes + Frame.padding(recordBytes);
        long there = Math.min(recordBytes, size - offset - Frame.HEADER_BYTES);
        requireSameSize(recordBytes, (int) Math.min(there, 64));
        if (end > size || recordBytes > Integer.MAX_VALUE - 64) {
            return torn("a record of " + recordBytes + " bytes goes beyond the end of the file");
        }
        return record((int) recordBytes, end);
    }

    private Next end() {
        long sectorEnd = (offset / Frame.SECTOR_BYTES + 1) * Frame.SECTOR_BYTES;
        int rest = (int) (Math.min(sectorEnd, size) - offset);
        if (!zero(read(offset, rest))) {
            // A sector that was not written is zero to its end.
            throw corrupt("the size of a record is zero, and more follows");
        }
        if (last && rest == Frame.HEADER_BYTES && LaterBatch.followsLostSize(file, offset, crc)) {
            throw corrupt("the size of a record is zero, and the log goes on behind it");
        }
        return new End(offset);
    }

    private Next record(int recordBytes, long end) {
        ByteBuffer bytes = read(offset + Frame.HEADER_BYTES, recordBytes);
        Record record;
        try {
            record = parse(bytes.duplicate(), end);
        } catch (Proto.MalformedException e) {
            return broken(bytes, crc.value(), 0, end, "no record: " + e.getMessage());
        }
        int before = crc.value();
        if (record.type() == Frame.CRC) {
            if (before != 0 && record.crc() != before) {
                return broken(
                        bytes,
                        before,
                        record.type(),
                        end,
                        "CRC is %08x and the segments before give %08x"
                                .formatted(record.crc(), before));
            }
            crc.seed(record.crc());
        } else {
            crc.update(record.data().duplicate());
            if (record.crc() != crc.value()) {
                return broken(
                        bytes,
                        before,
                        record.type(),
                        end,
                        "CRC is %08x, the data give %08x".formatted(record.crc(), crc.value()));
            }
        }
        offset = end;
        return new Found(record);
    }

    private Record parse(ByteBuffer bytes, long end) {
        return parse(bytes, offset, end);
    }

    static Record parse(ByteBuffer bytes, long offset, long end) {
        long type = 0;
        long sum = 0;
        ByteBuffer data = ByteBuffer.allocate(0);
        while (bytes.hasRemaining()) {
            int tag = (int) Proto.varint(bytes);
            switch (tag) {
                case 1 << 3 -> type = Proto.varint(bytes);
                case 2 << 3 -> sum = Proto.varint(bytes);
                case 3 << 3 | Proto.BYTES -> data = Proto.bytes(bytes);
                default -> Proto.skip(bytes, tag & 7);
            }
        }
        if (type < Frame.METADATA || type > Frame.SNAPSHOT) {
            throw new Proto.MalformedException("its type is " + type);
        }
        return new Record((int) type, (int) sum, data, offset, end);
    }

    /** A record says itself how long it is; a frame that says otherwise has a wrong size. */
    private void requireSameSize(long recordBytes, int there) {
        ByteBuffer bytes = read(offset + Frame.HEADER_BYTES, there).slice();
        try {
            long said = sizeSaid(bytes);
            if (said < 0) {
                return;
            }
            if (said != recordBytes && !lostAfterHeader(bytes)) {
                throw corrupt(
                        "a frame of " + recordBytes + " bytes with a record of " + said + " bytes");
            }
        } catch (Proto.MalformedException _) {
            // It has no data, or its first sector is missing: what follows decides.
        }
    }

    /** The size that follows from the first bytes of a record; -1 when they say none. */
    static long sizeSaid(ByteBuffer bytes) {
        long type = 0;
        while (true) {
            int tag = (int) Proto.varint(bytes);
            if (tag == (3 << 3 | Proto.BYTES)) {
                long length = Proto.varint(bytes);
                return bytes.position() + length;
            } else if (tag == 1 << 3) {
                type = Proto.varint(bytes);
            } else if (tag == 2 << 3) {
                Proto.varint(bytes);
                if (type == Frame.CRC) {
                    return bytes.position();
                }
            } else {
                return -1;
            }
        }
    }

    /** Whether the bytes behind the first boundary of sectors are all zero: not written, maybe. */
    private boolean lostAfterHeader(ByteBuffer start) {
        long at = offset + Frame.HEADER_BYTES;
        int room = Frame.SECTOR_BYTES - (int) (at % Frame.SECTOR_BYTES);
        return last
                && room < start.limit()
                && start.position() > room
                && zero(start.slice(room, start.limit() - room));
    }

    private Next broken(ByteBuffer bytes, int before, int type, long end, String reason) {
        if (last && lacksSector(bytes) && !LaterBatch.follows(file, end, type)) {
            crc.seed(before);
            return new Torn(offset, reason);
        }
        throw corrupt(reason);
    }

    private Next torn(String reason) {
        if (!last) {
            throw corrupt(reason);
        }
        return new Torn(offset, reason);
    }

    private boolean lacksSector(ByteBuffer bytes) {
        long at = offset + Frame.HEADER_BYTES;
        int from = 0;
        while (from < bytes.remaining()) {
            int room = Frame.SECTOR_BYTES - (int) ((at + from) % Frame.SECTOR_BYTES);
            int count = Math.min(room, bytes.remaining() - from);
            if (zero(bytes.slice(bytes.position() + from, count))) {
                return true;
            }
            from += count;
        }
        return false;
    }

    private static boolean zero(ByteBuffer bytes) {
        for (int i = bytes.position(); i < bytes.limit(); i++) {
            if (bytes.get(i) != 0) {
                return false;
            }
        }
        return true;
    }

    /** Bytes of the file, which has them; valid until the next call. */
    private ByteBuffer read(long at, int count) {
        if (at < windowAt || at + count > windowAt + window.limit()) {
            if (count > window.capacity()) {
                window = ByteBuffer.allocate(count).order(ByteOrder.LITTLE_ENDIAN);
            }
            windowAt = at;
            window.clear();
            file.read(window, at);
            window.flip();
        }
        int from = (int) (at - windowAt);
        return window.duplicate().order(ByteOrder.LITTLE_ENDIAN).position(from).limit(from + count);
    }

    CorruptFileException corrupt(String found) {
        return new CorruptFileException(file.path(), offset, found, ADVICE);
    }
}
