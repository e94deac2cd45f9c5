package io.jarnetes.etcd.server;

import io.jarnetes.base.log.Log;
import io.jarnetes.etcd.proto.etcdserverpb.AlarmType;
import io.jarnetes.etcd.raft.ConfChange;
import io.jarnetes.etcd.raft.ConfState;
import io.jarnetes.etcd.raft.Config;
import io.jarnetes.etcd.raft.Entry;
import io.jarnetes.etcd.raft.EntryType;
import io.jarnetes.etcd.raft.Message;
import io.jarnetes.etcd.raft.RawNode;
import io.jarnetes.etcd.raft.ReadState;
import io.jarnetes.etcd.raft.Snapshot;
import io.jarnetes.etcd.raft.SoftState;
import io.jarnetes.etcd.server.apply.Applier;
import io.jarnetes.etcd.server.apply.ApplyEvents;
import io.jarnetes.etcd.server.apply.ApplyResult;
import io.jarnetes.etcd.server.apply.Quota;
import io.jarnetes.etcd.server.apply.ServerError;
import io.jarnetes.etcd.server.apply.Stores;
import io.jarnetes.etcd.server.driver.AppliedWaits;
import io.jarnetes.etcd.server.driver.DriverEvents;
import io.jarnetes.etcd.server.driver.RaftDriver;
import io.jarnetes.etcd.server.driver.ReadIndexer;
import io.jarnetes.etcd.server.driver.WalLog;
import io.jarnetes.etcd.server.peer.ReceiveBuffers;
import io.jarnetes.etcd.server.peer.Transport;
import io.jarnetes.etcd.storage.backend.Backend;
import io.jarnetes.etcd.storage.membership.Member;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A member's two threads and what goes between them. */
final class MemberCore implements DriverEvents, ApplyEvents, ApplyLoop.Handler {
    private static final long RETRY_READ_MILLIS = 500;

    /** How many questions of clients may wait for the raft thread. */
    private static final int MAX_QUESTIONS = 1_000;

    /** A batch larger than this is reported to raft at once, which may wait for it. */
    private static final long REPORT_BYTES = 64 * 1024;

    private final EtcdConfig config;
    private final BootState boot;
    private final Stores stores;
    private final EtcdRuntime runtime;
    private final ServerMetrics metrics;
    private final Consumer<Throwable> onFailure;
    private final Log log;
    private final Proposals proposals;
    private final ReceiveBuffers received = new ReceiveBuffers();
    private final AtomicInteger questions = new AtomicInteger();
    private final AppliedWaits applied;
    private final RaftDriver driver;
    private final ReadIndexer reads;
    private final RaftLoop raftLoop;
    private final ApplyLoop applyLoop;
    private final Applier applier;
    private final Campaign campaign;
    private final Snapshots snapshots;
    private final SnapshotTransfer transfer;
    private final Leadership leadership;
    private final KnownPeers peers;
    private final WalLog walLog;

    private final Compactor compactor;
    private volatile boolean stopped;
    private @Nullable Transport transport;
    private @Nullable EtcdMember owner;
    private @Nullable Duties duties;

    MemberCore(
            EtcdConfig config,
            BootState boot,
            StoreOpener opener,
            EtcdRuntime runtime,
            RequestIds ids,
            Quota quota,
            ServerMetrics metrics,
            Consumer<Throwable> onFailure,
            Log log) {
        this.config = config;
        this.boot = boot;
        this.stores = boot.stores();
        this.runtime = runtime;
        this.metrics = metrics;
        this.onFailure = onFailure;
        this.log = log;
        long tickMillis = config.timing().heartbeat().toMillis();
        long requestMillis = config.timing().request().toMillis();
        proposals = new Proposals(requestMillis * 1_000_000);
        applied = new AppliedWaits(boot.applied());
        leadership = new Leadership(config.timing(), boot, metrics, log);
        peers = new KnownPeers(boot, runtime, metrics, onFailure);
        transfer = new SnapshotTransfer(boot, opener, runtime, log);
        RawNode node = new RawNode(raftConfig());
        walLog =
                new WalLog(
                        boot.wal(),
                        boot.snapshotter(),
                        config.storage().maxWals(),
                        config.storage().maxSnapshots(),
                        metrics.walFsync);
        driver =
                new RaftDriver(
                        node,
                        boot.storage(),
                        walLog,
                        this::send,
                        this,
                        (int) (requestMillis / tickMillis));
        String suffix = config.name();
        reads =
                new ReadIndexer(
                        node,
                        applied,
                        this::wakeRaft,
                        ids.next(),
                        (int) Math.max(1, RETRY_READ_MILLIS / tickMillis),
                        (int) (requestMillis / tickMillis),
                        ServerError.TIMEOUT.exception());
        raftLoop =
                new RaftLoop(
                        "etcd-raft-" + suffix,
                        driver,
                        reads,
                        tickMillis * 1_000_000,
                        config.timing().election().toNanos() / 3,
                        this::ticked,
                        onFailure,
                        log);
        applyLoop =
                new ApplyLoop(
                        "etcd-apply-" + suffix,
                        this,
                        config.storage().batchInterval().toMillis(),
                        onFailure);
        applier =
                new Applier(
                        stores,
                        quota,
                        this,
                        node.confState(),
                        config.compatibility().applyRules(),
                        log);
        campaign = new Campaign(boot.memberId(), node);
        compactor =
                new Compactor(
                        stores,
                        runtime,
                        config.storage().compactionSleep().toMillis(),
                        onFailure,
                        log);
        snapshots =
                new Snapshots(config.storage(), boot.storage().snapshot().metadata().index(), log);
    }

