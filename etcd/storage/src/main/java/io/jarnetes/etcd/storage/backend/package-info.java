/**
 * The db file as etcd uses it: a handful of buckets, changes that are seen at once and committed in
 * batches. {@link io.jarnetes.etcd.storage.backend.Backend} is the surface.
 *
 * <p>Invariants:
 *
 * <ul>
 *   <li>the consistent index is committed together with all changes of the entries up to it, and
 *       with none beyond it;
 *   <li>a committed consistent index is never beyond the last entry that the log has synced.
 * </ul>
 *
 * <p>Threads: changes come from the apply thread and the compaction's; any thread reads; one thread
 * at a time writes a frozen batch.
 */
@NullMarked
package io.jarnetes.etcd.storage.backend;

import org.jspecify.annotations.NullMarked;
