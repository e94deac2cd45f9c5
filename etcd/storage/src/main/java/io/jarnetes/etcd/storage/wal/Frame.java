package io.jarnetes.etcd.storage.wal;

/** Numbers of frames and records. */
final class Frame {
    static final int HEADER_BYTES = 8;

    /** What a disk writes whole or not at all. */
    static final int SECTOR_BYTES = 512;

    static final int METADATA = 1;
    static final int ENTRY = 2;
    static final int STATE = 3;
    static final int CRC = 4;
    static final int SNAPSHOT = 5;

    private static final int TOP_BYTE_SHIFT = 56;
    private static final int PADDED = 0x80;

    private Frame() {}

    static int padding(long recordBytes) {
        return (int) (-recordBytes & 7);
    }

    static long header(long recordBytes) {
        int padding = padding(recordBytes);
        return padding == 0
                ? recordBytes
                : recordBytes | (long) (PADDED | padding) << TOP_BYTE_SHIFT;
    }

    static long recordBytes(long header) {
        return header & ((1L << TOP_BYTE_SHIFT) - 1);
    }

    /** Whether a header is one that {@link #header} makes. */
    static boolean wellFormed(long header) {
        return header(recordBytes(header)) == header;
    }
}
