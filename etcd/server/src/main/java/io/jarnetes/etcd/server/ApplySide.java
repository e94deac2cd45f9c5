package io.jarnetes.etcd.server;

import io.jarnetes.base.log.Log;
import io.jarnetes.etcd.proto.etcdserverpb.AlarmType;
import io.jarnetes.etcd.raft.ConfChange;
import io.jarnetes.etcd.raft.ConfState;
import io.jarnetes.etcd.raft.Entry;
import io.jarnetes.etcd.raft.EntryType;
import io.jarnetes.etcd.raft.Message;
import io.jarnetes.etcd.raft.Snapshot;
import io.jarnetes.etcd.server.apply.Applier;
import io.jarnetes.etcd.server.apply.ApplyEvents;
import io.jarnetes.etcd.server.apply.ApplyResult;
import io.jarnetes.etcd.server.apply.Quota;
import io.jarnetes.etcd.server.apply.Stores;
import io.jarnetes.etcd.server.driver.AppliedWaits;
import io.jarnetes.etcd.server.peer.Transport;
import io.jarnetes.etcd.storage.backend.Backend;
import io.jarnetes.etcd.storage.membership.Member;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A member's apply thread: what is committed goes into the stores, and tells others of it. */
final class ApplySide implements ApplyLoop.Handler, ApplyEvents, RaftSide.Committed {
    /** A batch larger than this is reported to raft at once, which may wait for it. */
    private static final long REPORT_BYTES = 64 * 1024;

    private final BootState boot;
    private final Stores stores;
    private final EtcdRuntime runtime;
    private final ServerMetrics metrics;
    private final Consumer<Throwable> onFailure;
    private final Log log;
    private final long election;
    private final long warningNanos;
    private final RaftSide raft;
    private final Proposals proposals;
    private final AppliedWaits applied;
    private final ApplyLoop loop;
    private final Applier applier;
    private final Snapshots snapshots;
    private final SnapshotTransfer transfer;
    private final KnownPeers peers;
    private final Compactor compactor;
    private @Nullable Transport transport;
    private @Nullable EtcdMember owner;
    private @Nullable Duties duties;

    ApplySide(
            EtcdConfig config,
            BootState boot,
            StoreOpener opener,
            EtcdRuntime runtime,
            Quota quota,
            RaftSide raft,
            AppliedWaits applied,
            Proposals proposals,
            ServerMetrics metrics,
            Consumer<Throwable> onFailure,
            Log log) {
        this.boot = boot;
        this.stores = boot.stores();
        this.runtime = runtime;
        this.raft = raft;
        this.applied = applied;
        this.proposals = proposals;
        this.metrics = metrics;
        this.onFailure = onFailure;
        this.log = log;
        election = config.timing().election().toNanos();
        warningNanos = config.timing().warningApply().toNanos();
        peers = new KnownPeers(boot, runtime, metrics, onFailure);
        transfer = new SnapshotTransfer(boot, opener, runtime, log);
        snapshots =
                new Snapshots(config.storage(), boot.storage().snapshot().metadata().index(), log);
        compactor =
                new Compactor(
                        stores,
                        runtime,
                        config.storage().compactionSleep().toMillis(),
                        onFailure,
                        log);
        applier =
                new Applier(
                        stores,
                        quota,
                        this,
                        raft.confState(),
                        config.compatibility().applyRules(),
                        log);
        loop =
                new ApplyLoop(
                        "etcd-apply-" + config.name(),
                        this,
                        config.storage().batchInterval().toMillis(),
                        onFailure);
    }

    /** Whom to ask for alarms and whom to tell of a term's begin; before {@link #start}. */
    void attach(EtcdMember member, Duties theirs) {
        owner = member;
        duties = theirs;
    }

    void start(Transport network) {
        transport = network;
        peers.begin(network);
        compactor.start();
        loop.start();
    }

    /** Nothing is compacted from here on. */
    void stopCompacting() {
        compactor.close();
    }

    /** Applies what came before, and ends the thread. */
    void stop() {
        loop.stop();
    }

    Compactor compactor() {
        return compactor;
    }

    /** Does something with the stores between two pieces of work, on the apply thread. */
    <T> CompletableFuture<T> ask(Function<Stores, T> work) {
        CompletableFuture<T> future = new CompletableFuture<>();
        loop.execute(() -> MemberCore.complete(future, () -> work.apply(stores)));
        return future;
    }