    private Config raftConfig() {
        return Config.builder(boot.memberId(), boot.storage(), new Random())
                .electionTicks(config.timing().electionTicks())
                .heartbeatTicks(1)
                .applied(boot.applied())
                .checkQuorum(true)
                .preVote(config.timing().preVote())
                .trace(new RaftTrace(log))
                .build();
    }

    /**
     * @param onLeadership hears on the raft thread of a change of leader or role
     */
    void start(Transport network, Consumer<SoftState> onLeadership) {
        transport = network;
        leadership.begin(network, onLeadership);
        peers.begin(network);
        compactor.start();
        applyLoop.start();
        raftLoop.start();
    }

    private void wakeRaft() {
        RaftLoop loop = raftLoop;
        if (loop != null) {
            loop.wake();
        }
    }

    RaftStatus status() {
        return leadership.status();
    }

    Compactor compactor() {
        return compactor;
    }

    AppliedWaits applied() {
        return applied;
    }

    Proposals proposals() {
        return proposals;
    }

    ReadIndexer reads() {
        return reads;
    }

    boolean isStopped() {
        return stopped;
    }

    /** The last index on this member's disk. */
    long synced() {
        return leadership.synced();
    }

    // What comes in

    void propose(byte[] data) {
        raftLoop.execute(() -> driver.propose(data));
    }

    void proposeConfChange(ConfChange change) {
        raftLoop.execute(() -> driver.proposeConfChange(change));
    }

    /**
     * Hands a peer's message to raft.
     *
     * @throws io.jarnetes.etcd.server.peer.ReceiveBufferFullException if too many of it wait
     */
    void step(Message message) {
        received.enter(message);
        raftLoop.execute(() -> {
            received.leave(message);
            driver.step(message);
        });
    }

    void reportUnreachable(long id) {
        raftLoop.execute(() -> driver.node().reportUnreachable(id));
    }

    void reportSnapshot(long id, boolean delivered) {
        raftLoop.execute(() -> driver.node().reportSnapshot(id, delivered));
    }

    void peerActive(long id) {
        raftLoop.execute(() -> campaign.heard(id));
    }

    <T> CompletableFuture<T> onRaft(Function<RaftDriver, T> work) {
        CompletableFuture<T> future = new CompletableFuture<>();
        if (questions.incrementAndGet() > MAX_QUESTIONS) {
            questions.decrementAndGet();
            return CompletableFuture.failedFuture(ServerError.TOO_MANY_REQUESTS.exception());
        }
        raftLoop.execute(() -> {
            questions.decrementAndGet();
            complete(future, () -> work.apply(driver));
        });
        return stopped ? CompletableFuture.failedFuture(ServerError.STOPPED.exception()) : future;
    }

    <T> CompletableFuture<T> onApply(Function<Stores, T> work) {
        CompletableFuture<T> future = new CompletableFuture<>();
        applyLoop.execute(() -> complete(future, () -> work.apply(stores)));
        return stopped ? CompletableFuture.failedFuture(ServerError.STOPPED.exception()) : future;
    }

    private static <T> void complete(
            CompletableFuture<T> future, java.util.function.Supplier<T> work) {
        try {
            future.complete(work.get());
        } catch (RuntimeException e) {
            future.completeExceptionally(e);
        }
    }

    CompletableFuture<Void> moveLeader(long target) {
        CompletableFuture<Void> moved = leadership.movingTo(target);
        raftLoop.execute(() -> {
            leadership.await(target, moved);
            driver.node().transferLeadership(target);
        });
        return moved;
    }

