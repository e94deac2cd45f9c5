/**
 * Raft snapshots on disk, in {@code member/snap}: {@code .snap} files with the membership ({@link
 * io.jarnetes.etcd.storage.snap.Snapshotter}), and the names of the databases that came with
 * snapshots from other members.
 *
 * <p>A {@code .snap} file is a {@code snappb.Snapshot} {crc = 1, data = 2}: the CRC-32C of a
 * marshalled {@code raftpb.Snapshot}, whose data are the v2 store's JSON (written and read by
 * {@code membership}).
 *
 * <p>Invariants: a file under its final name is whole and durable; the log's record of a snapshot
 * is written after its file, so a file without a record is not started from.
 *
 * <p>Threads: one at a time, never interrupted.
 */
@NullMarked
package io.jarnetes.etcd.storage.snap;

import org.jspecify.annotations.NullMarked;
