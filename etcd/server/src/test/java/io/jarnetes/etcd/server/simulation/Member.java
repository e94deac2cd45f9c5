package io.jarnetes.etcd.server.simulation;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.jarnetes.base.metrics.Metrics;
import io.jarnetes.etcd.raft.ConfChange;
import io.jarnetes.etcd.raft.ConfChangeType;
import io.jarnetes.etcd.raft.ConfState;
import io.jarnetes.etcd.raft.Config;
import io.jarnetes.etcd.raft.Entry;
import io.jarnetes.etcd.raft.EntryType;
import io.jarnetes.etcd.raft.HardState;
import io.jarnetes.etcd.raft.MemoryStorage;
import io.jarnetes.etcd.raft.Message;
import io.jarnetes.etcd.raft.MessageType;
import io.jarnetes.etcd.raft.RawNode;
import io.jarnetes.etcd.raft.ReadState;
import io.jarnetes.etcd.raft.Snapshot;
import io.jarnetes.etcd.raft.SnapshotMetadata;
import io.jarnetes.etcd.raft.SoftState;
import io.jarnetes.etcd.raft.StateType;
import io.jarnetes.etcd.server.driver.AppliedWaits;
import io.jarnetes.etcd.server.driver.DriverEvents;
import io.jarnetes.etcd.server.driver.RaftDriver;
import io.jarnetes.etcd.server.driver.ReadIndexer;
import io.jarnetes.etcd.server.driver.WalLog;
import io.jarnetes.etcd.storage.disk.SimulatedDisk;
import io.jarnetes.etcd.storage.snap.Snapshotter;
import io.jarnetes.etcd.storage.wal.Wal;
import io.jarnetes.etcd.storage.wal.WalOptions;
import io.jarnetes.etcd.storage.wal.WalSnapshot;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * A member: what is on its disk survives a crash, everything else is made anew at {@link #boot}.
 * The applier lags behind the log, and the backend behind the applier, as in the real one.
 */
final class Member implements DriverEvents {
    private static final Path WAL = Path.of("/member/wal");
    private static final Path SNAP = Path.of("/member/snap");
    private static final int SEGMENT_BYTES = 16 * 1024;
    private static final int CATCH_UP_ENTRIES = 10;
    private static final int ELECTION_TICKS = 10;
    private static final long TICK_MICROS = Timeline.millis(100);
    private static final RuntimeException READ_TIMEOUT = new IllegalStateException("timed out");

    private final long id;
    private final World world;
    private final List<RawNode.Peer> founders;
    private final long tickMicros;
    private final Map<String, LongConsumer> waitingPuts = new HashMap<>();
    private final ArrayDeque<Runnable> applyQueue = new ArrayDeque<>();

    // On disk.
    private SimulatedDisk disk = new SimulatedDisk();
    private @Nullable Machine backend;

    // Gone with a crash.
    private int life;
    private boolean up;
    private boolean removed;
    private long busyUntil;
    private @Nullable Running running;

    /** What exists only while a member runs. */
    private record Running(
            RaftDriver driver,
            MemoryStorage storage,
            MemberLog log,
            ReadIndexer reads,
            AppliedWaits waits,
            State state) {}

    /** The state machine of a running member. */
    private static final class State {
        private Machine machine;
        private ConfState confState;
        private long snapshotAt;

        State(Machine machine, ConfState confState, long snapshotAt) {
            this.machine = machine;
            this.confState = confState;
            this.snapshotAt = snapshotAt;
        }
    }

    /**
     * @param founders the initial members if this is one of them, else nobody
     */
    Member(long id, World world, List<RawNode.Peer> founders) {
        this.id = id;
        this.world = world;
        this.founders = founders;
        // Clocks run up to a quarter too slow or too fast.
        this.tickMicros = TICK_MICROS * (80 + world.random().nextInt(45)) / 100;
    }

    long id() {
        return id;
    }

    boolean isUp() {
        return up;
    }

    boolean isRemoved() {
        return removed;
    }

    MemoryStorage storage() {
        return running().storage;
    }

    private Running running() {
        Running r = running;
        if (r == null) {
            throw new IllegalStateException(id + " is down");
        }
        return r;
    }

    RawNode node() {
        return running().driver.node();
    }

    long appliedIndex() {
        return running().state.machine.index();
    }

    boolean isLeader() {
        return up && node().softState().raftState() == StateType.LEADER;
    }

    // ---- life and death

    void boot() {
        try {
            running = open();
        } catch (SimulatedDisk.CrashException e) {
            crashed();
            return;
        }
        up = true;
        busyUntil = world.timeline().now();
        int thisLife = life;
        world.timeline().at(busyUntil + world.random().nextLong(tickMicros), () -> tick(thisLife));
        drive();
    }

    private Running open() {
        disk.createDirectories(SNAP);
        disk.syncDirectory(Path.of("/"));
        disk.syncDirectory(Path.of("/member"));
        Snapshotter snapshotter = new Snapshotter(disk, SNAP);
        MemoryStorage storage = new MemoryStorage();
        boolean noSync = world.fault() == PlantedFault.SKIP_SYNC;
        WalOptions options = new WalOptions(SEGMENT_BYTES, noSync);
        Wal wal;
        if (Wal.exists(disk, WAL)) {
            wal = read(snapshotter, storage, options);
        } else {
            wal = Wal.create(disk, WAL, new byte[0], options);
        }
        Snapshot snapshot = storage.snapshot();
        long from = snapshot.metadata().index();
        RawNode node =
                new RawNode(
                        Config.builder(id, storage, world.random())
                                .electionTicks(ELECTION_TICKS)
                                .applied(from)
                                .build());
        if (!founders.isEmpty() && storage.lastIndex() == 0 && storage.hardState().isEmpty()) {
            node.bootstrap(founders);
        }
        Machine machine = from == 0 ? new Machine() : Machine.decode(snapshot.data());
        Machine saved = backend;
        if (saved != null && saved.index() > machine.index()) {
            if (saved.index() > storage.lastIndex()) {
                throw new AssertionError(
                        id
                                + " has a backend at "
                                + saved.index()
                                + ", and a log that ends at "
                                + storage.lastIndex());
            }
            machine = saved.copy();
        }
        return assemble(node, storage, wal, snapshotter, machine);
    }

    private Wal read(Snapshotter snapshotter, MemoryStorage storage, WalOptions options) {
        Optional<Snapshot> snapshot =
                snapshotter.loadNewestAvailable(Wal.validSnapshots(disk, WAL));
        WalSnapshot begin =
                snapshot.map(Snapshot::metadata)
                        .map(at -> new WalSnapshot(at.index(), at.term(), at.confState()))
                        .orElse(WalSnapshot.BEGINNING);
        Wal.Opened opened = Wal.open(disk, WAL, begin, options);
        snapshot.ifPresent(storage::applySnapshot);
        HardState state = opened.contents().hardState();
        storage.setHardState(state);
        storage.append(opened.contents().entries());
        return opened.wal();
    }

    private Running assemble(
            RawNode node,
            MemoryStorage storage,
            Wal wal,
            Snapshotter snapshotter,
            Machine machine) {
        WalLog walLog =
                new WalLog(wal, snapshotter, 3, 3, new Metrics().histogram("h", "help", 1.0));
        MemberLog log = new MemberLog(walLog, world.fault(), world::syncMicros);
        RaftDriver driver =
                new RaftDriver(node, storage, log, this::send, this, 5 * ELECTION_TICKS);
        long snapshotAt = storage.snapshot().metadata().index();
        AppliedWaits waits = new AppliedWaits(Math.max(snapshotAt, 0));
        ReadIndexer reads =
                new ReadIndexer(
                        node, waits, () -> {}, id << 40 | (long) life << 24, 5, 50, READ_TIMEOUT);
        ConfState conf = storage.snapshot().metadata().confState();
        return new Running(
                driver, storage, log, reads, waits, new State(machine, conf, snapshotAt));
    }

    /** The power goes, now or in the middle of one of the next writes. */
    void crash(int afterWrites) {
        if (!up) {
            return;
        }
        if (afterWrites > 0) {
            disk.crashAfter(afterWrites);
        } else {
            crashed();
        }
    }

    private void crashed() {
        disk = disk.crash(world.random());
        stop();
        int thisLife = life;
        boolean soon = world.random().nextInt(3) == 0;
        long down = Timeline.millis(2 + world.random().nextInt(soon ? 50 : 3000));
        world.timeline().at(world.timeline().now() + down, () -> bootIfDown(thisLife));
    }

    private void bootIfDown(int ofLife) {
        if (!up && life == ofLife && !removed) {
            boot();
        }
    }

    private void stop() {
        up = false;
        life++;
        running = null;
        applyQueue.clear();
        waitingPuts.clear();
    }

    private void tick(int ofLife) {
        if (life != ofLife || !up) {
            return;
        }
        whenFree(() -> {
            Running r = running();
            r.driver.tick();
            r.reads.tick();
            world.timeline().at(world.timeline().now() + tickMicros, () -> tick(ofLife));
        });
    }

    /** Does something on the member's thread when its disk lets it, then drives. */
    private void whenFree(Runnable task) {
        int ofLife = life;
        Runnable guarded =
                () -> {
                    if (up && life == ofLife) {
                        task.run();
                        drive();
                    }
                };
        if (world.timeline().now() < busyUntil) {
            world.timeline().at(busyUntil, () -> whenFree(ofLife, task));
        } else {
            guarded.run();
        }
    }

    private void whenFree(int ofLife, Runnable task) {
        if (up && life == ofLife) {
            whenFree(task);
        }
    }

    private void drive() {
        Running r = running;
        if (r == null) {
            return;
        }
        try {
            r.reads.poll();
            r.driver.process();
        } catch (SimulatedDisk.CrashException e) {
            crashed();
            return;
        }
        busyUntil = world.timeline().now() + r.log.takeSpentMicros();
        if (isLeader()) {
            HardState state = r.driver.hardState();
            world.invariants().leads(id, state.term(), r.storage);
        }
    }

    // ---- what others do to it

    /** Takes a message; false if the member is down. */
    boolean receive(Message m) {
        if (!up || removed) {
            return false;
        }
        whenFree(() -> running().driver.step(m));
        return true;
    }

    void snapshotReport(long to, boolean delivered) {
        if (up) {
            whenFree(() -> node().reportSnapshot(to, delivered));
        }
    }

    /** Proposes a command; {@code ended} hears its index if this member applies it in this life. */
    void put(String command, LongConsumer ended) {
        whenFree(() -> {
            waitingPuts.put(command, ended);
            running().driver.propose(command.getBytes(UTF_8));
        });
    }

    /** Reads; {@code ended} hears the index of the state that was seen. */
    void read(LongConsumer ended) {
        if (world.fault() == PlantedFault.READ_WITHOUT_QUORUM) {
            ended.accept(appliedIndex());
            return;
        }
        int ofLife = life;
        whenFree(() ->
                running()
                        .reads
                        .await()
                        .thenRun(() -> {
                            if (up && life == ofLife) {
                                ended.accept(appliedIndex());
                            }
                        }));
    }

    void change(ConfChangeType type, long member) {
        ConfChange change = new ConfChange(0, type, member, new byte[0]);
        whenFree(() -> running().driver.proposeConfChange(change));
    }

    void transfer(long to) {
        whenFree(() -> node().transferLeadership(to));
    }

    // ---- what the driver says

    private void send(List<Message> messages) {
        Running r = running();
        long leaves = world.timeline().now() + r.log.spentMicros();
        for (Message m : messages) {
            world.network().send(m, leaves);
            crashAfterVote(m, leaves);
        }
    }

    /** A vote that is sent and then forgotten is the worst that can happen to an election. */
    private void crashAfterVote(Message m, long leaves) {
        boolean vote = m.type() == MessageType.MSG_VOTE_RESP && !m.reject();
        if (vote && world.random().nextInt(100) < world.profile().crashAfterVotePercent()) {
            int thisLife = life;
            world.timeline()
                    .at(
                            leaves + 1,
                            () -> {
                                if (life == thisLife && !world.network().isCalm()) {
                                    crash(0);
                                }
                            });
        }
    }

    @Override
    public void softState(SoftState state) {
        Running r = running;
        if (r != null && state.lead() != 0) {
            r.reads.leaderChanged();
        }
    }

    @Override
    public void committed(List<Entry> entries) {
        applyLater(() -> apply(entries));
    }

    @Override
    public void snapshotSaved(Snapshot snapshot) {
        applyLater(() -> {
            State state = running().state;
            state.machine = Machine.decode(snapshot.data());
            state.confState = snapshot.metadata().confState();
            state.snapshotAt = snapshot.metadata().index();
            world.invariants().reaches(id, state.machine);
            running().waits.advance(state.machine.index());
        });
    }

    @Override
    public void readStates(List<ReadState> states) {
        states.forEach(running().reads::answered);
    }

    /**
     * Sends the state as of now, as the real member does: it has the configuration of now in it.
     */
    @Override
    public void snapshotWanted(Message message) {
        Running r = running();
        Snapshot fresh = message.snapshot();
        long index = r.state.machine.index();
        if (index == r.waits.applied() && index >= fresh.metadata().index()) {
            SnapshotMetadata at =
                    new SnapshotMetadata(r.state.confState, index, r.storage.term(index));
            fresh = new Snapshot(r.state.machine.encode(), at);
        }
        Message merged = message.toBuilder().snapshot(fresh).build();
        world.network().send(merged, world.timeline().now());
    }

    // ---- the applier

    /** On the apply thread: in order, some time later. */
    private void applyLater(Runnable task) {
        applyQueue.addLast(task);
        int ofLife = life;
        long later = world.timeline().now() + world.random().nextInt(3000);
        world.timeline().at(later, () -> applyNext(ofLife));
    }

    private void applyNext(int ofLife) {
        if (!up || life != ofLife) {
            return;
        }
        Runnable task = applyQueue.pollFirst();
        if (task != null) {
            task.run();
        }
        whenFree(this::afterApply);
    }

    private void afterApply() {
        Running r = running();
        State state = r.state;
        r.driver.node().appliedTo(appliedByRaft(r));
        commitBackend(r);
        // After a restart the machine may be ahead of the entries that are handed out again.
        boolean level = state.machine.index() == r.waits.applied();
        if (level
                && state.machine.index() >= state.snapshotAt + world.profile().snapshotEntries()) {
            state.snapshotAt = state.machine.index();
            try {
                r.driver.snapshot(
                        state.machine.index(),
                        state.confState,
                        state.machine.encode(),
                        CATCH_UP_ENTRIES);
            } catch (SimulatedDisk.CrashException e) {
                crashed();
            }
        }
    }

    private static long appliedByRaft(Running r) {
        return r.waits.applied();
    }

    /** Now and then the backend is committed, never beyond what the log has synced. */
    private void commitBackend(Running r) {
        if (world.random().nextInt(4) == 0) {
            backend = r.state.machine.copy();
            if (backend.index() > r.driver.syncedIndex()) {
                throw new AssertionError(
                        id
                                + " commits its backend at "
                                + backend.index()
                                + ", synced is "
                                + r.driver.syncedIndex());
            }
        }
    }

    private void apply(List<Entry> entries) {
        Running r = running();
        for (Entry e : entries) {
            String command = e.type() == EntryType.NORMAL ? new String(e.data(), UTF_8) : "";
            world.invariants().applies(id, e, command);
            if (e.type() != EntryType.NORMAL) {
                applyConfChange(r, e.index(), ConfChange.unmarshal(e.data()));
            }
            Machine machine = r.state.machine;
            if (e.index() > machine.index()) {
                machine.apply(e.index(), command);
                world.invariants().reaches(id, machine);
            }
            LongConsumer waiting = waitingPuts.remove(command);
            if (waiting != null) {
                waiting.accept(e.index());
            }
        }
        r.waits.advance(Math.max(entries.getLast().index(), r.waits.applied()));
    }

    private void applyConfChange(Running r, long index, ConfChange change) {
        boolean drops = world.fault() == PlantedFault.DROP_CONF_CHANGE && id == 1;
        boolean founding = change.context().length > 0;
        if (!drops || founding) {
            r.state.confState = r.driver.applyConfChange(change);
        }
        if (!founding) {
            // A founder begins with all founders, and meets them one by one after a restart.
            world.invariants().configures(id, index, r.state.confState);
        }
        if (change.type() == ConfChangeType.REMOVE_NODE && change.nodeId() == id) {
            // It has learned that it is no longer a member, and stops.
            int ofLife = life;
            world.timeline()
                    .at(
                            world.timeline().now() + Timeline.millis(500),
                            () -> {
                                if (up && life == ofLife) {
                                    removed = true;
                                    stop();
                                }
                            });
        }
    }
}
