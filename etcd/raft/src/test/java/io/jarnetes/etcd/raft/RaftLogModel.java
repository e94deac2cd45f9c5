package io.jarnetes.etcd.raft;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * A log under everything that a member does with it: it appends as leader, is overwritten as
 * follower, stores late, applies late, compacts, is replaced by a snapshot and crashes. Beside it
 * goes a list of all entries, of which each part is a number.
 */
final class RaftLogModel {
    private static final long BUDGET_BYTES = 60;
    private static final int MAX_DATA = 12;

    private final Random random;
    private final MemoryStorage storage = new MemoryStorage();
    private final ArrayDeque<Batch> storing = new ArrayDeque<>();
    private RaftLog log;

    // The model: entries behind `base`, and how far each stage has come.
    private final List<Entry> entries = new ArrayList<>();
    private long base;
    private long baseTerm;
    private long committed;
    private long applying;
    private long applied;
    private long onDisk;
    private long term = 1;

    private int conflicts;
    private int snapshots;
    private long handedOut;

    /** What was handed out to be stored, as a Ready would. */
    private record Batch(List<Entry> entries, Snapshot snapshot, long term) {}

    RaftLogModel(long seed) {
        random = new Random(seed);
        log = new RaftLog(storage, BUDGET_BYTES, Trace.NONE);
    }

    int conflicts() {
        return conflicts;
    }

    int snapshots() {
        return snapshots;
    }

    long handedOut() {
        return handedOut;
    }

    private long last() {
        return base + entries.size();
    }

    private Entry entry(long index) {
        return entries.get((int) (index - base - 1));
    }

    private long termAt(long index) {
        return index == base ? baseTerm : entry(index).term();
    }

    void step() {
        switch (random.nextInt(12)) {
            case 0, 1 -> lead();
            case 2, 3, 4 -> follow();
            case 5, 6 -> hand();
            case 7, 8 -> store();
            case 9 -> apply();
            case 10 -> rarely();
            default -> commit();
        }
    }

    private void rarely() {
        switch (random.nextInt(6)) {
            case 0, 1, 2 -> compact();
            case 3 -> restore();
            case 4 -> crash();
            default -> applySome();
        }
    }

    private List<Entry> make(long after, long firstTerm, int count) {
        List<Entry> made = new ArrayList<>();
        long t = firstTerm;
        for (int i = 1; i <= count; i++) {
            made.add(new Entry(EntryType.NORMAL, t, after + i, new byte[random.nextInt(MAX_DATA)]));
            t = Math.min(term, t + random.nextInt(2));
        }
        return made;
    }

    private void lead() {
        term += random.nextInt(4) == 0 ? 1 : 0;
        List<Entry> made = make(last(), term, 1 + random.nextInt(3));
        assertThat(log.append(made)).isEqualTo(last() + made.size());
        entries.addAll(made);
    }

    /** An append of a leader, whose log may differ behind what is committed. */
    private void follow() {
        if (last() < committed) {
            throw new IllegalStateException("committed " + committed + " of " + last());
        }
        term += random.nextInt(3) == 0 ? 1 : 0;
        long prev = committed + random.nextLong(last() - committed + 2);
        boolean known = prev <= last() && random.nextInt(5) > 0;
        long prevTerm = known ? termAt(prev) : term + 1;
        List<Entry> sent = known ? sent(prev) : make(prev, term, 1);
        long commit = committed + random.nextLong(sent.size() + 2);
        long result = log.maybeAppend(new RaftLog.EntryId(prevTerm, prev), sent, commit);
        if (!known) {
            assertThat(result).isEqualTo(-1);
            return;
        }
        assertThat(result).isEqualTo(prev + sent.size());
        take(prev, sent);
        committed = Math.max(committed, Math.min(commit, prev + sent.size()));
    }

    /** Some entries that this log has behind {@code prev}, then maybe others. */
    private List<Entry> sent(long prev) {
        int same = random.nextInt((int) Math.min(last() - prev, 3) + 1);
        List<Entry> sent = new ArrayList<>();
        for (long i = prev + 1; i <= prev + same; i++) {
            sent.add(entry(i));
        }
        // What has an entry of this term has its leader's log up to there.
        boolean conflicts = prev + same == last() || termAt(last()) < term;
        if (conflicts && random.nextBoolean()) {
            sent.addAll(make(prev + same, term, 1 + random.nextInt(3)));
        }
        return sent;
    }

    private void take(long prev, List<Entry> sent) {
        for (int i = 0; i < sent.size(); i++) {
            long index = prev + 1 + i;
            if (index > last() || entry(index).term() != sent.get(i).term()) {
                conflicts += index <= last() ? 1 : 0;
                entries.subList((int) (index - base - 1), entries.size()).clear();
                entries.addAll(sent.subList(i, sent.size()));
                onDisk = Math.min(onDisk, index - 1);
                return;
            }
        }
    }

    private void commit() {
        long to = committed + random.nextLong(last() - committed + 1);
        log.commitTo(to);
        committed = to;
    }

    /** A Ready is taken: what goes to the disk, and what to the applier. */
    private void hand() {
        Snapshot snapshot = log.unstable().nextSnapshot();
        Batch batch =
                new Batch(
                        log.unstable().nextEntries(),
                        snapshot == null ? Snapshot.EMPTY : snapshot,
                        term);
        log.unstable().acceptInProgress();
        storing.addLast(batch);
        List<Entry> out = log.nextCommitted();
        if (!out.isEmpty()) {
            checkHandedOut(out);
            log.acceptApplying(out);
            applying = out.getLast().index();
            handedOut += out.size();
        }
    }

