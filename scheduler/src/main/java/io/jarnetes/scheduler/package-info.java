/**
 * kube-scheduler: {@link io.jarnetes.scheduler.KubeScheduler} is the program with upstream's flags,
 * {@link io.jarnetes.scheduler.Scheduler} the same to embed.
 *
 * <p>A pod goes: informer → {@link io.jarnetes.scheduler.queue.SchedulingQueue} → one scheduling
 * cycle ({@link io.jarnetes.scheduler.framework.Profile} filters and scores the nodes of a snapshot
 * of the {@link io.jarnetes.scheduler.Cache}) → assumed in the cache → bound by a POST of its own
 * thread. One thread runs scheduling cycles; plugins are pure.
 */
@NullMarked
package io.jarnetes.scheduler;

import org.jspecify.annotations.NullMarked;