    // The driver's events, on the raft thread

    private void send(List<Message> messages) {
        Transport network = transport;
        if (network != null && !messages.isEmpty()) {
            network.send(messages);
        }
    }

    @Override
    public void softState(SoftState state) {
        leadership.changed(state, driver.hardState(), this::leaderSeen);
    }

    private void leaderSeen() {
        reads.leaderChanged();
        campaign.leaderSeen();
    }

    private void ticked() {
        leadership.ticked(driver.hardState());
        campaign.tick();
        leadership.expire(proposals);
    }

    @Override
    public void committed(List<Entry> entries) {
        leadership.publish(driver.hardState());
        applyLoop.entries(entries);
    }

    @Override
    public void snapshotSaved(Snapshot snapshot) {
        applyLoop.snapshot(snapshot);
    }

    @Override
    public void readStates(List<ReadState> states) {
        states.forEach(reads::answered);
    }

    @Override
    public void snapshotWanted(Message message) {
        applyLoop.execute(() -> sendSnapshot(message));
    }

    // The apply thread

    private void sendSnapshot(Message message) {
        Transport network = transport;
        if (network == null) {
            return;
        }
        if (applied.applied() < stores.backend().consistentIndex()) {
            // After a restart the database is ahead of the entries that are handed out again, and
            // of the configuration that would go with it: the follower asks again.
            reportSnapshot(message.to(), false);
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
        raftLoop.applied(last);
        if (reconfigured) {
            // Nobody campaigns while a conf change waits to be applied.
            raftLoop.execute(() -> {
                driver.node().appliedTo(Math.max(last, driver.node().applied()));
                campaign.configured();
            });
        } else if (bytes > REPORT_BYTES) {
            raftLoop.wake();
        }
        proposals.flush();
        if (System.nanoTime() - start > config.timing().warningApply().toNanos()) {
            metrics.slowApplies.inc();
        }
        if (snapshots.due(last)) {
            snapshot();
        } else if (snapshots.forgets(last)) {
            snapshots.forgotten(last);
            ConfState state = applier.confState();
            raftLoop.execute(
                    () -> driver.forget(last, state, config.storage().snapshotCatchUpEntries()));
        }
    }

    /** Everything up to the applied index in the database, then its mark in the log. */
    private void snapshot() {
        Backend backend = stores.backend();
        EtcdMember.commitAll(backend);
        long index = backend.consistentIndex();
        byte[] data = stores.cluster().v2SnapshotJson();
        ConfState state = applier.confState();
        snapshots.taken(index);
        raftLoop.execute(() ->
                driver.snapshot(index, state, data, config.storage().snapshotCatchUpEntries()));
    }

    @Override
    public void snapshot(Snapshot snapshot) {
        long index = snapshot.metadata().index();
        log.info("applying snapshot", "incoming-leader-snapshot-index", index);
        transfer.install(snapshot);
        applier.restored(snapshot.metadata().confState());
        snapshots.taken(index);
        peers.replaced();
        applied.advance(index);
        raftLoop.applied(index);
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

    // What entries ask for, on the apply thread

    @Override
    public ConfState applyConfChange(ConfChange change) {
        CompletableFuture<ConfState> future = new CompletableFuture<>();
        raftLoop.execute(() -> complete(future, () -> driver.applyConfChange(change)));
        try {
            return future.orTimeout(30, TimeUnit.SECONDS).join();
        } catch (CompletionException e) {
            throw new IllegalStateException("raft did not take a conf change", e.getCause());
        }
    }

    @Override
    public void done(long requestId, ApplyResult result) {
        proposals.done(requestId, result);
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
                .whenComplete((done, failure) ->
                        applyLoop.execute(() -> proposals.done(requestId, result)));
    }

    void attach(Duties theirs) {
        duties = theirs;
    }

    /** Brings watchers along that begin in the past. */
    void hurryWatchers() {
        if (duties != null) {
            duties.hurry();
        }
    }

    void ownedBy(EtcdMember member) {
        owner = member;
    }

    @Override
    public void termBegun() {
        if (leadership.status().lead() == boot.memberId()) {
            stores.lessor().promote(config.timing().election().toNanos());
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

    /** Stops both threads, commits what is applied, closes the files. */
    void close() {
        stopped = true;
        compactor.close();
        raftLoop.stop();
        applyLoop.stop();
        proposals.failAll(ServerError.STOPPED.exception());
        stores.backend().close();
        walLog.close();
    }
}
