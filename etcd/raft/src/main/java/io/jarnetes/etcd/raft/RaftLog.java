package io.jarnetes.etcd.raft;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The whole log: what is in the {@link Storage} and what is on its way there. Invariant: {@code
 * applied <= applying <= committed <= lastIndex}.
 */
final class RaftLog {
    /** A place in the log; two logs that agree on it agree on all before (log matching). */
    record EntryId(long term, long index) {}

    private final Storage storage;
    private final Unstable unstable;
    private final ApplyBudget budget;
    private final Trace trace;
    private long committed;

    /** The last index handed out for applying. */
    private long applying;

    private long applied;

    RaftLog(Storage storage, long maxApplyingBytes, Trace trace) {
        this.storage = storage;
        this.trace = trace;
        this.unstable = new Unstable(storage.lastIndex() + 1, trace);
        this.budget = new ApplyBudget(maxApplyingBytes);
        long before = storage.firstIndex() - 1;
        this.committed = before;
        this.applying = before;
        this.applied = before;
    }

    Unstable unstable() {
        return unstable;
    }

    long committed() {
        return committed;
    }

    long applying() {
        return applying;
    }

    long applied() {
        return applied;
    }

    long firstIndex() {
        Snapshot s = unstable.snapshot();
        return s == null ? storage.firstIndex() : s.metadata().index() + 1;
    }

    long lastIndex() {
        long last = unstable.lastIndexOrNegative();
        return last >= 0 ? last : storage.lastIndex();
    }

    EntryId lastEntryId() {
        long last = lastIndex();
        return new EntryId(term(last), last);
    }

    /** The term of an entry, 0 if it is compacted or not there yet. */
    long termOrZero(long index) {
        return Math.max(termOrNegative(index), 0);
    }

    /**
     * The term of an entry that must be there.
     *
     * @throws IllegalStateException if it isn't
     */
    long term(long index) {
        long term = termOrNegative(index);
        if (term < 0) {
            throw new IllegalStateException(
                    "no term of index "
                            + index
                            + " in ["
                            + (firstIndex() - 1)
                            + ", "
                            + lastIndex()
                            + "]");
        }
        return term;
    }

    /** The term of an entry, -1 if it is compacted or not there yet. */
    long termOrNegative(long index) {
        long term = unstable.termOrNegative(index);
        if (term >= 0) {
            return term;
        }
        return index < firstIndex() - 1 || index > lastIndex() ? -1 : storage.term(index);
    }

    boolean matches(long index, long term) {
        return termOrNegative(index) == term;
    }

    /** Whether a candidate's log is at least as complete as this one (Raft §5.4.1). */
    boolean isUpToDate(long theirTerm, long theirIndex) {
        EntryId our = lastEntryId();
        return theirTerm > our.term || (theirTerm == our.term && theirIndex >= our.index);
    }

    /**
     * A follower's append: entries after {@code prev}, if the log has {@code prev}.
     *
     * @return the last index that is now known to match the leader's log, or -1 if prev is not here
     */
    long maybeAppend(EntryId prev, List<Entry> entries, long leaderCommit) {
        if (!matches(prev.index, prev.term)) {
            return -1;
        }
        long lastNew = prev.index + entries.size();
        int conflict = firstConflict(entries);
        if (conflict < entries.size()) {
            long at = entries.get(conflict).index();
            if (at <= committed) {
                throw new IllegalStateException(
                        "entry "
                                + at
                                + " conflict with committed entry [committed("
                                + committed
                                + ")]");
            }
            append(entries.subList(conflict, entries.size()));
        }
        commitTo(Math.min(leaderCommit, lastNew));
        return lastNew;
    }

    /** The first of the entries that isn't in the log as it is; their number if all are. */
    private int firstConflict(List<Entry> entries) {
        for (int i = 0; i < entries.size(); i++) {
            Entry e = entries.get(i);
            if (!matches(e.index(), e.term())) {
                if (e.index() <= lastIndex()) {
                    trace.info(
                            "found conflict at index "
                                    + e.index()
                                    + " [existing term: "
                                    + termOrZero(e.index())
                                    + ", conflicting term: "
                                    + e.term()
                                    + "]");
                }
                return i;
            }
        }
        return entries.size();
    }

    /** Appends, cutting what conflicts; returns the last index. */
    long append(List<Entry> entries) {
        if (!entries.isEmpty()) {
            long after = entries.getFirst().index() - 1;
            if (after < committed) {
                throw new IllegalStateException(
                        "after(" + after + ") is out of range [committed(" + committed + ")]");
            }
            unstable.truncateAndAppend(entries);
        }
        return lastIndex();
    }

