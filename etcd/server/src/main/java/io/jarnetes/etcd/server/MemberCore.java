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
import io.jarnetes.etcd.raft.StateType;
import io.jarnetes.etcd.raft.Trace;
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
import io.jarnetes.etcd.server.peer.SnapshotMessage;
import io.jarnetes.etcd.server.peer.Transport;
import io.jarnetes.etcd.storage.backend.Backend;
import io.jarnetes.etcd.storage.membership.Member;
import io.jarnetes.etcd.storage.membership.V2Snapshot;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A member's two threads and what goes between them. */
final class MemberCore implements DriverEvents, ApplyEvents, ApplyLoop.Handler {
    private static final long RETRY_READ_MILLIS = 500;
    private static final int EXPIRE_EVERY_TICKS = 5;

    /** How many questions of clients may wait for the raft thread. */
    private static final int MAX_QUESTIONS = 1_000;

    /** Upstream's delay between the removal of a member and its end. */
    private static final long LEAVE_MILLIS = 1_000;

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
    private final StoreOpener opener;
    private final WalLog walLog;

    /** Where each peer was last said to be reached; apply thread. */
    private final Map<Long, List<URI>> reached = new HashMap<>();

    /** This member was removed; apply thread. */
    private boolean leaving;

    private final Compactor compactor;
    private volatile RaftStatus status = RaftStatus.NONE;
    private volatile boolean stopped;
    private volatile long synced;
    private @Nullable Transport transport;
    private Consumer<SoftState> leadership = state -> {};
    private long ticks;

    /** When this member last heard of a new leader; raft thread. */
    private boolean elected;

    private long electedNanos;
    private @Nullable LeaderWait leaderWait;

    private record LeaderWait(long target, CompletableFuture<Void> future, long expiresAtTick) {}

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
        this.opener = opener;
        this.stores = boot.stores();
        this.runtime = runtime;
        this.metrics = metrics;
        this.onFailure = onFailure;
        this.log = log;
        long tickMillis = config.timing().heartbeat().toMillis();
        long requestMillis = config.timing().request().toMillis();
        proposals = new Proposals(requestMillis * 1_000_000);
        applied = new AppliedWaits(boot.applied());
        synced = boot.storage().lastIndex();
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

    /** The core's words, on the member's log. */
    private record RaftTrace(Log log) implements Trace {
        @Override
        public void info(String message) {
            log.info(message);
        }

        @Override
        public void warn(String message) {
            log.warn(message);
        }

        @Override
        public void debug(String message) {
            log.debug(message);
        }
    }

    /**
     * @param onLeadership hears on the raft thread of a change of leader or role
     */
    void start(Transport network, Consumer<SoftState> onLeadership) {
        transport = network;
        leadership = onLeadership;
        stores.cluster().members().forEach(m -> memberChanged(m.id(), m));
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
        return status;
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
        return synced;
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
        String self = Ids.hex(boot.memberId());
        log.info(
                "leadership transfer starting",
                "local-member-id",
                self,
                "current-leader-member-id",
                Ids.hex(status.lead()),
                "transferee-member-id",
                Ids.hex(target));
        long begin = System.nanoTime();
        CompletableFuture<Void> future = new CompletableFuture<>();
        future.thenRun(() ->
                log.info(
                        "leadership transfer finished",
                        "local-member-id",
                        self,
                        "old-leader-member-id",
                        self,
                        "new-leader-member-id",
                        Ids.hex(target),
                        "took",
                        Duration.ofNanos(System.nanoTime() - begin)));
        raftLoop.execute(() -> {
            int wait = config.timing().electionTicks();
            leaderWait = new LeaderWait(target, future, ticks + wait);
            driver.node().transferLeadership(target);
        });
        return future;
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
        RaftStatus before = status;
        publish(state.lead(), state.raftState());
        if (state.lead() != before.lead()) {
            if (state.lead() != 0) {
                metrics.leaderChanges.inc();
                elected = true;
                electedNanos = System.nanoTime();
                reads.leaderChanged();
                campaign.leaderSeen();
            }
            metrics.hasLeader.set(state.lead() == 0 ? 0 : 1);
        }
        metrics.isLeader.set(state.raftState() == StateType.LEADER ? 1 : 0);
        LeaderWait wait = leaderWait;
        if (wait != null && state.lead() == wait.target()) {
            leaderWait = null;
            wait.future().complete(null);
        }
        leadership.accept(state);
    }

