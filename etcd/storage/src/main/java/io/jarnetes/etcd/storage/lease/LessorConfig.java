package io.jarnetes.etcd.storage.lease;

import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;

/**
 * How a {@link Lessor} works.
 *
 * @param minTtlSeconds what shorter grants are raised to; etcd: 1.5 election time-outs, rounded up
 * @param checkpointIntervalSeconds how often a long lease is checkpointed; 0 for never, which is
 *     etcd's default; 300 with the feature LeaseCheckpoint
 * @param persistCheckpoints whether checkpoints are stored: at cluster version 3.6, or with
 *     LeaseCheckpointPersist
 * @param nanoTime a clock like {@link System#nanoTime}
 */
public record LessorConfig(
        long minTtlSeconds,
        long checkpointIntervalSeconds,
        BooleanSupplier persistCheckpoints,
        LongSupplier nanoTime) {
    /** etcd's interval when checkpoints are on. */
    public static final long DEFAULT_CHECKPOINT_INTERVAL_SECONDS = 300;
}
