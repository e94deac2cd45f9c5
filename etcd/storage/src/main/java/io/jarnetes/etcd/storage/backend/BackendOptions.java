package io.jarnetes.etcd.storage.backend;

import java.util.function.LongSupplier;

/**
 * How a {@link Backend} commits.
 *
 * @param batchIntervalNanos how long a change waits at most; etcd's default is 100 ms
 * @param batchLimit how many changes wait at most; etcd's default is 10,000
 * @param nanoTime a clock like {@link System#nanoTime}
 * @param syncedIndex the last entry that this member's log has on disk. No commit carries a
 *     consistent index beyond it, else a crash would leave the file ahead of the log.
 */
public record BackendOptions(
        long batchIntervalNanos, int batchLimit, LongSupplier nanoTime, LongSupplier syncedIndex) {
    /** etcd's default of {@code --backend-batch-interval}. */
    public static final long DEFAULT_BATCH_INTERVAL_NANOS = 100_000_000L;

    /** etcd's default of {@code --backend-batch-limit}. */
    public static final int DEFAULT_BATCH_LIMIT = 10_000;

    /** etcd's defaults, for a file that no log goes with. */
    public static BackendOptions defaults() {
        return defaults(() -> Long.MAX_VALUE);
    }

    /** etcd's defaults. */
    public static BackendOptions defaults(LongSupplier syncedIndex) {
        return new BackendOptions(
                DEFAULT_BATCH_INTERVAL_NANOS, DEFAULT_BATCH_LIMIT, System::nanoTime, syncedIndex);
    }
}
