package io.jarnetes.etcd.storage.lease;

import io.jarnetes.etcd.storage.backend.Backend;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The leases, what is attached to them, and on the leader when they expire. Grant, revoke,
 * checkpoint and attach come from the apply thread; the rest from any thread.
 */
public final class Lessor {
    /** The longest time to live, in seconds. */
    public static final long MAX_LEASE_TTL_SECONDS = 9_000_000_000L;

    /** How many leases {@link #expired} should name in a second, as upstream. */
    public static final int LEASE_REVOKE_RATE = 1000;

    private static final long EXPIRED_RETRY_NANOS = TimeUnit.SECONDS.toNanos(3);

    /**
     * A checkpoint that the primary wants replicated.
     *
     * @param id the lease
     * @param remainingTtlSeconds what is left of it
     */
    public record Checkpoint(long id, long remainingTtlSeconds) {}

    private final LessorConfig config;
    private final long startNanos;
    private final Map<Long, LeaseState> leases = new HashMap<>();
    private final Map<ByteBuffer, LeaseState> byKey = new HashMap<>();
    private final TimedQueue expiries = new TimedQueue();
    private final TimedQueue checkpoints = new TimedQueue();
    private Backend backend;
    private boolean primary;

    private Lessor(Backend backend, LessorConfig config) {
        this.backend = backend;
        this.config = config;
        this.startNanos = config.nanoTime().getAsLong();
        load();
    }

    /**
     * Opens the lessor on a backend and reads the leases in it; attachments come when the store
     * opens.
     */
    public static Lessor open(Backend backend, LessorConfig config) {
        return new Lessor(backend, config);
    }

    /**
     * Opens a lessor without checkpoints.
     *
     * @param minTtlSeconds what shorter grants are raised to
     * @param nanoTime a clock like {@link System#nanoTime}
     */
    public static Lessor open(Backend backend, long minTtlSeconds, LongSupplier nanoTime) {
        return open(backend, new LessorConfig(minTtlSeconds, 0, () -> true, nanoTime));
    }

    private void load() {
        leases.clear();
        byKey.clear();
        expiries.clear();
        checkpoints.clear();
        for (LeaseState lease : LeaseBucket.load(backend, config.minTtlSeconds())) {
            leases.put(lease.id, lease);
        }
    }

    /** Replaces everything by what {@code backend} holds, after a snapshot from the leader. */
    public synchronized void restore(Backend newBackend) {
        leases.values().forEach(LeaseState::settle);
        backend = newBackend;
        load();
    }

    private long now() {
        return config.nanoTime().getAsLong() - startNanos;
    }

    /**
     * Grants a lease.
     *
     * @return the time to live given, in seconds
     * @throws LeaseException {@code NOT_FOUND} for id 0, {@code EXISTS}, {@code TTL_TOO_LARGE}
     */
    public synchronized long grant(long id, long ttlSeconds) {
        if (id == 0) {
            throw new LeaseException(LeaseException.Code.NOT_FOUND);
        }
        if (ttlSeconds > MAX_LEASE_TTL_SECONDS) {
            throw new LeaseException(LeaseException.Code.TTL_TOO_LARGE);
        }
        if (leases.containsKey(id)) {
            throw new LeaseException(LeaseException.Code.EXISTS);
        }
        LeaseState lease = new LeaseState(id, Math.max(ttlSeconds, config.minTtlSeconds()), 0);
        leases.put(id, lease);
        LeaseBucket.save(backend, lease);
        if (primary) {
            refresh(lease, 0);
            scheduleCheckpoint(lease);
        }
        return lease.ttlSeconds;
    }

    private void refresh(LeaseState lease, long extendNanos) {
        long lifeNanos = TimeUnit.SECONDS.toNanos(lease.secondsToLive());
        lease.expiry = saturatedSum(now(), saturatedSum(lifeNanos, extendNanos));
        expiries.set(lease.id, lease.expiry);
    }

    private static long saturatedSum(long a, long b) {
        long sum = a + b;
        // Only positive numbers meet here; FOREVER itself is kept for leases that never expire.
        return sum < 0 || sum == LeaseState.FOREVER ? LeaseState.FOREVER - 1 : sum;
    }