    private void checkHandedOut(List<Entry> out) {
        long next = applying;
        for (Entry e : out) {
            assertThat(e).isEqualTo(entry(++next));
        }
        assertThat(next).isLessThanOrEqualTo(Math.min(committed, onDisk));
        long size = Entries.sizeBytes(out);
        assertThat(out.size() == 1 || size <= BUDGET_BYTES).isTrue();
    }

    private void store() {
        Batch batch = storing.pollFirst();
        if (batch == null) {
            return;
        }
        if (!batch.snapshot().isEmpty()) {
            storage.applySnapshot(batch.snapshot());
            log.unstable().stableSnapshotTo(batch.snapshot().metadata().index());
            long index = batch.snapshot().metadata().index();
            if (index > applied) {
                log.appliedTo(index);
                applied = index;
                applying = Math.max(applying, index);
            }
            onDisk = Math.max(onDisk, Math.min(index, last()));
        }
        if (batch.entries().isEmpty()) {
            return;
        }
        storage.append(batch.entries());
        Entry end = batch.entries().getLast();
        // As Raft.stored: in a later term what was stored may be overwritten by a later batch.
        if (batch.term() == term) {
            log.unstable().stableTo(end.index(), end.term());
            if (end.index() <= last() && end.index() > base && entry(end.index()).equals(end)) {
                onDisk = Math.max(onDisk, end.index());
            }
        }
    }

    private void apply() {
        log.appliedTo(applying);
        applied = applying;
    }

    private void applySome() {
        long to = applied + random.nextLong(applying - applied + 1);
        log.appliedTo(to);
        applied = to;
    }

    private void compact() {
        if (applied <= storage.snapshot().metadata().index() || applied > storage.lastIndex()) {
            return;
        }
        storage.createSnapshot(applied, ConfState.EMPTY, Entry.NO_DATA);
        long to = Math.max(base, applied - random.nextInt(4));
        if (to > base) {
            storage.compact(to);
            drop(to);
        }
    }

    private void drop(long to) {
        baseTerm = termAt(to);
        entries.subList(0, (int) (to - base)).clear();
        base = to;
    }

    /** The leader sends a snapshot of what this log hasn't. */
    private void restore() {
        long index = last() + 1 + random.nextInt(5);
        Snapshot snapshot =
                new Snapshot(Entry.NO_DATA, new SnapshotMetadata(ConfState.EMPTY, index, ++term));
        log.restore(snapshot);
        snapshots++;
        entries.clear();
        base = index;
        baseTerm = term;
        committed = index;
        onDisk = index - 1;
    }

    /** All that wasn't stored is gone. */
    private void crash() {
        storing.clear();
        log = new RaftLog(storage, BUDGET_BYTES, Trace.NONE);
        base = storage.firstIndex() - 1;
        baseTerm = storage.term(base);
        entries.clear();
        if (storage.lastIndex() > base) {
            entries.addAll(storage.entries(base + 1, storage.lastIndex() + 1, Config.NO_LIMIT));
        }
        onDisk = last();
        long snapshot = storage.snapshot().metadata().index();
        committed = Math.max(snapshot, Math.min(committed, last()));
        log.loadCommit(committed);
        log.appliedTo(snapshot);
        applied = snapshot;
        applying = snapshot;
    }

    // ---- comparisons

    void check() {
        assertThat(log.firstIndex()).isEqualTo(base + 1);
        assertThat(log.lastIndex()).isEqualTo(last());
        assertThat(log.committed()).isEqualTo(committed);
        assertThat(log.applied()).isEqualTo(applied);
        assertThat(log.lastEntryId()).isEqualTo(new RaftLog.EntryId(termAt(last()), last()));
        for (long i = base; i <= last(); i++) {
            assertThat(log.termOrNegative(i)).as("term of %d", i).isEqualTo(termAt(i));
        }
        assertThat(log.termOrNegative(base - 1)).isEqualTo(-1);
        assertThat(log.termOrNegative(last() + 1)).isEqualTo(-1);
        checkSlice();
        checkConflict();
        long theirs = 1 + random.nextLong(term + 1);
        long at = base + random.nextLong(entries.size() + 3);
        boolean asGood = theirs > termAt(last()) || (theirs == termAt(last()) && at >= last());
        assertThat(log.isUpToDate(theirs, at)).isEqualTo(asGood);
    }

    private void checkSlice() {
        if (entries.isEmpty()) {
            return;
        }
        long lo = base + 1 + random.nextInt(entries.size());
        long hi = lo + 1 + random.nextLong(last() - lo + 1);
        long limit = random.nextInt(80);
        List<Entry> expected = new ArrayList<>();
        long size = 0;
        for (long i = lo; i < hi; i++) {
            size += entry(i).sizeBytes();
            if (!expected.isEmpty() && size > limit) {
                break;
            }
            expected.add(entry(i));
        }
        assertThat(log.slice(lo, hi, limit))
                .as("[%d, %d) to %d", lo, hi, limit)
                .isEqualTo(expected);
    }

    private void checkConflict() {
        long from = base + random.nextLong(entries.size() + 1);
        long theirs = 1 + random.nextLong(term + 1);
        long at = from;
        while (at > base && termAt(at) > theirs) {
            at--;
        }
        RaftLog.EntryId found = log.findConflictByTerm(from, theirs);
        // At the end of what is there the term may be that of what was compacted.
        if (at > base || (at > 0 && termAt(at) <= theirs)) {
            assertThat(found).isEqualTo(new RaftLog.EntryId(termAt(at), at));
        } else {
            assertThat(found.term()).isEqualTo(0);
            assertThat(found.index()).isEqualTo(Math.max(0, at - (at == 0 ? 0 : 1)));
        }
    }
}
