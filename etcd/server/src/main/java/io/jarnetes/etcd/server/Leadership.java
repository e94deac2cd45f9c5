package io.jarnetes.etcd.server;

import io.jarnetes.base.log.Log;
import io.jarnetes.etcd.raft.HardState;
import io.jarnetes.etcd.raft.SoftState;
import io.jarnetes.etcd.raft.StateType;
import io.jarnetes.etcd.server.apply.ServerError;
import io.jarnetes.etcd.server.peer.Transport;
import io.jarnetes.etcd.storage.membership.Member;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Who leads, as this member knows it: its state for the other threads, those who wait for a leader
 * to hand over, and why proposals were lost. {@link #status}, {@link #synced} and {@link #movingTo}
 * are for any thread, the rest for raft's.
 */
final class Leadership {
    private static final int EXPIRE_EVERY_TICKS = 5;

    private final EtcdConfig.Timing timing;
    private final BootState boot;
    private final ServerMetrics metrics;
    private final Log log;
    private volatile RaftStatus status = RaftStatus.NONE;
    private volatile long synced;
    private volatile @Nullable Transport transport;
    private Consumer<SoftState> listener = state -> {};
    private long ticks;

    /** When this member last heard of a new leader. */
    private boolean elected;

    private long electedNanos;

    /** Since when there is no leader, while there is none. */
    private long leaderlessNanos = System.nanoTime();

    private @Nullable LeaderWait leaderWait;

    private record LeaderWait(
            long target, CompletableFuture<Void> future, long expiresAtTick, long beganNanos) {}

    Leadership(EtcdConfig.Timing timing, BootState boot, ServerMetrics metrics, Log log) {
        this.timing = timing;
        this.boot = boot;
        this.metrics = metrics;
        this.log = log;
        synced = boot.storage().lastIndex();
    }

    /**
     * @param onLeadership hears on the raft thread of a change of leader or role
     */
    void begin(Transport network, Consumer<SoftState> onLeadership) {
        transport = network;
        listener = onLeadership;
    }

    RaftStatus status() {
        return status;
    }

    /** The last index on this member's disk. */
    long synced() {
        return synced;
    }

    /**
     * Leader or role changed.
     *
     * @param leaderSeen called if there is a new leader
     */
    void changed(SoftState state, HardState hard, Runnable leaderSeen) {
        RaftStatus before = status;
        publish(hard, state.lead(), state.raftState());
        if (state.lead() != before.lead()) {
            if (state.lead() != 0) {
                metrics.leaderChanges.inc();
                elected = true;
                electedNanos = System.nanoTime();
                leaderSeen.run();
            } else {
                leaderlessNanos = System.nanoTime();
            }
            metrics.hasLeader.set(state.lead() == 0 ? 0 : 1);
        }
        metrics.isLeader.set(state.raftState() == StateType.LEADER ? 1 : 0);
        LeaderWait wait = leaderWait;
        if (wait != null && state.lead() == wait.target()) {
            leaderWait = null;
            moved(wait);
        }
        listener.accept(state);
    }

    /** The log or its commit index moved. */
    void publish(HardState hard) {
        publish(hard, status.lead(), status.role());
    }

    private void publish(HardState hard, long lead, StateType role) {
        long last = boot.storage().lastIndex();
        synced = last;
        RaftStatus was = status;
        if (was.lead() != lead
                || was.role() != role
                || was.term() != hard.term()
                || was.committed() != hard.commit()
                || was.lastIndex() != last) {
            status = new RaftStatus(lead, role, hard.term(), hard.commit(), last);
        }
    }

    void ticked(HardState hard) {
        ticks++;
        publish(hard);
    }

    /** Now and then fails what has waited too long: proposals, and those who await a leader. */
    void expire(Proposals proposals) {
        if (ticks % EXPIRE_EVERY_TICKS == 0) {
            int failed = proposals.expire(this::timedOut);
            metrics.proposalsFailed.add(failed);
        }
        LeaderWait wait = leaderWait;
        if (wait != null && wait.expiresAtTick() <= ticks) {
            leaderWait = null;
            wait.future().completeExceptionally(ServerError.TIMEOUT_LEADER_TRANSFER.exception());
        }
    }

    // ---- handing over

    /** What {@link #await} is to complete; that it begins is logged. */
    CompletableFuture<Void> movingTo(long target) {
        log.info(
                "leadership transfer starting",
                "local-member-id",
                Ids.hex(boot.memberId()),
                "current-leader-member-id",
                Ids.hex(status.lead()),
                "transferee-member-id",
                Ids.hex(target));
        return new CompletableFuture<>();
    }

    /**
     * Completes {@code moved} when {@code target} leads, at once if it does already, or fails it
     * after an election's time.
     */
    void await(long target, CompletableFuture<Void> moved) {
        long expires = ticks + timing.electionTicks();
        LeaderWait wait = new LeaderWait(target, moved, expires, System.nanoTime());
        if (status.lead() == target) {
            moved(wait);
        } else {
            leaderWait = wait;
        }
    }

    /** Logged before anybody hears of it: whoever has the answer finds it in the log. */
    private void moved(LeaderWait wait) {
        String self = Ids.hex(boot.memberId());
        log.info(
                "leadership transfer finished",
                "local-member-id",
                self,
                "old-leader-member-id",
                self,
                "new-leader-member-id",
                Ids.hex(wait.target()),
                "took",
                Duration.ofNanos(System.nanoTime() - wait.beganNanos()));
        wait.future().complete(null);
    }

    // ---- lost proposals

    /** Why a proposal was lost, as far as this member can know; upstream's rules and words. */
    private RuntimeException timedOut(long beganNanos) {
        if (status.lead() == 0 && beganNanos - leaderlessNanos >= 0) {
            // Raft never took it, and upstream's proposers then hear of their own deadline.
            return ServerError.DEADLINE_EXCEEDED.exception();
        }
        long lostNanos = electedNanos - 2 * timing.election().toNanos();
        if (elected && beganNanos - lostNanos > 0 && beganNanos - electedNanos < 0) {
            return ServerError.TIMEOUT_LEADER_FAIL.exception();
        }
        Transport network = transport;
        long lead = status.lead();
        if (network == null || lead == 0) {
            return ServerError.TIMEOUT.exception();
        }
        Instant began = Instant.now().minusNanos(System.nanoTime() - beganNanos);
        boolean connected =
                lead == boot.memberId()
                        ? hasQuorumSince(network, began)
                        : isConnectedSince(network, lead, began);
        return (connected ? ServerError.TIMEOUT : ServerError.TIMEOUT_CONNECTION_LOST).exception();
    }

    private boolean hasQuorumSince(Transport network, Instant since) {
        List<Member> members = boot.stores().cluster().members();
        long connected =
                members.stream()
                        .filter(m ->
                                m.id() == boot.memberId()
                                        || isConnectedSince(network, m.id(), since))
                        .count();
        return connected >= members.size() / 2 + 1;
    }

    private static boolean isConnectedSince(Transport network, long id, Instant since) {
        Instant active = network.activeSince(id);
        return active != null && active.isBefore(since);
    }
}
