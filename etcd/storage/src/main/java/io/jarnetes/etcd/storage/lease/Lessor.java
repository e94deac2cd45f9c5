package io.jarnetes.etcd.storage.lease;

import io.jarnetes.etcd.storage.backend.Backend;
import java.util.List;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The leases, what is attached to them, and on the leader when they expire. Grant, revoke,
 * checkpoint and attach come from the apply thread; the rest from any thread.
 */
public final class Lessor {
    /** The longest time to live, in seconds. */
    public static final long MAX_LEASE_TTL_SECONDS = 9_000_000_000L;

    /**
     * A checkpoint that the primary wants replicated.
     *
     * @param id the lease
     * @param remainingTtlSeconds what is left of it
     */
    public record Checkpoint(long id, long remainingTtlSeconds) {}

    /**
     * Opens the lessor on a backend and reads the leases in it; attachments come when the store
     * opens.
     *
     * @param minTtlSeconds what shorter grants are raised to
     * @param nanoTime a clock like {@link System#nanoTime}
     */
    public static Lessor open(Backend backend, long minTtlSeconds, LongSupplier nanoTime) {
        throw new UnsupportedOperationException();
    }

    /**
     * Grants a lease.
     *
     * @return the time to live given, in seconds
     * @throws LeaseException {@code NOT_FOUND} for id 0, {@code EXISTS}, {@code TTL_TOO_LARGE}
     */
    public long grant(long id, long ttlSeconds) {
        throw new UnsupportedOperationException();
    }

    /**
     * Removes a lease and, through {@code deleter}, its keys, in key order and one revision.
     *
     * @throws LeaseException {@code NOT_FOUND}
     */
    public void revoke(long id, RangeDeleter deleter) {
        throw new UnsupportedOperationException();
    }

    /** Notes what remained of a lease, as the primary saw it. */
    public void checkpoint(long id, long remainingTtlSeconds) {
        throw new UnsupportedOperationException();
    }

    /**
     * Renews a lease on the primary.
     *
     * @return its time to live in seconds
     * @throws LeaseException {@code NOT_PRIMARY}, {@code NOT_FOUND}
     */
    public long renew(long id) {
        throw new UnsupportedOperationException();
    }

    /** Whether renewing this lease needs a replicated checkpoint of 0 first. */
    public boolean renewNeedsCheckpoint(long id) {
        throw new UnsupportedOperationException();
    }

    /** Attaches a key to a lease, taking it off the one it was on; lease 0 only takes it off. */
    public void attach(long id, byte[] key) {
        throw new UnsupportedOperationException();
    }

    /** Takes a key off a lease. */
    public void detach(long id, byte[] key) {
        throw new UnsupportedOperationException();
    }

    /** The lease that a key is attached to, or 0. */
    public long leaseOf(byte[] key) {
        throw new UnsupportedOperationException();
    }

    /** A lease with its keys, or null. */
    public @Nullable Lease lookup(long id) {
        throw new UnsupportedOperationException();
    }

    /** Whether the lease is there; cheaper than {@link #lookup}. */
    public boolean exists(long id) {
        throw new UnsupportedOperationException();
    }

    /** The ids of all leases, by remaining time as upstream lists them. */
    public List<Long> leases() {
        throw new UnsupportedOperationException();
    }

    /** Becomes the primary: all leases live on from now, {@code extendNanos} longer. */
    public void promote(long extendNanos) {
        throw new UnsupportedOperationException();
    }

    /** Is the primary no more: nothing expires here. */
    public void demote() {
        throw new UnsupportedOperationException();
    }

    /** Whether this is the primary. */
    public boolean isPrimary() {
        throw new UnsupportedOperationException();
    }

    /**
     * Leases that have expired, at most {@code limit}, for the leader to propose their revocation;
     * each is named again after 3 s if it is still there. Call every 500 ms.
     */
    public List<Long> expired(int limit) {
        throw new UnsupportedOperationException();
    }

    /** Checkpoints that are due, at most {@code limit}, for the leader to propose. */
    public List<Checkpoint> dueCheckpoints(int limit) {
        throw new UnsupportedOperationException();
    }

    /** Replaces everything by what {@code backend} holds, after a snapshot from the leader. */
    public void restore(Backend backend) {
        throw new UnsupportedOperationException();
    }
}
