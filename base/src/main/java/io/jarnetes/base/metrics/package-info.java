/**
 * Counters, gauges and histograms, written in Prometheus' text format with the names that
 * upstream's dashboards ask for. {@link io.jarnetes.base.metrics.Metrics} is the surface; one
 * registry for each program instance, handed over by constructor.
 *
 * <p>Own code and not the Prometheus client, because that one puts {@code _total} after every
 * counter and prints {@code 3.0} where Go prints {@code 3}.
 *
 * <p>Threads: any.
 */
@NullMarked
package io.jarnetes.base.metrics;

import org.jspecify.annotations.NullMarked;
