package io.jarnetes.etcd.raft;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** A member with a disk that keeps what was stored, and an applier that lags behind. */
final class SimulatedMember {
    /** The index all logs begin after. */
    static final long BEGIN = 5;

    private static final int KEEP_ENTRIES = 3;

    private final long id;
    private final Random random;
    private final boolean checkQuorum;
    private final boolean preVote;
    private final MemoryStorage storage = new MemoryStorage();
    private final ArrayDeque<Ready> taken = new ArrayDeque<>();
    private final ArrayDeque<Entry> toApply = new ArrayDeque<>();
    private final List<Entry> applied = new ArrayList<>();
    private final List<ReadState> reads = new ArrayList<>();

    /** The configuration after the last applied entry, which goes into snapshots. */
    private ConfState confState;

    private long appliedIndex;
    private RawNode node;

    SimulatedMember(long id, ConfState conf, Random random, boolean checkQuorum, boolean preVote) {
        this.checkQuorum = checkQuorum;
        this.preVote = preVote;
        this.id = id;
        this.random = random;
        if (!conf.voters().isEmpty()) {
            storage.applySnapshot(
                    new Snapshot("s".getBytes(UTF_8), new SnapshotMetadata(conf, BEGIN, 1)));
            storage.setHardState(new HardState(1, 0, BEGIN));
        }
        confState = conf;
        appliedIndex = conf.voters().isEmpty() ? 0 : BEGIN;
        node = start();
    }

    private RawNode start() {
        return new RawNode(
                Config.builder(id, storage, random)
                        .electionTicks(8)
                        .applied(appliedIndex)
                        .maxInflightMsgs(4)
                        .maxSizePerMsgBytes(60)
                        .maxCommittedSizePerReadyBytes(80)
                        .maxUncommittedSizeBytes(200)
                        .stepDownOnRemoval(true)
                        .checkQuorum(checkQuorum)
                        .preVote(preVote)
                        .build());
    }

    long id() {
        return id;
    }

    RawNode node() {
        return node;
    }

    RaftLog log() {
        return node.log();
    }

    /** Takes a Ready and sends what need not wait. */
    void take(List<Message> wire) {
        if (!node.hasReady()) {
            return;
        }
        Ready r = node.ready();
        taken.addLast(r);
        wire.addAll(r.messagesBeforeSync());
        reads.addAll(r.readStates());
        toApply.addAll(r.committedEntries());
    }

    /** Stores the oldest Ready that was taken. */
    void store(List<Message> wire) {
        Ready r = taken.pollFirst();
        if (r == null) {
            return;
        }
        if (!r.snapshot().isEmpty()) {
            storage.applySnapshot(r.snapshot());
            appliedIndex = r.snapshot().metadata().index();
            confState = r.snapshot().metadata().confState();
        }
        storage.append(r.entries());
        if (!r.hardState().isEmpty()) {
            storage.setHardState(r.hardState());
        }
        wire.addAll(r.messagesAfterSync());
        node.advance(r);
    }

    void storeAll(List<Message> wire) {
        while (!taken.isEmpty()) {
            store(wire);
        }
    }

    /** Applies the next committed entry. */
    void applySome() {
        Entry e = toApply.pollFirst();
        if (e == null || e.index() <= appliedIndex) {
            return;
        }
        if (e.type() != EntryType.NORMAL) {
            confState = node.applyConfChange(ConfChangeV2.of(e));
        }
        if (e.index() > storage.lastIndex()) {
            throw new AssertionError(id + " applies " + e + " that is not on its disk");
        }
        appliedIndex = e.index();
        applied.add(e);
        node.appliedTo(e.index());
    }

    void applyAll() {
        while (!toApply.isEmpty()) {
            applySome();
        }
    }

    /** Loses everything that was not stored, and applies again what came after the snapshot. */
    void crash() {
        taken.clear();
        toApply.clear();
        reads.clear();
        appliedIndex = storage.snapshot().metadata().index();
        confState = storage.snapshot().metadata().confState();
        node = start();
    }

    void compact() {
        if (appliedIndex <= storage.snapshot().metadata().index()) {
            return;
        }
        storage.createSnapshot(appliedIndex, confState, "s".getBytes(UTF_8));
        long upTo = appliedIndex - KEEP_ENTRIES;
        if (upTo >= storage.firstIndex()) {
            storage.compact(upTo);
        }
    }

    List<Entry> takeApplied() {
        List<Entry> all = List.copyOf(applied);
        applied.clear();
        return all;
    }

    List<ReadState> takeReads() {
        List<ReadState> all = List.copyOf(reads);
        reads.clear();
        return all;
    }
}
