/**
 * Whole clusters from one seed: the real core, driver, WAL, snapshot files, backend and store, on
 * simulated disks, network and clocks. {@link io.jarnetes.etcd.server.simulation.Simulation} runs
 * one; {@link io.jarnetes.etcd.server.simulation.Invariants} watches every step, and the whole
 * history is judged at the end. {@code hack/simulate} runs many.
 *
 * <p>Deterministic: one thread, one queue of events, one generator; the same seed gives the same
 * run to the byte, which {@link io.jarnetes.etcd.server.simulation.Trace} proves. Runs share
 * nothing, so that several go at once.
 *
 * <p>What is simulated in place of shipped code: the threads and what goes between them ({@link
 * io.jarnetes.etcd.server.simulation.Member}, {@link io.jarnetes.etcd.server.simulation.Life}), the
 * transport, and the database's file, whose torn commits are tested in etcd/storage. Faults are
 * planted from here, by {@link io.jarnetes.etcd.server.simulation.PlantedFault}; one of them by
 * patching a class as it is loaded. What befalls runs is counted, as {@link
 * io.jarnetes.etcd.server.simulation.Happening}: the tests want all of it to come.
 */
@NullMarked
package io.jarnetes.etcd.server.simulation;

import org.jspecify.annotations.NullMarked;