    private void scheduleCheckpoint(LeaseState lease) {
        long interval = config.checkpointIntervalSeconds();
        if (interval > 0 && lease.secondsToLive() > interval) {
            checkpoints.set(lease.id, now() + TimeUnit.SECONDS.toNanos(interval));
        }
    }

    /**
     * Removes a lease and, through {@code deleter}, its keys, in key order and one revision.
     *
     * @throws LeaseException {@code NOT_FOUND}
     */
    public void revoke(long id, RangeDeleter deleter) {
        List<byte[]> keys;
        synchronized (this) {
            keys = List.copyOf(known(id).keys);
        }
        // Deleting detaches the keys; the store must not be called under our lock.
        deleter.delete(keys);
        synchronized (this) {
            LeaseState lease = leases.remove(id);
            expiries.remove(id);
            checkpoints.remove(id);
            // In the same commit as the deletion of the keys: both happen between two freezes.
            LeaseBucket.delete(backend, id);
            if (lease != null) {
                lease.keys.forEach(key -> byKey.remove(ByteBuffer.wrap(key)));
                lease.settle();
            }
        }
    }

    private LeaseState known(long id) {
        LeaseState lease = leases.get(id);
        if (lease == null) {
            throw new LeaseException(LeaseException.Code.NOT_FOUND);
        }
        return lease;
    }

    /** Notes what remained of a lease, as the primary saw it; ignored for an unknown one. */
    public synchronized void checkpoint(long id, long remainingTtlSeconds) {
        LeaseState lease = leases.get(id);
        if (lease == null) {
            return;
        }
        lease.remainingTtlSeconds = remainingTtlSeconds;
        if (config.persistCheckpoints().getAsBoolean()) {
            LeaseBucket.save(backend, lease);
        }
        if (primary) {
            scheduleCheckpoint(lease);
        }
    }

    /**
     * Renews a lease on the primary. One that has expired cannot be renewed any more: wait for
     * {@link #settled} and ask again, which then says why.
     *
     * @return its time to live in seconds
     * @throws LeaseException {@code NOT_PRIMARY}, {@code NOT_FOUND}, {@code EXPIRED}
     */
    public synchronized long renew(long id) {
        if (!primary) {
            throw new LeaseException(LeaseException.Code.NOT_PRIMARY);
        }
        LeaseState lease = known(id);
        if (lease.expiry <= now()) {
            throw new LeaseException(LeaseException.Code.EXPIRED);
        }
        refresh(lease, 0);
        return lease.ttlSeconds;
    }

    /** Done once an expired lease was revoked, or this is the primary no more. */
    public synchronized CompletableFuture<Void> settled(long id) {
        LeaseState lease = leases.get(id);
        if (!primary || lease == null || lease.expiry > now()) {
            return CompletableFuture.completedFuture(null);
        }
        CompletableFuture<Void> future = lease.settled;
        if (future == null) {
            future = new CompletableFuture<>();
            lease.settled = future;
        }
        return future.copy();
    }

    /** Whether renewing this lease needs a replicated checkpoint of 0 first. */
    public synchronized boolean renewNeedsCheckpoint(long id) {
        LeaseState lease = leases.get(id);
        return lease != null
                && config.checkpointIntervalSeconds() > 0
                && lease.remainingTtlSeconds > 0;
    }

    /**
     * Attaches a key to a lease, taking it off the one it was on; lease 0 only takes it off.
     *
     * @throws LeaseException {@code NOT_FOUND}
     */
    public synchronized void attach(long id, byte[] key) {
        if (id == 0) {
            detach(key);
            return;
        }
        LeaseState lease = known(id);
        LeaseState before = byKey.put(ByteBuffer.wrap(key), lease);
        if (before != lease) {
            if (before != null) {
                before.keys.remove(key);
            }
            lease.keys.add(key);
        }
    }

    private void detach(byte[] key) {
        if (byKey.isEmpty()) {
            return;
        }
        LeaseState before = byKey.remove(ByteBuffer.wrap(key));
        if (before != null) {
            before.keys.remove(key);
        }
    }

    /** The lease that a key is attached to, or 0. */
    public synchronized long leaseOf(byte[] key) {
        LeaseState lease = byKey.get(ByteBuffer.wrap(key));
        return lease == null ? 0 : lease.id;
    }

