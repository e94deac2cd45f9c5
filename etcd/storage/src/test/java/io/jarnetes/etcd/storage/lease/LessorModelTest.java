package io.jarnetes.etcd.storage.lease;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.jarnetes.etcd.storage.backend.Backend;
import io.jarnetes.etcd.storage.backend.BackendOptions;
import io.jarnetes.etcd.storage.backend.MemoryFile;
import io.jarnetes.etcd.storage.bbolt.Seeds;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Random requests, time and changes of leader against a list that is searched from end to end. */
class LessorModelTest {
    private static final long MIN_TTL = 2;
    private static final long CHECKPOINT_SECONDS = 300;
    private static final long RETRY_NANOS = TimeUnit.SECONDS.toNanos(3);

    @TestFactory
    Stream<DynamicTest> requestsAndTime() {
        return Seeds.of(60, seed -> new Run(seed).run());
    }

    private static final class Modelled {
        final long ttl;
        final TreeSet<String> keys = new TreeSet<>();
        long remaining;
        // When it is over, and when it is named as expired (again).
        long expiry = Long.MAX_VALUE;
        long due = Long.MAX_VALUE;
        long checkpointAt = Long.MAX_VALUE;

        Modelled(long ttl) {
            this.ttl = ttl;
        }

        long life() {
            return TimeUnit.SECONDS.toNanos(remaining > 0 ? remaining : ttl);
        }
    }

    private static final class Run {
        private final Random random;
        private final Map<Long, Modelled> model = new TreeMap<>();
        private final LessorConfig config =
                new LessorConfig(MIN_TTL, CHECKPOINT_SECONDS, () -> true, this::nanoTime);
        private long now = 5_000_000_000L;
        private MemoryFile file = new MemoryFile();
        private Backend backend = Backend.over(file, BackendOptions.defaults());
        private Lessor lessor = Lessor.open(backend, config);
        private boolean primary;

        Run(long seed) {
            random = new Random(seed);
        }

        private long nanoTime() {
            return now;
        }

        void run() {
            for (int i = 0; i < 500; i++) {
                step();
                requireSame();
            }
        }

        private Modelled of(long id) {
            return Objects.requireNonNull(model.get(id));
        }

        private void step() {
            long id = 1 + random.nextInt(8);
            switch (random.nextInt(14)) {
                case 0, 1 -> grant(id);
                case 2 -> revoke(id);
                case 3, 4 -> renew(id);
                case 5, 6 -> attach(id, "k" + random.nextInt(10));
                case 7 -> attach(0, "k" + random.nextInt(10));
                case 8 -> {
                    if (random.nextInt(4) == 0) {
                        lead();
                    }
                }
                case 9 -> expired();
                case 10 -> checkpoints();
                case 11 -> {
                    if (random.nextInt(6) == 0) {
                        reopen();
                    }
                }
                default -> now += TimeUnit.MILLISECONDS.toNanos(random.nextInt(4000));
            }
            if (random.nextInt(100) == 0) {
                now += TimeUnit.SECONDS.toNanos(random.nextInt(400));
            }
        }

        private void start(Modelled lease, long extend) {
            lease.expiry = now + lease.life() + extend;
            lease.due = lease.expiry;
        }

        private void scheduleCheckpoint(Modelled lease) {
            if (lease.life() > TimeUnit.SECONDS.toNanos(CHECKPOINT_SECONDS)) {
                lease.checkpointAt = now + TimeUnit.SECONDS.toNanos(CHECKPOINT_SECONDS);
            }
        }

        private void grant(long id) {
            long ttl = random.nextInt(3) == 0 ? 200 + random.nextInt(2000) : random.nextInt(12);
            if (model.containsKey(id)) {
                requireRefused(LeaseException.Code.EXISTS, () -> lessor.grant(id, ttl));
                return;
            }
            Modelled lease = new Modelled(Math.max(ttl, MIN_TTL));
            assertThat(lessor.grant(id, ttl)).isEqualTo(lease.ttl);
            model.put(id, lease);
            if (primary) {
                start(lease, 0);
                scheduleCheckpoint(lease);
            }
        }

        private void requireRefused(LeaseException.Code code, Runnable call) {
            try {
                call.run();
            } catch (LeaseException e) {
                assertThat(e.code()).isEqualTo(code);
                return;
            }
            throw new AssertionError("not refused: " + code);
        }

        private void revoke(long id) {
            Modelled lease = model.remove(id);
            if (lease == null) {
                requireRefused(LeaseException.Code.NOT_FOUND, () -> lessor.revoke(id, keys -> {}));
                return;
            }
            lessor.revoke(
                    id,
                    keys ->
                            assertThat(keys.stream().map(key -> new String(key, UTF_8)))
                                    .containsExactlyElementsOf(lease.keys));
        }

