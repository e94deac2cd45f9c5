/**
 * The write-ahead log of a member: segment files in etcd's own format, one sync a batch. {@link
 * io.jarnetes.etcd.storage.wal.Wal} is the whole surface.
 *
 * <p>A segment is a row of frames, each a little-endian u64 (low 56 bits the record's size; top
 * byte {@code 0x80 | n} when n zero bytes follow to make it a multiple of 8) and a {@code
 * walpb.Record} {type = 1, crc = 2, data = 3}. The CRC-32C runs over the data of all records since
 * the log began; each segment starts with a record that says where it stood. A size of zero is the
 * end.
 *
 * <p>Invariants:
 *
 * <ul>
 *   <li>what {@link io.jarnetes.etcd.storage.wal.Wal#save} returned from is read again after a
 *       crash;
 *   <li>only the last record of the last segment may be broken, and only in the way that a write
 *       breaks which was never synced: a sector of 512 bytes is missing. All else is damage, which
 *       is reported with file and offset and never repaired.
 * </ul>
 *
 * Threads: one at a time, which is never interrupted.
 */
@NullMarked
package io.jarnetes.etcd.storage.wal;

import org.jspecify.annotations.NullMarked;
