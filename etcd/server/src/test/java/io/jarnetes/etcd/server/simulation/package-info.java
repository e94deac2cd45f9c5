/**
 * Whole clusters from one seed: the real core, driver, WAL and snapshot files on simulated disks,
 * network and clocks. {@link io.jarnetes.etcd.server.simulation.Simulation} runs one; {@link
 * io.jarnetes.etcd.server.simulation.Invariants} watches every step.
 *
 * <p>Deterministic: one thread, one queue of events, one generator; the same seed gives the same
 * run, with the code that ships.
 */
@NullMarked
package io.jarnetes.etcd.server.simulation;

import org.jspecify.annotations.NullMarked;
