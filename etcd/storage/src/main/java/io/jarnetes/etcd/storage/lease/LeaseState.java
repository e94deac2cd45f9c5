package io.jarnetes.etcd.storage.lease;

import java.util.Arrays;
import java.util.Comparator;
import java.util.NavigableSet;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** One lease; the lessor's lock guards it. Times are nanoseconds since the lessor began. */
final class LeaseState {
    static final long FOREVER = Long.MAX_VALUE;
    static final Comparator<LeaseState> BY_EXPIRY =
            Comparator.<LeaseState>comparingLong(lease -> lease.expiry)
                    .thenComparing((a, b) -> Long.compare(a.id, b.id));

    final long id;
    final long ttlSeconds;
    final NavigableSet<byte[]> keys = new TreeSet<>(Arrays::compareUnsigned);
    // As checkpointed by a primary; 0 when it has its whole time.
    long remainingTtlSeconds;
    long expiry = FOREVER;
    @Nullable CompletableFuture<Void> settled;

    LeaseState(long id, long ttlSeconds, long remainingTtlSeconds) {
        this.id = id;
        this.ttlSeconds = ttlSeconds;
        this.remainingTtlSeconds = remainingTtlSeconds;
    }

    long secondsToLive() {
        return remainingTtlSeconds > 0 ? remainingTtlSeconds : ttlSeconds;
    }

    /** Tells who waits for the fate of an expired lease. */
    void settle() {
        CompletableFuture<Void> waiting = settled;
        settled = null;
        if (waiting != null) {
            waiting.complete(null);
        }
    }
}
