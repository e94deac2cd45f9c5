package io.jarnetes.etcd.server.simulation;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.jarnetes.etcd.raft.ConfChange;
import io.jarnetes.etcd.raft.ConfChangeType;
import io.jarnetes.etcd.raft.ConfChangeV2;
import io.jarnetes.etcd.raft.ConfState;
import io.jarnetes.etcd.raft.Entry;
import io.jarnetes.etcd.raft.EntryType;
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
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One life of a member, from its start to its crash: the driver, and the applier that lags behind
 * it as on a thread of its own.
 */
final class Life implements DriverEvents {
    private static final int CATCH_UP_ENTRIES = 10;

    /** After so many entries the log in memory is cut off, which is more often than on disk. */
    private static final int FORGET_ENTRIES = 7;

    private static final int RETRY_READ_TICKS = 5;
    private static final int READ_TIMEOUT_TICKS = 50;
    private static final int APPLY_DELAY_MICROS = 3000;
    private static final int COMMIT_EVERY = 12;
    private static final int SETTLE_TICKS = 3;
    private static final RuntimeException READ_TIMEOUT = new IllegalStateException("timed out");

    /** What a client hears of its command. */
    record Answer(long index, Outcome outcome) {}

    private final Member member;
    private final World world;
    private final Durable durable;
    private final MemoryStorage storage;
    private final MemberLog log;
    private final RaftDriver driver;
    private final ReadIndexer reads;
    private final AppliedWaits applied;
    private final ArrayDeque<Runnable> applyQueue = new ArrayDeque<>();
    private final Map<Integer, Consumer<Answer>> waiting = new HashMap<>();
    private final Connections connections = new Connections();
    private Machine machine;
    private ConfState confState;
    private long snapshotAt;
    private long forgottenAt;
    private long led;

    /** The commit index that it had when it led last. */
    private long committedAs;

    private int ticks;
    private boolean over;

    /**
     * @param number which of the member's lives this is
     */
    Life(Member member, World world, Durable durable, Boot boot, int number) {
        this.member = member;
        this.world = world;
        this.durable = durable;
        storage = boot.storage();
        LogChains.Log chain = world.invariants().chains().open(member.id(), storage);
        world.invariants().nobodyElectableLacksAnything();
        log = new MemberLog(world.sabotage().log(boot.log()), chain, member::syncMicros);
        driver =
                new RaftDriver(
                        boot.node(), storage, log, this::send, this, 5 * Boot.ELECTION_TICKS);
        SnapshotMetadata snapshot = storage.snapshot().metadata();
        snapshotAt = snapshot.index();
        confState = snapshot.confState();
        applied = new AppliedWaits(snapshotAt);
        reads =
                new ReadIndexer(
                        boot.node(),
                        applied,
                        member::wake,
                        member.id() << 40 | (long) number << 24,
                        RETRY_READ_TICKS,
                        READ_TIMEOUT_TICKS,
                        READ_TIMEOUT);
        machine = new Machine(boot.database(), driver::syncedIndex);
        checkStart();
    }

    private void checkStart() {
        if (machine.index() < snapshotAt) {
            throw new AssertionError(
                    member.id()
                            + " starts at snapshot "
                            + snapshotAt
                            + " with a database at "
                            + machine.index());
        }
        if (machine.index() > storage.lastIndex()) {
            throw new AssertionError(
                    member.id()
                            + " has a database at "
                            + machine.index()
                            + ", and a log that ends at "
                            + storage.lastIndex());
        }
        if (snapshotAt > 0) {
            world.invariants().configuredBy(member.id(), snapshotAt, confState);
        }
        if (machine.index() > 0) {
            world.invariants().reaches(member.id(), machine.index(), machine.stateHash());
        }
    }

    RawNode node() {
        return driver.node();
    }

    Machine machine() {
        return machine;
    }

    boolean isLeader() {
        return node().softState().raftState() == StateType.LEADER;
    }

    long term() {
        return driver.hardState().term();
    }

