/**
 * The seam between what is stored and where: {@link io.jarnetes.etcd.storage.disk.Disk} and {@link
 * io.jarnetes.etcd.storage.disk.DiskFile}. WAL, snapshots and bbolt reach files through it only, so
 * that a simulation can lose, tear and reorder what was not synced.
 *
 * <p>Invariants:
 *
 * <ul>
 *   <li>nothing is durable before {@link io.jarnetes.etcd.storage.disk.DiskFile#sync()} returned;
 *       no name is durable before {@link io.jarnetes.etcd.storage.disk.Disk#syncDirectory}
 *       returned;
 *   <li>a failed sync is never retried: what the kernel did with the pages is unknown;
 *   <li>mapped memory is for reading only and lives as long as the file is open.
 * </ul>
 *
 * Threads: any, but never one that may be interrupted: an interrupt closes a channel for everybody.
 */
@NullMarked
package io.jarnetes.etcd.storage.disk;

import org.jspecify.annotations.NullMarked;
