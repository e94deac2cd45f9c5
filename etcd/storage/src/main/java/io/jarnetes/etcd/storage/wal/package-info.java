/**
 * The write-ahead log of a member: segment files in etcd's own format, one sync a batch.
 *
 * <p>Threads: one, which is never interrupted.
 */
@NullMarked
package io.jarnetes.etcd.storage.wal;

import org.jspecify.annotations.NullMarked;