    void end() {
        over = true;
        connections.end();
    }

    // ---- on the raft thread; the member drives afterwards

    void tick() {
        driver.tick();
        reads.tick();
        if (++ticks % SETTLE_TICKS == 0) {
            machine.settle();
        }
    }

    void step(Message message) {
        driver.step(message);
    }

    void propose(Command command, Consumer<Answer> ended) {
        waiting.put(command.id(), ended);
        driver.propose(command.encode());
    }

    void change(ConfChangeType type, long id) {
        driver.proposeConfChange(new ConfChange(0, type, id, new byte[0]));
    }

    /** Several changes at once, which the server never asks for, and the core can do. */
    void change(ConfChangeV2 change) {
        Entry entry = Entry.proposal(EntryType.CONF_CHANGE_V2, change.marshal());
        Message.Builder proposal = Message.of(MessageType.MSG_PROP).from(member.id());
        driver.step(proposal.entries(List.of(entry)).build());
    }

    /** Carries out all that is ready; returns how long the disk was busy, in microseconds. */
    long drive() {
        reads.poll();
        driver.process();
        if (isLeader()) {
            leads();
        }
        return log.takeSpentMicros();
    }

    private void leads() {
        long commit = driver.hardState().commit();
        if (term() != led) {
            led = term();
            world.invariants().leads(member.id(), led, log.chain());
            member.leads();
        } else if (commit > committedAs) {
            if (log.chain().termAt(commit) < led) {
                world.tally().oldTermCommit();
            }
            member.commits();
        }
        committedAs = commit;
    }

    /** Calls {@code ready} as soon as the machine has all that was committed before. */
    void read(Runnable ready) {
        if (world.sabotage().readsWithoutQuorum()) {
            ready.run();
            return;
        }
        reads.await()
                .thenRun(() -> {
                    if (!over) {
                        ready.run();
                    }
                });
    }

    Connections connections() {
        return connections;
    }

    // ---- what the driver says

    private void send(List<Message> messages) {
        long leaves = world.timeline().now() + log.spentMicros();
        for (Message m : messages) {
            world.network().send(m, leaves);
            member.sent(m, leaves);
        }
    }

    @Override
    public void softState(SoftState state) {
        if (state.lead() != 0) {
            reads.leaderChanged();
        }
    }

    @Override
    public void committed(List<Entry> entries) {
        for (Entry e : entries) {
            world.invariants().commits(member.id(), term(), e, log.chain());
        }
        world.invariants().nobodyElectableLacksAnything();
        applyLater(() -> apply(entries));
    }

    @Override
    public void readStates(List<ReadState> states) {
        states.forEach(reads::answered);
    }

    @Override
    public void snapshotSaved(Snapshot snapshot) {
        applyLater(() -> restore(snapshot));
    }

    @Override
    public void snapshotWanted(Message message) {
        applyLater(() -> sendSnapshot(message));
    }

    // ---- the applier

    /** On the apply thread: in order, some time later. */
    private void applyLater(Runnable task) {
        applyQueue.addLast(task);
        world.timeline().in(world.random().nextInt(APPLY_DELAY_MICROS), this::applyNext);
    }

    private void applyNext() {
        Runnable task = applyQueue.pollFirst();
        if (over || task == null) {
            return;
        }
        task.run();
        member.whenFree(this::afterApply);
    }

    private void restore(Snapshot snapshot) {
        long index = snapshot.metadata().index();
        if (!durable.takeReceived(index)) {
            throw new AssertionError("snapshot " + index + " came without its database");
        }
        // Watchers of the old store are connected anew.
        connections.breakAll();
        machine = new Machine(durable.database(), driver::syncedIndex);
        confState = snapshot.metadata().confState();
        snapshotAt = index;
        world.invariants().configuredBy(member.id(), index, confState);
        world.invariants().reaches(member.id(), machine.index(), machine.stateHash());
        world.tally().count(Happening.SNAPSHOT_INSTALLED);
        applied.advance(index);
    }

