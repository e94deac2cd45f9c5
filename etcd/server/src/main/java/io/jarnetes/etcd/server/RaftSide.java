package io.jarnetes.etcd.server;

import io.jarnetes.base.log.Log;
import io.jarnetes.etcd.raft.ConfChange;
import io.jarnetes.etcd.raft.ConfState;
import io.jarnetes.etcd.raft.Config;
import io.jarnetes.etcd.raft.Entry;
import io.jarnetes.etcd.raft.Message;
import io.jarnetes.etcd.raft.RawNode;
import io.jarnetes.etcd.raft.ReadState;
import io.jarnetes.etcd.raft.Snapshot;
import io.jarnetes.etcd.raft.SoftState;
import io.jarnetes.etcd.server.apply.ServerError;
import io.jarnetes.etcd.server.driver.AppliedWaits;
import io.jarnetes.etcd.server.driver.DriverEvents;
import io.jarnetes.etcd.server.driver.RaftDriver;
import io.jarnetes.etcd.server.driver.ReadIndexer;
import io.jarnetes.etcd.server.driver.WalLog;
import io.jarnetes.etcd.server.peer.ReceiveBuffers;
import io.jarnetes.etcd.server.peer.Transport;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A member's raft thread and what lives on it. Every method here may be called by any thread; what
 * it asks for happens on the raft thread.
 */
final class RaftSide implements DriverEvents {
    private static final long RETRY_READ_MILLIS = 500;

    /** How many questions of clients may wait for the raft thread. */
    private static final int MAX_QUESTIONS = 1_000;

    /** How long the apply thread waits for a new configuration. */
    private static final int CONF_CHANGE_SECONDS = 30;

    /** What the log hands to the stores, in order; called on the raft thread, must not block. */
    interface Committed {
        /** Entries that a quorum has; all are on this member's disk. */
        void committed(List<Entry> entries);

        /** A leader's snapshot is on disk. */
        void snapshotSaved(Snapshot snapshot);

        /** A follower needs the database; it is to be sent beside this message. */
        void snapshotWanted(Message message);
    }

    private final EtcdConfig config;
    private final RaftDriver driver;
    private final ReadIndexer reads;
    private final RaftLoop loop;
    private final WalLog walLog;
    private final Campaign campaign;
    private final Leadership leadership;
    private final Proposals proposals;
    private final ReceiveBuffers received = new ReceiveBuffers();
    private final AtomicInteger questions = new AtomicInteger();
    private @Nullable Transport transport;
    private @Nullable Committed committed;

    RaftSide(
            EtcdConfig config,
            BootState boot,
            RequestIds ids,
            AppliedWaits applied,
            Proposals proposals,
            ServerMetrics metrics,
            Consumer<Throwable> onFailure,
            Log log) {
        this.config = config;
        this.proposals = proposals;
        long tickMillis = config.timing().heartbeat().toMillis();
        int requestTicks = (int) (config.timing().request().toMillis() / tickMillis);
        leadership = new Leadership(config.timing(), boot, metrics, log);
        RawNode node = new RawNode(raftConfig(config, boot, log));
        campaign = new Campaign(boot.memberId(), node);
        walLog =
                new WalLog(
                        boot.wal(),
                        boot.snapshotter(),
                        config.storage().maxWals(),
                        config.storage().maxSnapshots(),
                        metrics.walFsync);
        driver = new RaftDriver(node, boot.storage(), walLog, this::send, this, requestTicks);
        reads =
                new ReadIndexer(
                        node,
                        applied,
                        this::wake,
                        ids.next(),
                        (int) Math.max(1, RETRY_READ_MILLIS / tickMillis),
                        requestTicks,
                        ServerError.TIMEOUT.exception());
        loop =
                new RaftLoop(
                        "etcd-raft-" + config.name(),
                        driver,
                        reads,
                        tickMillis * 1_000_000,
                        config.timing().election().toNanos() / 3,
                        this::ticked,
                        onFailure,
                        log);
    }

