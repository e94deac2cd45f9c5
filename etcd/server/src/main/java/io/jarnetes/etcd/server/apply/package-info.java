/**
 * What a committed entry does to the stores. {@link io.jarnetes.etcd.server.apply.Applier} is the
 * surface; {@link io.jarnetes.etcd.server.apply.KvExecutor} serves reads too.
 *
 * <p>Invariants: what an entry does depends on the stores and on the entry alone, never on the
 * clock, on chance, or on which member does it; whatever may refuse a request is checked before it
 * changes anything; an applied write is never dropped for want of space.
 *
 * <p>Threads: the apply thread alone applies. Reads and permission checks are for any thread.
 */
@NullMarked
package io.jarnetes.etcd.server.apply;

import org.jspecify.annotations.NullMarked;
