package io.jarnetes.etcd.storage.wal;

import io.jarnetes.etcd.storage.disk.CorruptFileException;
import io.jarnetes.etcd.storage.disk.DiskFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.jspecify.annotations.Nullable;

/**
 * Tells a record that was never written whole from one that was damaged later, where both look like
 * a sector of zeros: a batch is synced before anything of the next one is written. So an entry that
 * has a later batch behind it was whole once, and must not be cut off as a torn tail.
 */
final class LaterBatch {
    // Type, CRC and the header of the data.
    private static final int MOST_BYTES_OF_A_START = 64;

    private LaterBatch() {}

    /**
     * Whether sound records of a later batch follow.
     *
     * @param end where the broken record ends
     * @param type of the broken record; 0 when not even that can be read
     */
    static boolean follows(DiskFile file, long end, int type) {
        // What the broken record says of its CRC may be what is broken. So the next one is taken
        // as it is, and the chain is followed from there.
        Record first = recordAt(file, end);
        if (first == null) {
            return false;
        }
        Crc32cChain crc = new Crc32cChain();
        crc.seed(first.crc());
        RecordReader ahead = new RecordReader(file, false, crc).at(first.end());
        boolean synced = first.type() == Frame.SNAPSHOT;
        boolean entries = type == Frame.ENTRY || first.type() == Frame.ENTRY;
        synced |= type == Frame.ENTRY && first.type() == Frame.STATE;
        try {
            while (ahead.next() instanceof RecordReader.Found(Record record)) {
                if (synced) {
                    return true;
                }
                // Entries and the hard state behind them are synced together; a hard state alone
                // may wait for the next ones; a snapshot's record is synced by itself.
                entries |= record.type() == Frame.ENTRY;
                synced = record.type() == Frame.SNAPSHOT || entries && record.type() == Frame.STATE;
            }
        } catch (CorruptFileException _) {
            // More of the write that was torn.
        }
        return false;
    }

    private static @Nullable Record recordAt(DiskFile file, long at) {
        ByteBuffer header = ByteBuffer.allocate(Frame.HEADER_BYTES).order(ByteOrder.LITTLE_ENDIAN);
        if (at + Frame.HEADER_BYTES > file.size()) {
            return null;
        }
        file.read(header, at);
        long frame = header.flip().getLong();
        long size = Frame.recordBytes(frame);
        long dataAt = at + Frame.HEADER_BYTES;
        if (frame == 0 || !Frame.wellFormed(frame) || size > file.size() - dataAt) {
            return null;
        }
        return record(file, at, size);
    }

    private static @Nullable Record record(DiskFile file, long at, long size) {
        ByteBuffer bytes = ByteBuffer.allocate((int) size);
        file.read(bytes, at + Frame.HEADER_BYTES);
        long end = at + Frame.HEADER_BYTES + size + Frame.padding(size);
        try {
            return RecordReader.parse(bytes.flip(), at, end);
        } catch (Proto.MalformedException _) {
            return null;
        }
    }

    /**
     * The same for a size that is zero at the end of a sector, where nothing else of its sector
     * tells whether it was written: a size that is one bit may have lost it.
     */
    static boolean followsLostSize(DiskFile file, long offset, Crc32cChain before) {
        long dataAt = offset + Frame.HEADER_BYTES;
        long there = Math.min(MOST_BYTES_OF_A_START, file.size() - dataAt);
        ByteBuffer start = ByteBuffer.allocate((int) there);
        file.read(start, dataAt);
        long size;
        try {
            size = RecordReader.sizeSaid(start.flip());
        } catch (Proto.MalformedException _) {
            return false;
        }
        if (Long.bitCount(size) != 1 || size < Long.BYTES || size > file.size() - dataAt) {
            return false;
        }
        Record record = record(file, offset, size);
        if (record == null) {
            return false;
        }
        Crc32cChain crc = new Crc32cChain();
        crc.seed(before.value());
        crc.update(record.data().duplicate());
        return crc.value() == record.crc() && follows(file, record.end(), record.type());
    }
}
