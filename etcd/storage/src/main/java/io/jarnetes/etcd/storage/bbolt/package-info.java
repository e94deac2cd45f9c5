/**
 * The bbolt file: a B+tree of buckets in one file, copy-on-write, one writer and any number of
 * readers. The format is that of etcd-io/bbolt 1.3 and 1.4 (magic 0xED0CDAED, version 2), and both
 * programs can use the same file in turn. {@link io.jarnetes.etcd.storage.bbolt.Db}, {@link
 * io.jarnetes.etcd.storage.bbolt.Tx}, {@link io.jarnetes.etcd.storage.bbolt.Bucket} and {@link
 * io.jarnetes.etcd.storage.bbolt.Cursor} are the whole surface.
 *
 * <p>Invariants ({@link io.jarnetes.etcd.storage.bbolt.Db#check()} walks them; the tests run it
 * after each scenario):
 *
 * <ul>
 *   <li>every page below the high-water mark is a meta page, reachable from the newest root exactly
 *       once, or free exactly once;
 *   <li>keys rise within a page and across pages, and lie within what the parent says;
 *   <li>a page that a meta page on disk, or an open read transaction, can reach is never written.
 * </ul>
 *
 * Memory: keys and values are handed out as {@link java.lang.foreign.MemorySegment}s over the
 * mapped file, with no copy. <b>They are valid until their transaction is closed</b>, and not an
 * instant longer: the page may be written again then. Copy what has to live on.
 *
 * <p>Threads: a read transaction may be used by any number of threads at once, as long as all are
 * done when it is closed. A writing transaction belongs to one thread at a time; there is at most
 * one, and {@code begin} waits for it. No thread that uses a Db may be interrupted.
 */
@NullMarked
package io.jarnetes.etcd.storage.bbolt;

import org.jspecify.annotations.NullMarked;
