/**
 * Every revision of every key until compaction. {@link io.jarnetes.etcd.storage.mvcc.Mvcc} is the
 * surface.
 *
 * <p>Invariants ({@link io.jarnetes.etcd.storage.mvcc.Mvcc#check()} walks what is stored; the tests
 * run it after each scenario):
 *
 * <ul>
 *   <li>the compact revision is at most the current one, and neither goes back, across restarts
 *       too;
 *   <li>a read at a revision sees all changes of revisions up to it and no others;
 *   <li>a watcher gets each change of its range once, in revision order, those of one revision
 *       together.
 * </ul>
 *
 * <p>Memory: {@link io.jarnetes.etcd.storage.mvcc.StoredKeyValue} is a pair where it is stored,
 * until its transaction is closed; {@link io.jarnetes.etcd.storage.mvcc.KeyValue} lives on.
 *
 * <p>Threads: the apply thread alone writes; readers never block it.
 */
@NullMarked
package io.jarnetes.etcd.storage.mvcc;

import org.jspecify.annotations.NullMarked;