    /**
     * The highest entry at or below {@code index} whose term is not above {@code term}: where a log
     * with that (index, term) may begin to match this one. Term 0 if it is compacted.
     */
    EntryId findConflictByTerm(long index, long term) {
        for (long i = index; i > 0; i--) {
            long our = termOrNegative(i);
            if (our < 0) {
                return new EntryId(0, i);
            }
            if (our <= term) {
                return new EntryId(our, i);
            }
        }
        return new EntryId(0, 0);
    }

    void commitTo(long index) {
        if (index <= committed) {
            return;
        }
        if (lastIndex() < index) {
            throw new IllegalStateException(
                    "tocommit("
                            + index
                            + ") is out of range [lastIndex("
                            + lastIndex()
                            + ")]. Was the raft log corrupted, truncated, or lost?");
        }
        committed = index;
    }

    /**
     * Restores the commit index. A hard state of which only the commit index changed isn't synced,
     * so it may be behind what was applied or put into a snapshot; it is never beyond the log.
     */
    void loadCommit(long commit) {
        if (commit > lastIndex()) {
            throw new IllegalArgumentException(
                    "state.commit "
                            + commit
                            + " is out of range ["
                            + committed
                            + ", "
                            + lastIndex()
                            + "]");
        }
        committed = Math.max(committed, commit);
    }

    /** Whether {@link #nextCommitted} has anything. */
    boolean hasNextCommitted() {
        return !budget.isSpent() && unstable.snapshot() == null && applying < appliable();
    }

    /** Entries to be handed out: committed, on disk, and within the budget. */
    List<Entry> nextCommitted() {
        return hasNextCommitted()
                ? slice(applying + 1, appliable() + 1, budget.remainingBytes())
                : List.of();
    }

    private long appliable() {
        return Math.min(committed, unstable.offset() - 1);
    }

    void acceptApplying(List<Entry> handedOut) {
        applying = handedOut.getLast().index();
        budget.spend(applying, Entries.sizeBytes(handedOut));
    }

    void appliedTo(long index) {
        if (index > committed || index < applied) {
            throw new IllegalArgumentException(
                    "applied("
                            + index
                            + ") is out of range [prevApplied("
                            + applied
                            + "), committed("
                            + committed
                            + ")]");
        }
        applied = index;
        applying = Math.max(applying, index);
        budget.refund(index);
    }

    void restore(Snapshot received) {
        trace.info(
                "log [committed="
                        + committed
                        + ", applied="
                        + applied
                        + "] starts to restore snapshot [index: "
                        + received.metadata().index()
                        + ", term: "
                        + received.metadata().term()
                        + "]");
        committed = received.metadata().index();
        unstable.restore(received);
    }

    /** The latest snapshot, which followers get. */
    Snapshot snapshot() {
        @Nullable Snapshot s = unstable.snapshot();
        return s == null ? storage.snapshot() : s;
    }

    /**
     * Entries from {@code lo} to the end of the log, at most so many bytes but for the first.
     *
     * @throws StorageException.Compacted if {@code lo} is gone
     */
    List<Entry> entries(long lo, long maxSizeBytes) {
        return lo > lastIndex() ? List.of() : slice(lo, lastIndex() + 1, maxSizeBytes);
    }

    /**
     * Entries {@code lo <= index < hi}, at most so many bytes but for the first.
     *
     * @throws StorageException.Compacted if {@code lo} is gone
     */
    List<Entry> slice(long lo, long hi, long maxSizeBytes) {
        if (lo < firstIndex()) {
            throw new StorageException.Compacted(lo, firstIndex());
        }
        if (lo >= unstable.offset()) {
            return Entries.limit(unstable.slice(lo, hi), maxSizeBytes);
        }
        long cut = Math.min(hi, unstable.offset());
        List<Entry> stable = storage.entries(lo, cut, maxSizeBytes);
        long rest = maxSizeBytes - Entries.sizeBytes(stable);
        if (hi <= unstable.offset() || stable.size() < cut - lo || rest <= 0) {
            return stable;
        }
        List<Entry> more = Entries.limit(unstable.slice(unstable.offset(), hi), rest);
        if (more.getFirst().sizeBytes() > rest) {
            return stable;
        }
        List<Entry> all = new ArrayList<>(stable);
        all.addAll(more);
        return all;
    }
}
