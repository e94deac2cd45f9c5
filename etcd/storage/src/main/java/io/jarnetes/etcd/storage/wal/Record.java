package io.jarnetes.etcd.storage.wal;

import java.nio.ByteBuffer;

/**
 * A record that was read and whose CRC is right.
 *
 * @param offset of its frame
 * @param end of its frame and padding
 * @param data valid until the next record is read
 */
record Record(int type, int crc, ByteBuffer data, long offset, long end) {}
