package io.jarnetes.etcd.storage.lease;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jarnetes.etcd.storage.backend.Backend;
import io.jarnetes.etcd.storage.backend.BackendOptions;
import io.jarnetes.etcd.storage.backend.MemoryFile;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

class LessorTest {
    private final AtomicLong clock = new AtomicLong(-5_000_000_000L);
    private final Backend backend = Backend.over(new MemoryFile(), BackendOptions.defaults());
    private final LessorConfig config = new LessorConfig(2, 300, () -> true, clock::get);
    private final Lessor lessor = Lessor.open(backend, config);

    private static byte[] b(String text) {
        return text.getBytes(UTF_8);
    }

    private void pass(long seconds) {
        clock.addAndGet(TimeUnit.SECONDS.toNanos(seconds));
    }

    private static void refused(LeaseException.Code code, ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        LeaseException.class, e -> assertThat(e.code()).isEqualTo(code));
    }

    @Test
    void grantsAreCheckedAndRaisedToTheMinimum() {
        assertThat(lessor.grant(1, 1)).isEqualTo(2);
        assertThat(lessor.grant(2, Lessor.MAX_LEASE_TTL_SECONDS)).isEqualTo(9_000_000_000L);
        refused(LeaseException.Code.EXISTS, () -> lessor.grant(1, 5));
        refused(LeaseException.Code.NOT_FOUND, () -> lessor.grant(0, 5));
        refused(
                LeaseException.Code.TTL_TOO_LARGE,
                () -> lessor.grant(3, Lessor.MAX_LEASE_TTL_SECONDS + 1));
        lessor.promote(0);
        assertThat(lessor.lookup(2))
                .isEqualTo(new Lease(2, 9_000_000_000L, 9_000_000_000L, List.of()));
        assertThat(lessor.leases()).containsExactly(1L, 2L);
    }

    @Test
    void nothingExpiresButOnThePrimary() {
        lessor.grant(1, 5);
        pass(100);
        assertThat(lessor.expired(10)).isEmpty();
        refused(LeaseException.Code.NOT_PRIMARY, () -> lessor.renew(1));
        lessor.promote(TimeUnit.SECONDS.toNanos(3));
        pass(7);
        assertThat(lessor.expired(10)).isEmpty();
        pass(1);
        assertThat(lessor.expired(10)).containsExactly(1L);
        lessor.demote();
        pass(100);
        assertThat(lessor.expired(10)).isEmpty();
    }

    @Test
    void whatHasExpiredIsNamedAgainUntilItIsRevoked() {
        lessor.promote(0);
        for (long id = 1; id <= 3; id++) {
            lessor.grant(id, id + 2);
        }
        pass(10);
        assertThat(lessor.expired(2)).containsExactly(1L, 2L);
        assertThat(lessor.expired(2)).containsExactly(3L);
        assertThat(lessor.expired(2)).isEmpty();
        lessor.revoke(2, keys -> {});
        pass(3);
        assertThat(lessor.expired(10)).containsExactly(1L, 3L);
    }

    @Test
    void aRenewedLeaseLivesOn() {
        lessor.promote(0);
        lessor.grant(1, 5);
        for (int i = 0; i < 5; i++) {
            pass(4);
            assertThat(lessor.renew(1)).isEqualTo(5);
            assertThat(lessor.expired(10)).isEmpty();
        }
        refused(LeaseException.Code.NOT_FOUND, () -> lessor.renew(2));
    }

    @Test
    void whoRenewsTooLateWaitsForItsFate() {
        lessor.promote(0);
        lessor.grant(1, 5);
        pass(5);
        refused(LeaseException.Code.EXPIRED, () -> lessor.renew(1));
        CompletableFuture<Void> settled = lessor.settled(1);
        assertThat(settled).isNotDone();
        lessor.revoke(1, keys -> {});
        assertThat(settled).isDone();
        refused(LeaseException.Code.NOT_FOUND, () -> lessor.renew(1));

        lessor.grant(2, 5);
        pass(5);
        CompletableFuture<Void> other = lessor.settled(2);
        lessor.demote();
        assertThat(other).isDone();
        refused(LeaseException.Code.NOT_PRIMARY, () -> lessor.renew(2));
    }

    @Test
    void keysAreOnOneLeaseAtATime() {
        lessor.grant(1, 5);
        lessor.grant(2, 5);
        lessor.attach(1, b("b"));
        lessor.attach(1, b("a"));
        lessor.attach(2, b("b"));
        refused(LeaseException.Code.NOT_FOUND, () -> lessor.attach(3, b("a")));
        assertThat(lessor.leaseOf(b("a"))).isEqualTo(1);
        assertThat(lessor.leaseOf(b("b"))).isEqualTo(2);
        lessor.attach(0, b("a"));
        assertThat(lessor.leaseOf(b("a"))).isZero();
        assertThat(lessor.lookup(1)).isEqualTo(new Lease(1, 5, 5, List.of()));
    }

    @Test
    void revokingDeletesTheKeysInOrder() {
        lessor.grant(1, 5);
        for (String key : List.of("b", "c", "a")) {
            lessor.attach(1, b(key));
        }
        List<String> deleted = new ArrayList<>();
        lessor.revoke(1, keys -> keys.forEach(key -> deleted.add(new String(key, UTF_8))));
        assertThat(deleted).containsExactly("a", "b", "c");
        assertThat(lessor.leaseOf(b("a"))).isZero();
        refused(LeaseException.Code.NOT_FOUND, () -> lessor.revoke(1, keys -> {}));
        assertThat(Lessor.open(backend, config).leases()).isEmpty();
    }

    @Test
    void longLeasesAreCheckpointedAndRemembered() {
        lessor.promote(0);
        lessor.grant(1, 1000);
        lessor.grant(2, 299);
        pass(299);
        assertThat(lessor.dueCheckpoints(10)).isEmpty();
        pass(1);
        assertThat(lessor.dueCheckpoints(10)).containsExactly(new Lessor.Checkpoint(1, 700));
        assertThat(lessor.renewNeedsCheckpoint(1)).isFalse();
        lessor.checkpoint(1, 700);
        assertThat(lessor.renewNeedsCheckpoint(1)).isTrue();

        Lessor other = Lessor.open(backend, config);
        other.promote(TimeUnit.SECONDS.toNanos(1));
        assertThat(other.lookup(1)).isEqualTo(new Lease(1, 1000, 701, List.of()));
        other.checkpoint(1, 0);
        assertThat(other.renew(1)).isEqualTo(1000);
        assertThat(other.lookup(1)).isEqualTo(new Lease(1, 1000, 1000, List.of()));
    }

    @Test
    void manyLeasesThatWouldExpireAtOnceAreSpread() {
        for (long id = 1; id <= 2000; id++) {
            lessor.grant(id, 10);
        }
        lessor.promote(0);
        pass(10);
        List<Long> atOnce = lessor.expired(5000);
        assertThat(atOnce).hasSize(750);
        atOnce.forEach(id -> lessor.revoke(id, keys -> {}));
        for (int second = 0; second < 30; second++) {
            pass(1);
            List<Long> more = lessor.expired(5000);
            assertThat(more.size()).as("after %s s", second).isLessThanOrEqualTo(1000);
            more.forEach(id -> lessor.revoke(id, keys -> {}));
        }
        assertThat(lessor.leases()).isEmpty();
    }
}