    private static Config raftConfig(EtcdConfig config, BootState boot, Log log) {
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
    void start(Transport network, Committed stores, Consumer<SoftState> onLeadership) {
        transport = network;
        committed = stores;
        leadership.begin(network, onLeadership);
        loop.start();
    }

    void stop() {
        loop.stop();
    }

    /** After {@link #stop}. */
    void closeLog() {
        walLog.close();
    }

    /** Has the thread look again at what others give it. */
    void wake() {
        RaftLoop running = loop;
        // The reads are made before the loop.
        if (running != null) {
            running.wake();
        }
    }

    Leadership leadership() {
        return leadership;
    }

    ReadIndexer reads() {
        return reads;
    }

    /** The configuration at what is applied; before the thread runs. */
    ConfState confState() {
        return driver.node().confState();
    }

    // What clients and peers ask for

    void propose(byte[] data) {
        loop.execute(() -> driver.propose(data));
    }

    void proposeConfChange(ConfChange change) {
        loop.execute(() -> driver.proposeConfChange(change));
    }

    /**
     * Hands a peer's message to raft.
     *
     * @throws io.jarnetes.etcd.server.peer.ReceiveBufferFullException if too many of it wait
     */
    void step(Message message) {
        received.enter(message);
        loop.execute(() -> {
            received.leave(message);
            driver.step(message);
        });
    }

    void reportUnreachable(long id) {
        loop.execute(() -> driver.node().reportUnreachable(id));
    }

    void reportSnapshot(long id, boolean delivered) {
        loop.execute(() -> driver.node().reportSnapshot(id, delivered));
    }

    void peerActive(long id) {
        loop.execute(() -> campaign.heard(id));
    }

    CompletableFuture<Void> moveLeader(long target) {
        CompletableFuture<Void> moved = leadership.movingTo(target);
        loop.execute(() -> {
            leadership.await(target, moved);
            driver.node().transferLeadership(target);
        });
        return moved;
    }

    /** A client's question; too many requests where as many wait as may. */
    <T> CompletableFuture<T> ask(Function<RaftDriver, T> work) {
        if (questions.incrementAndGet() > MAX_QUESTIONS) {
            questions.decrementAndGet();
            return CompletableFuture.failedFuture(ServerError.TOO_MANY_REQUESTS.exception());
        }
        CompletableFuture<T> future = new CompletableFuture<>();
        loop.execute(() -> {
            questions.decrementAndGet();
            MemberCore.complete(future, () -> work.apply(driver));
        });
        return future;
    }

    // What the apply thread tells

    /** Everything up to this index is in the stores; noticed at the next round. */
    void applied(long index) {
        loop.applied(index);
    }

    /** The same, when a conf change was among it: nobody campaigns while one waits. */
    void reconfigured(long index) {
        loop.execute(() -> {
            driver.node().appliedTo(Math.max(index, driver.node().applied()));
            campaign.configured();
        });
    }

    /** Lets the log in memory forget what is long applied. */
    void forget(long index, ConfState state) {
        loop.execute(() -> driver.forget(index, state, config.storage().snapshotCatchUpEntries()));
    }

    /** Marks in the log that the database on disk holds everything up to this index. */
    void snapshot(long index, ConfState state, byte[] data) {
        loop.execute(() ->
                driver.snapshot(index, state, data, config.storage().snapshotCatchUpEntries()));
    }

    /** Changes the configuration, and waits for the new one. */
    ConfState applyConfChange(ConfChange change) {
        CompletableFuture<ConfState> future = new CompletableFuture<>();
        loop.execute(() -> MemberCore.complete(future, () -> driver.applyConfChange(change)));
        try {
            return future.orTimeout(CONF_CHANGE_SECONDS, TimeUnit.SECONDS).join();
        } catch (CompletionException e) {
            throw new IllegalStateException("raft did not take a conf change", e.getCause());
        }
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
        stores().committed(entries);
    }

    @Override
    public void snapshotSaved(Snapshot snapshot) {
        stores().snapshotSaved(snapshot);
    }

    @Override
    public void readStates(List<ReadState> states) {
        states.forEach(reads::answered);
    }

    @Override
    public void snapshotWanted(Message message) {
        stores().snapshotWanted(message);
    }

    private Committed stores() {
        Committed stores = committed;
        if (stores == null) {
            throw new IllegalStateException("raft has begun before its member");
        }
        return stores;
    }
}