        private void renew(long id) {
            Modelled lease = model.get(id);
            if (!primary) {
                requireRefused(LeaseException.Code.NOT_PRIMARY, () -> lessor.renew(id));
            } else if (lease == null) {
                requireRefused(LeaseException.Code.NOT_FOUND, () -> lessor.renew(id));
            } else if (lease.expiry <= now) {
                requireRefused(LeaseException.Code.EXPIRED, () -> lessor.renew(id));
            } else {
                // The server clears a checkpointed rest first, through the log.
                if (lessor.renewNeedsCheckpoint(id)) {
                    lessor.checkpoint(id, 0);
                    lease.remaining = 0;
                    scheduleCheckpoint(lease);
                }
                assertThat(lessor.renew(id)).isEqualTo(lease.ttl);
                start(lease, 0);
            }
        }

        private void attach(long id, String key) {
            if (id != 0 && !model.containsKey(id)) {
                requireRefused(
                        LeaseException.Code.NOT_FOUND,
                        () -> lessor.attach(id, key.getBytes(UTF_8)));
                return;
            }
            lessor.attach(id, key.getBytes(UTF_8));
            model.values().forEach(lease -> lease.keys.remove(key));
            if (id != 0) {
                of(id).keys.add(key);
            }
        }

        private void lead() {
            primary = !primary;
            if (primary) {
                long extend = random.nextInt(1000) * 1_000_000L;
                lessor.promote(extend);
                model.values()
                        .forEach(lease -> {
                            start(lease, extend);
                            scheduleCheckpoint(lease);
                        });
            } else {
                demote();
                lessor.demote();
            }
        }

        private void demote() {
            primary = false;
            for (Modelled lease : model.values()) {
                lease.expiry = Long.MAX_VALUE;
                lease.due = Long.MAX_VALUE;
                lease.checkpointAt = Long.MAX_VALUE;
            }
        }

        private void expired() {
            int limit = random.nextInt(6);
            List<Long> expected =
                    model.entrySet().stream()
                            .filter(e -> primary && e.getValue().due <= now)
                            .sorted(
                                    Comparator.<Map.Entry<Long, Modelled>>comparingLong(
                                                    e -> e.getValue().due)
                                            .thenComparing(Map.Entry::getKey))
                            .limit(limit)
                            .map(Map.Entry::getKey)
                            .toList();
            assertThat(lessor.expired(limit)).isEqualTo(expected);
            expected.forEach(id -> of(id).due = now + RETRY_NANOS);
        }

        private void checkpoints() {
            List<Lessor.Checkpoint> due = lessor.dueCheckpoints(100);
            TreeSet<Long> expected = new TreeSet<>();
            model.forEach((id, lease) -> {
                if (lease.checkpointAt <= now) {
                    lease.checkpointAt = Long.MAX_VALUE;
                    long rest = Math.ceilDiv(lease.expiry - now, TimeUnit.SECONDS.toNanos(1));
                    if (lease.expiry > now && rest < lease.ttl) {
                        expected.add(id);
                    }
                }
            });
            assertThat(due.stream().map(Lessor.Checkpoint::id))
                    .containsExactlyInAnyOrderElementsOf(expected);
            for (Lessor.Checkpoint checkpoint : due) {
                Modelled lease = of(checkpoint.id());
                long rest = lease.expiry - now;
                assertThat(checkpoint.remainingTtlSeconds())
                        .isEqualTo(Math.ceilDiv(rest, TimeUnit.SECONDS.toNanos(1)));
                lessor.checkpoint(checkpoint.id(), checkpoint.remainingTtlSeconds());
                lease.remaining = checkpoint.remainingTtlSeconds();
                scheduleCheckpoint(lease);
            }
        }

        /** A crash after a commit: a member starts as a follower, and keys are attached anew. */
        private void reopen() {
            backend.commit();
            file = file.copy();
            backend = Backend.over(file, BackendOptions.defaults());
            lessor = Lessor.open(backend, config);
            demote();
            model.forEach((id, lease) ->
                    lease.keys.forEach(key -> lessor.attach(id, key.getBytes(UTF_8))));
        }

        private void requireSame() {
            assertThat(lessor.isPrimary()).isEqualTo(primary);
            assertThat(lessor.leases()).containsExactlyInAnyOrderElementsOf(model.keySet());
            model.forEach((id, lease) -> {
                Lease shown = Objects.requireNonNull(lessor.lookup(id));
                assertThat(shown.ttlSeconds()).isEqualTo(lease.ttl);
                assertThat(shown.keys().stream().map(key -> new String(key, UTF_8)))
                        .containsExactlyElementsOf(lease.keys);
                lease.keys.forEach(
                        key -> assertThat(lessor.leaseOf(key.getBytes(UTF_8))).isEqualTo(id));
            });
        }
    }
}
