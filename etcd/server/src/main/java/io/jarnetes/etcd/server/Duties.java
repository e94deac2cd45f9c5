package io.jarnetes.etcd.server;

import io.jarnetes.base.log.Log;
import io.jarnetes.etcd.proto.etcdserverpb.InternalRaftRequest;
import io.jarnetes.etcd.proto.etcdserverpb.LeaseCheckpoint;
import io.jarnetes.etcd.proto.etcdserverpb.LeaseCheckpointRequest;
import io.jarnetes.etcd.proto.etcdserverpb.LeaseRevokeRequest;
import io.jarnetes.etcd.proto.membershippb.Attributes;
import io.jarnetes.etcd.proto.membershippb.ClusterMemberAttrSetRequest;
import io.jarnetes.etcd.raft.SoftState;
import io.jarnetes.etcd.raft.StateType;
import io.jarnetes.etcd.storage.lease.Lessor;
import io.jarnetes.etcd.storage.mvcc.Mvcc;
import io.netty.util.concurrent.Future;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/**
 * What a member does without being asked: it publishes its name, revokes leases that have expired,
 * brings slow watchers along, looks after versions. Timers tick on event loops; work that takes
 * time is done on the background pool.
 */
final class Duties implements AutoCloseable {
    private static final long LEASE_MILLIS = 500;
    private static final long VERSION_MILLIS = 4_000;
    private static final long WATCH_MILLIS = 100;
    private static final long VICTIM_MILLIS = 10;
    private static final long PUBLISH_MILLIS = 1_500;
    private static final int MAX_REVOKES = 1_000;

    private final EtcdMember member;
    private final Versions versions;
    private final AutoCompactor compactor;
    private final Consumer<Throwable> onFailure;
    private final Log log;
    private final List<Future<?>> timers = new ArrayList<>();
    private final AtomicBoolean syncing = new AtomicBoolean();
    private volatile boolean closed;

    Duties(
            EtcdMember member,
            Versions versions,
            AutoCompactor compactor,
            Consumer<Throwable> onFailure,
            Log log) {
        this.member = member;
        this.versions = versions;
        this.compactor = compactor;
        this.onFailure = onFailure;
        this.log = log;
    }

    void start() {
        every(LEASE_MILLIS, this::leases);
        every(VERSION_MILLIS, versions::check);
        every(WATCH_MILLIS, this::watchers);
        compactor.intervalMillis().ifPresent(millis -> every(millis, compactor::check));
    }

    void every(long millis, Runnable work) {
        timers.add(
                member.runtime()
                        .loops()
                        .next()
                        .scheduleAtFixedRate(
                                () -> guarded(work), millis, millis, TimeUnit.MILLISECONDS));
    }

    private void guarded(Runnable work) {
        try {
            if (!closed) {
                work.run();
            }
        } catch (RuntimeException e) {
            log.warn("a periodic task failed", "error", e);
        }
    }

    /** Leader or role changed; on the raft thread. */
    void leadership(SoftState state) {
        if (state.raftState() != StateType.LEADER) {
            member.stores().lessor().demote();
        }
    }

    /** Everything of earlier terms is applied: a new leader looks at versions at once. */
    void termBegun() {
        member.runtime().background().execute(() -> guarded(versions::check));
    }

    // Attributes

    /** Tells the cluster the member's name and client URLs, until it has heard. */
    CompletableFuture<Void> publish() {
        CompletableFuture<Void> published = new CompletableFuture<>();
        publish(published);
        return published;
    }

    private void publish(CompletableFuture<Void> published) {
        if (closed) {
            published.completeExceptionally(new IllegalStateException("the member was closed"));
            return;
        }
        List<String> urls =
                member.config().urls().advertiseClient().stream().map(URI::toString).toList();
        InternalRaftRequest.Builder request =
                InternalRaftRequest.newBuilder()
                        .setClusterMemberAttrSet(
                                ClusterMemberAttrSetRequest.newBuilder()
                                        .setMemberID(member.memberId())
                                        .setMemberAttributes(
                                                Attributes.newBuilder()
                                                        .setName(member.config().name())
                                                        .addAllClientUrls(urls)));
        member.proposeAsRoot(request)
                // A proposal may be lost on its way to a new leader; saying it twice does no harm.
                .orTimeout(PUBLISH_MILLIS, TimeUnit.MILLISECONDS)
                .whenComplete((done, failure) -> {
                    if (failure == null) {
                        log.info(
                                "published local member to cluster through raft",
                                "local-member-id",
                                Ids.hex(member.memberId()),
                                "cluster-id",
                                Ids.hex(member.stores().cluster().clusterId()));
                        published.complete(null);
                    } else {
                        log.warn(
                                "failed to publish local member to cluster through raft",
                                "error",
                                failure);
                        retry(published);
                    }
                });
    }

    private void retry(CompletableFuture<Void> published) {
        try {
            member.runtime()
                    .loops()
                    .schedule(() -> publish(published), LEASE_MILLIS, TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException e) {
            published.completeExceptionally(e);
        }
    }

    // Leases

    private void leases() {
        if (!member.isLeader()) {
            return;
        }
        Lessor lessor = member.stores().lessor();
        for (long id : lessor.expired(MAX_REVOKES)) {
            member.proposeAsRoot(
                            InternalRaftRequest.newBuilder()
                                    .setLeaseRevoke(LeaseRevokeRequest.newBuilder().setID(id)))
                    .whenComplete((done, failure) -> {
                        if (failure == null) {
                            member.metrics().leaseExpired.inc();
                        } else {
                            log.warn(
                                    "failed to revoke lease",
                                    "lease-id",
                                    String.format("%016x", id),
                                    "error",
                                    failure);
                        }
                    });
        }
        List<Lessor.Checkpoint> due = lessor.dueCheckpoints(MAX_REVOKES);
        if (!due.isEmpty()) {
            checkpoint(due);
        }
    }

    private void checkpoint(List<Lessor.Checkpoint> due) {
        LeaseCheckpointRequest.Builder request = LeaseCheckpointRequest.newBuilder();
        due.forEach(c ->
                request.addCheckpoints(
                        LeaseCheckpoint.newBuilder()
                                .setID(c.id())
                                .setRemainingTTL(c.remainingTtlSeconds())));
        member.proposeAsRoot(InternalRaftRequest.newBuilder().setLeaseCheckpoint(request));
    }

    // Watchers

    private void watchers() {
        Mvcc mvcc = member.stores().mvcc();
        if (mvcc.watcherCounts().slow() > 0 && syncing.compareAndSet(false, true)) {
            member.runtime().background().execute(this::sync);
        }
    }

    private void sync() {
        boolean victims = false;
        try {
            Mvcc mvcc = member.stores().mvcc();
            boolean more = true;
            while (more && !closed) {
                more = mvcc.syncWatchers();
            }
            victims = mvcc.syncVictims();
        } catch (RuntimeException | Error e) {
            onFailure.accept(e);
        } finally {
            syncing.set(false);
        }
        if (victims && !closed) {
            member.runtime().loops().schedule(this::watchers, VICTIM_MILLIS, TimeUnit.MILLISECONDS);
        }
    }

    /** A watcher that begins in the past was added: it need not wait for the next round. */
    void hurry() {
        watchers();
    }

    @Override
    public void close() {
        closed = true;
        timers.forEach(timer -> timer.cancel(false));
    }
}
