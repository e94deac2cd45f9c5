/**
 * Simulated nodes: real Node objects with heartbeats, and pods that go Running without containers.
 * {@link io.jarnetes.node.SimulatedNodes} is the whole surface; what a pod's status becomes is
 * decided by {@link io.jarnetes.node.PodLifecycle} without I/O.
 *
 * <p>Rules of the simulation:
 *
 * <ul>
 *   <li>A pod's containers run and are ready as soon as the pod is bound, and stay so.
 *   <li>A Job's pod has done its work after a second: its containers end with exit code 0.
 *   <li>With the annotation {@code jarnetes.io/exit-after: 1s} (a Go duration) the containers end
 *       after that time, with the exit code of {@code jarnetes.io/exit-code} (0). Then
 *       restartPolicy decides: the pod is Succeeded or Failed, or its containers start again.
 *   <li>A pod that has run for its {@code activeDeadlineSeconds} is killed and Failed.
 *   <li>A deleted pod goes when its grace period is over, but at most {@value
 *       io.jarnetes.node.PodLifecycle#TERMINATION_MILLIS} ms after the deletion, since nothing in
 *       it has to be waited for.
 * </ul>
 *
 * <p>Each node acts as {@code system:node:<name>} with its own client certificate, and is
 * authorised as such. Threads are virtual: an informer, a heartbeat and a few pod workers for each
 * node.
 */
@NullMarked
package io.jarnetes.node;

import org.jspecify.annotations.NullMarked;