    private void publish(long lead, StateType role) {
        var hard = driver.hardState();
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

    /** Why a proposal was lost, as far as this member can know; upstream's rules and words. */
    private RuntimeException timedOut(long beganNanos) {
        long lostNanos = electedNanos - 2 * config.timing().election().toNanos();
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
        List<Member> members = stores.cluster().members();
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

    private void ticked() {
        ticks++;
        publish(status.lead(), status.role());
        campaign.tick();
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

    @Override
    public void committed(List<Entry> entries) {
        publish(status.lead(), status.role());
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
        EtcdMember.commitAll(stores.backend());
        Backend.Snapshot database = stores.backend().snapshot();
        Message merged =
                message.toBuilder()
                        .snapshot(
                                new Snapshot(
                                        stores.cluster().v2SnapshotJson(),
                                        new io.jarnetes.etcd.raft.SnapshotMetadata(
                                                applier.confState(),
                                                stores.backend().consistentIndex(),
                                                stores.backend().consistentTerm())))
                        .build();
        log.info(
                "sending database snapshot",
                "snapshot-index",
                merged.snapshot().metadata().index(),
                "remote-peer-id",
                Ids.hex(message.to()),
                "bytes",
                database.size());
        network.sendSnapshot(
                new SnapshotMessage(merged, new SnapshotStream(database), database.size()));
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
        Backend old = stores.backend();
        while (old.pending() > 0 && !old.commit()) {
            Thread.onSpinWait();
        }
        if (!opener.takeReceived(boot.snapshotter(), index)) {
            throw new IllegalStateException(
                    "the leader's snapshot at " + index + " came without its database");
        }
        Backend fresh = opener.backend();
        log.info("applySnapshot: opened snapshot backend", "snapshot-index", index);
        stores.restore(fresh);
        if (snapshot.data().length > 0) {
            stores.cluster().adopt(V2Snapshot.decode(snapshot.data()));
        }
        closeLater(old);
        applier.restored(snapshot.metadata().confState());
        snapshots.taken(index);
        Transport network = transport;
        if (network != null) {
            network.removeAllPeers();
            reached.clear();
            stores.cluster().members().forEach(m -> memberChanged(m.id(), m));
        }
        applied.advance(index);
        raftLoop.applied(index);
        log.info("applied snapshot", "incoming-leader-snapshot-index", index);
    }

    private void closeLater(Backend old) {
        runtime.commits().execute(old::close);
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

    private @Nullable EtcdMember owner;
    private @Nullable Duties duties;

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
        if (status.lead() == boot.memberId()) {
            stores.lessor().promote(config.timing().election().toNanos());
            if (duties != null) {
                duties.termBegun();
            }
        }
    }

    @Override
    public void memberChanged(long id, @Nullable Member member) {
        metrics.isLearner.set(stores.cluster().isLocalMemberLearner() ? 1 : 0);
        Transport network = transport;
        if (network == null) {
            return;
        }
        if (id == boot.memberId()) {
            if (member == null && stores.cluster().isIdRemoved(id)) {
                leaveSoon();
            }
            return;
        }
        if (member == null) {
            reached.remove(id);
            network.removePeer(id);
            return;
        }
        List<URI> urls = member.peerUrls().stream().map(URI::create).toList();
        List<URI> before = reached.put(id, urls);
        if (before == null) {
            network.addPeer(id, urls);
        } else if (!before.equals(urls)) {
            network.updatePeer(id, urls);
        }
    }

    /**
     * Stays for as long as it takes to tell the others: they may not know yet that the removal is
     * committed, and of two members the one that is left could not find out alone.
     */
    private void leaveSoon() {
        if (leaving) {
            return;
        }
        leaving = true;
        try {
            runtime.loops()
                    .schedule(
                            () -> onFailure.accept(new RemovedException()),
                            LEAVE_MILLIS,
                            TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException e) {
            onFailure.accept(new RemovedException());
        }
    }

    /** This member was removed from its cluster. */
    static final class RemovedException extends RuntimeException {
        private static final long serialVersionUID = 1;

        RemovedException() {
            super("the member has been permanently removed from the cluster", null, false, false);
        }
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
