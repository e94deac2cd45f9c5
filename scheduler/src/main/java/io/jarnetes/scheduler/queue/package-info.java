/**
 * The pods that wait for a node: ready to be tried ({@code active}), waiting after a failure
 * ({@code backoff}), and those for which nothing has changed since ({@code unschedulable}).
 *
 * <p>Invariant: a pod stands in at most one of the three, or is being scheduled. Thread-safe.
 */
@NullMarked
package io.jarnetes.scheduler.queue;

import org.jspecify.annotations.NullMarked;