    /** A lease with its keys, or null. */
    public synchronized @Nullable Lease lookup(long id) {
        LeaseState lease = leases.get(id);
        if (lease == null) {
            return null;
        }
        long remaining =
                lease.expiry == LeaseState.FOREVER
                        ? lease.ttlSeconds
                        : TimeUnit.NANOSECONDS.toSeconds(lease.expiry - now());
        return new Lease(id, lease.ttlSeconds, remaining, List.copyOf(lease.keys));
    }

    /** Whether the lease is there; cheaper than {@link #lookup}. */
    public synchronized boolean exists(long id) {
        return leases.containsKey(id);
    }

    /** The ids of all leases, those that expire first first. */
    public synchronized List<Long> leases() {
        return leases.values().stream()
                .sorted(LeaseState.BY_EXPIRY)
                .map(lease -> lease.id)
                .toList();
    }

    /** Becomes the primary: all leases live on from now, {@code extendNanos} longer. */
    public synchronized void promote(long extendNanos) {
        primary = true;
        for (LeaseState lease : leases.values()) {
            refresh(lease, extendNanos);
            scheduleCheckpoint(lease);
        }
        if (leases.size() >= LEASE_REVOKE_RATE) {
            spread(extendNanos);
        }
    }

    /**
     * Moves expiries apart that would come at once, to three quarters of the revoke rate, so that
     * those that expire by right are not held up.
     */
    private void spread(long extendNanos) {
        List<LeaseState> sorted = new ArrayList<>(leases.values());
        sorted.sort(LeaseState.BY_EXPIRY);
        long second = TimeUnit.SECONDS.toNanos(1);
        long now = now();
        long perSecond = 3L * LEASE_REVOKE_RATE / 4;
        long baseWindow = sorted.getFirst().expiry - now;
        long nextWindow = baseWindow + second;
        long expires = 0;
        for (LeaseState lease : sorted) {
            long remaining = lease.expiry - now;
            if (remaining > nextWindow) {
                baseWindow = remaining;
                nextWindow = baseWindow + second;
                expires = 1;
                continue;
            }
            expires++;
            if (expires > perSecond) {
                double delay = second * ((double) expires / perSecond) - (remaining - baseWindow);
                nextWindow = baseWindow + (long) delay;
                refresh(lease, (long) delay + extendNanos);
                scheduleCheckpoint(lease);
            }
        }
    }

    /** Is the primary no more: nothing expires here. */
    public synchronized void demote() {
        primary = false;
        expiries.clear();
        checkpoints.clear();
        for (LeaseState lease : leases.values()) {
            lease.expiry = LeaseState.FOREVER;
            lease.settle();
        }
    }

    /** Whether this is the primary. */
    public synchronized boolean isPrimary() {
        return primary;
    }

    /**
     * Leases that have expired, at most {@code limit}, for the leader to propose their revocation;
     * each is named again after 3 s if it is still there. Call every 500 ms, with half of {@link
     * #LEASE_REVOKE_RATE}.
     */
    public synchronized List<Long> expired(int limit) {
        List<Long> found = new ArrayList<>();
        if (!primary) {
            return found;
        }
        long now = now();
        while (found.size() < limit) {
            OptionalLong id = expiries.poll(now);
            if (id.isEmpty()) {
                break;
            }
            expiries.set(id.getAsLong(), now + EXPIRED_RETRY_NANOS);
            found.add(id.getAsLong());
        }
        return found;
    }

    /** Checkpoints that are due, at most {@code limit}, for the leader to propose. */
    public synchronized List<Checkpoint> dueCheckpoints(int limit) {
        List<Checkpoint> due = new ArrayList<>();
        long now = now();
        while (primary && due.size() < limit) {
            OptionalLong id = checkpoints.poll(now);
            if (id.isEmpty()) {
                break;
            }
            LeaseState lease = leases.get(id.getAsLong());
            if (lease == null || lease.expiry <= now) {
                continue;
            }
            long remaining = Math.ceilDiv(lease.expiry - now, TimeUnit.SECONDS.toNanos(1));
            if (remaining < lease.ttlSeconds) {
                due.add(new Checkpoint(lease.id, remaining));
            }
        }
        return due;
    }
}
