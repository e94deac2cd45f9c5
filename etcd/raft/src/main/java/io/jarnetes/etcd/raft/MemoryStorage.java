package io.jarnetes.etcd.raft;

import java.util.ArrayList;
import java.util.List;

/**
 * A {@link Storage} in memory, filled by the driver with what the WAL has on disk. Not safe for
 * several threads.
 */
public final class MemoryStorage implements Storage {
    private HardState hardState = HardState.EMPTY;
    private Snapshot snapshot = Snapshot.EMPTY;

    /** The index before the first entry, and its term: what compaction or a snapshot left. */
    private long offset;

    private long offsetTerm;
    private List<Entry> log = new ArrayList<>();

    @Override
    public InitialState initialState() {
        return new InitialState(hardState, snapshot.metadata().confState());
    }

    /** Replaces the hard state. */
    public void setHardState(HardState state) {
        hardState = state;
    }

    /** The saved hard state. */
    public HardState hardState() {
        return hardState;
    }

    @Override
    public List<Entry> entries(long lo, long hi, long maxSizeBytes) {
        if (lo <= offset) {
            throw new StorageException.Compacted(lo, firstIndex());
        }
        if (hi > lastIndex() + 1) {
            throw new StorageException.Unavailable(hi - 1, lastIndex());
        }
        return List.copyOf(Entries.limit(log.subList(slot(lo), slot(hi)), maxSizeBytes));
    }

    @Override
    public long term(long index) {
        if (index < offset) {
            throw new StorageException.Compacted(index, firstIndex());
        }
        if (index > lastIndex()) {
            throw new StorageException.Unavailable(index, lastIndex());
        }
        return index == offset ? offsetTerm : log.get(slot(index)).term();
    }

    @Override
    public long lastIndex() {
        return offset + log.size();
    }

    @Override
    public long firstIndex() {
        return offset + 1;
    }

    @Override
    public Snapshot snapshot() {
        return snapshot;
    }

    /**
     * Replaces everything by a snapshot that was received or read at the start.
     *
     * @throws IllegalArgumentException if it is not newer than the present one
     */
    public void applySnapshot(Snapshot newer) {
        requireNewer(newer.metadata().index());
        snapshot = newer;
        offset = newer.metadata().index();
        offsetTerm = newer.metadata().term();
        log = new ArrayList<>();
    }

    /**
     * Makes the snapshot that followers get who need entries that were compacted. The log stays.
     *
     * @param index an applied index of the log
     * @param confState the configuration after applying it
     * @throws IllegalArgumentException if there is a snapshot at or after {@code index}, or the log
     *     doesn't reach it
     */
    public Snapshot createSnapshot(long index, ConfState confState, byte[] data) {
        requireNewer(index);
        if (index > lastIndex()) {
            throw new IllegalArgumentException(
                    "snapshot " + index + " is out of bound lastindex(" + lastIndex() + ")");
        }
        snapshot = new Snapshot(data, new SnapshotMetadata(confState, index, term(index)));
        return snapshot;
    }

    private void requireNewer(long index) {
        if (index <= snapshot.metadata().index()) {
            throw new IllegalArgumentException(
                    "requested index "
                            + index
                            + " is older than the existing snapshot "
                            + snapshot.metadata().index());
        }
    }

    /**
     * Forgets entries up to and with {@code index}; entries that were handed out stay valid.
     *
     * @throws StorageException.Compacted if that was done already
     * @throws StorageException.Unavailable if the log doesn't reach {@code index}
     */
    public void compact(long index) {
        if (index <= offset) {
            throw new StorageException.Compacted(index, firstIndex());
        }
        long term = term(index);
        log.subList(0, slot(index) + 1).clear();
        offset = index;
        offsetTerm = term;
    }

    /**
     * Appends entries of ascending indexes without gaps. Those that are compacted already are
     * skipped; those that exist are replaced, and whatever follows the last one is cut.
     *
     * @throws IllegalArgumentException if they would leave a gap
     */
    public void append(List<Entry> entries) {
        if (entries.isEmpty() || entries.getLast().index() <= offset) {
            return;
        }
        long first = entries.getFirst().index();
        List<Entry> fresh =
                first > offset
                        ? entries
                        : entries.subList((int) (offset + 1 - first), entries.size());
        long from = Math.max(first, offset + 1);
        if (from > lastIndex() + 1) {
            throw new IllegalArgumentException(
                    "missing log entry [last: " + lastIndex() + ", append at: " + from + "]");
        }
        log.subList(slot(from), log.size()).clear();
        log.addAll(fresh);
    }

    private int slot(long index) {
        return (int) (index - offset - 1);
    }
}
