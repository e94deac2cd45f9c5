/**
 * Measures etcd against upstream's, side by side in one run: {@code hack/bench cluster} and {@code
 * hack/bench storage}.
 *
 * <p>Servers are processes of their own, started alike and loaded in turns by one load generator
 * that treats all makes alike. What counts is the ratio of two medians of one run: absolute figures
 * move with the machine's other work.
 *
 * <p>Threads: two event loops make the load; the main thread starts, waits and reads clocks.
 */
@NullMarked
package io.jarnetes.bench;

import org.jspecify.annotations.NullMarked;