    /** Brings watchers along that begin in the past. */
    void hurryWatchers() {
        if (duties != null) {
            duties.hurry();
        }
    }

    // What raft hands over, on its thread

    @Override
    public void committed(List<Entry> entries) {
        loop.entries(entries);
    }

    @Override
    public void snapshotSaved(Snapshot snapshot) {
        loop.snapshot(snapshot);
    }

    @Override
    public void snapshotWanted(Message message) {
        loop.execute(() -> sendSnapshot(message));
    }

    // The loop's work

    private void sendSnapshot(Message message) {
        Transport network = transport;
        if (network == null) {
            return;
        }
        if (applied.applied() < stores.backend().consistentIndex()) {
            // After a restart the database is ahead of the entries that are handed out again, and
            // of the configuration that would go with it: the follower asks again.
            raft.reportSnapshot(message.to(), false);
            return;
        }
        transfer.send(network, message, applier.confState());
    }

    @Override
    public Backend backend() {
        return stores.backend();
    }

    @Override
    public void entries(List<Entry> entries) {
        long start = System.nanoTime();
        long bytes = 0;
        boolean reconfigured = false;
        for (Entry entry : entries) {
            applier.apply(entry);
            bytes += entry.data().length;
            reconfigured |= entry.type() == EntryType.CONF_CHANGE;
        }
        long last = entries.getLast().index();
        applied.advance(last);
        raft.applied(last);
        if (reconfigured) {
            raft.reconfigured(last);
        } else if (bytes > REPORT_BYTES) {
            raft.wake();
        }
        proposals.flush();
        if (System.nanoTime() - start > warningNanos) {
            metrics.slowApplies.inc();
        }
        if (snapshots.due(last)) {
            snapshot();
        } else if (snapshots.forgets(last)) {
            snapshots.forgotten(last);
            raft.forget(last, applier.confState());
        }
    }

    /** Everything up to the applied index in the database, then its mark in the log. */
    private void snapshot() {
        Backend backend = stores.backend();
        EtcdMember.commitAll(backend);
        long index = backend.consistentIndex();
        byte[] data = stores.cluster().v2SnapshotJson();
        snapshots.taken(index);
        raft.snapshot(index, applier.confState(), data);
        transfer.release(index);
    }

    @Override
    public void snapshot(Snapshot snapshot) {
        long index = snapshot.metadata().index();
        log.info("applying snapshot", "incoming-leader-snapshot-index", index);
        metrics.snapshotApplying.set(1);
        transfer.install(snapshot);
        applier.restored(snapshot.metadata().confState());
        snapshots.taken(index);
        peers.replaced();
        applied.advance(index);
        raft.applied(index);
        metrics.snapshotApplying.set(0);
        log.info("applied snapshot", "incoming-leader-snapshot-index", index);
    }

    @Override
    public void settle() {
        Backend backend = stores.backend();
        if (backend.commitDue(System.nanoTime())) {
            Backend.Commit commit = backend.freeze();
            if (commit != null) {
                runtime.commits().execute(() -> run(commit));
            }
        }
        proposals.flush();
    }

    private void run(Backend.Commit commit) {
        long start = System.nanoTime();
        try {
            commit.run();
            metrics.backendCommit.observeSince(start);
        } catch (RuntimeException | Error e) {
            onFailure.accept(e);
        }
    }

    // What entries ask for

    @Override
    public ConfState applyConfChange(ConfChange change) {
        return raft.applyConfChange(change);
    }

    @Override
    public void done(long requestId, ApplyResult result) {
        proposals.done(requestId, result);
    }

    @Override
    public void measured(String op, boolean refused, long nanos) {
        metrics.applied(op, refused, nanos);
    }

    @Override
    public void outOfSpace(long requestId, ApplyResult result) {
        log.warn(
                "message exceeded backend quota; raising alarm",
                "quota",
                metrics.quotaBytes.value());
        EtcdMember member = owner;
        if (member == null) {
            done(requestId, result);
            return;
        }
        member.raise(AlarmType.NOSPACE)
                .whenComplete(
                        (done, failure) -> loop.execute(() -> proposals.done(requestId, result)));
    }

    @Override
    public void termBegun() {
        if (raft.leadership().status().lead() == boot.memberId()) {
            stores.lessor().promote(election);
            if (duties != null) {
                duties.termBegun();
            }
        }
    }

    @Override
    public void memberChanged(long id, @Nullable Member member) {
        peers.changed(id, member);
    }

    @Override
    public void compactionScheduled() {
        compactor.start();
    }
}
