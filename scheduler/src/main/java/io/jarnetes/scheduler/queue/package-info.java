/**
 * The pods that wait for a node: ready to be tried ({@code active}), waiting after a failure
 * ({@code backoff}), and those for which nothing has changed since ({@code unschedulable}).
 *
 * <p>{@link io.jarnetes.scheduler.queue.Nominator} knows which of them a node is kept for.
 *
 * <p>Invariant: a pod stands in at most one of the three, or is being scheduled. Thread-safe.
 */
@NullMarked
package io.jarnetes.scheduler.queue;

import org.jspecify.annotations.NullMarked;