    /**
     * Sends the state as of now, as the real member does, with the configuration of now. After a
     * restart the database may be ahead of that: then the leader is to ask again.
     */
    private void sendSnapshot(Message message) {
        long index = machine.index();
        if (index != applied.applied() || !machine.commit()) {
            node().reportSnapshot(message.to(), false);
            return;
        }
        SnapshotMetadata at = new SnapshotMetadata(confState, index, storage.term(index));
        Message merged = message.toBuilder().snapshot(new Snapshot(new byte[0], at)).build();
        world.network().sendSnapshot(merged, machine.committed());
    }

    private void apply(List<Entry> entries) {
        for (Entry e : entries) {
            Command command = world.invariants().command(e.index());
            Outcome expected = world.invariants().outcome(e.index());
            if (e.type() != EntryType.NORMAL) {
                applyConfChange(e.index(), ConfChangeV2.of(e));
            }
            if (e.index() > machine.index()) {
                check(e, command, expected);
            }
            Consumer<Answer> client = command == null ? null : waiting.remove(command.id());
            if (client != null) {
                client.accept(new Answer(e.index(), expected));
            }
        }
        applied.advance(Math.max(entries.getLast().index(), applied.applied()));
    }

    private void check(Entry e, @Nullable Command command, Outcome expected) {
        Outcome outcome = machine.apply(e, command);
        if (!outcome.equals(expected)) {
            throw new AssertionError(
                    new String(e.data(), UTF_8)
                            + " gives "
                            + outcome
                            + " on "
                            + member.id()
                            + ", and is to give "
                            + expected);
        }
        world.invariants().reaches(member.id(), e.index(), machine.stateHash());
    }

    private void applyConfChange(long index, ConfChangeV2 change) {
        boolean founding = change.context().length > 0;
        ConfState before = confState;
        if (founding || !world.sabotage().dropsConfChange(member.id())) {
            confState = node().applyConfChange(change);
        }
        if (!founding) {
            // A founder begins with all founders, and meets them one by one after a restart.
            if (world.invariants().configures(member.id(), index, confState)) {
                world.tally().changed(before, confState, node().softState().lead());
            }
            if (isIn(before) && !isIn(confState)) {
                member.learnsOfItsRemoval();
            }
        }
    }

    private boolean isIn(ConfState conf) {
        return conf.voters().contains(member.id())
                || conf.votersOutgoing().contains(member.id())
                || conf.learners().contains(member.id());
    }

    /** Back on the raft thread. */
    private void afterApply() {
        node().appliedTo(applied.applied());
        if (world.random().nextInt(COMMIT_EVERY) == 0) {
            commitDatabase();
        }
        // After a restart the machine may be ahead of the entries that are handed out again.
        boolean level = machine.index() == applied.applied();
        if (level && machine.index() >= snapshotAt + world.profile().snapshotEntries()) {
            commitDatabase();
            if (machine.commit()) {
                snapshotAt = machine.index();
                driver.snapshot(snapshotAt, confState, new byte[0], CATCH_UP_ENTRIES);
            }
        } else if (level && machine.index() > forgottenAt + FORGET_ENTRIES) {
            forgottenAt = machine.index();
            driver.forget(forgottenAt, confState, CATCH_UP_ENTRIES);
        }
    }

    /** Never beyond what the log has synced: the backend asks. */
    private void commitDatabase() {
        if (machine.commit() && machine.index() > driver.syncedIndex()) {
            throw new AssertionError(
                    member.id()
                            + " commits its database at "
                            + machine.index()
                            + ", synced is "
                            + driver.syncedIndex());
        }
    }

    @Override
    public String toString() {
        SoftState soft = node().softState();
        return soft.raftState()
                + " of term "
                + term()
                + ", leader "
                + soft.lead()
                + ", log to "
                + log.chain().last()
                + ", committed "
                + driver.hardState().commit()
                + ", applied "
                + applied.applied()
                + ", "
                + node().confState();
    }
}
