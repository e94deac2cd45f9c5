package io.jarnetes.etcd.raft;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The end of the log that the driver has not reported to be on disk: maybe a received snapshot,
 * then entries. Up to {@code offsetInProgress} they were handed out in a {@link Ready}.
 */
final class Unstable {
    private final Trace trace;
    private @Nullable Snapshot snapshot;
    private boolean snapshotInProgress;
    private final List<Entry> entries = new ArrayList<>();

    /** Index of the first of {@link #entries}, or of the next one if there are none. */
    private long offset;

    private long offsetInProgress;

    Unstable(long offset, Trace trace) {
        this.offset = offset;
        this.offsetInProgress = offset;
        this.trace = trace;
    }

    long offset() {
        return offset;
    }

    @Nullable Snapshot snapshot() {
        return snapshot;
    }

    boolean hasEntries() {
        return !entries.isEmpty();
    }

    /** The index after the last unstable thing, or -1 if there is none. */
    long lastIndexOrNegative() {
        if (!entries.isEmpty()) {
            return offset + entries.size() - 1;
        }
        return snapshot == null ? -1 : snapshot.metadata().index();
    }

    /** The term of an index, or -1 if it isn't here. */
    long termOrNegative(long index) {
        if (index < offset) {
            return snapshot != null && snapshot.metadata().index() == index
                    ? snapshot.metadata().term()
                    : -1;
        }
        return index < offset + entries.size() ? entries.get((int) (index - offset)).term() : -1;
    }

    /** Entries that were not handed out yet. */
    List<Entry> nextEntries() {
        return slice(offsetInProgress, offset + entries.size());
    }

    boolean hasNextEntries() {
        return offsetInProgress < offset + entries.size();
    }

    /** The snapshot if it was not handed out yet. */
    @Nullable Snapshot nextSnapshot() {
        return snapshotInProgress ? null : snapshot;
    }

    /** Notes that everything was handed out. */
    void acceptInProgress() {
        offsetInProgress = offset + entries.size();
        snapshotInProgress = snapshot != null;
    }

    /** Notes that everything up to an entry is on disk, if that entry is still the same. */
    void stableTo(long index, long term) {
        if (index < offset || termOrNegative(index) != term) {
            trace.debug("entry at index " + index + " is no longer unstable; ignoring");
            return;
        }
        entries.subList(0, (int) (index + 1 - offset)).clear();
        offset = index + 1;
        offsetInProgress = Math.max(offsetInProgress, offset);
    }

    void stableSnapshotTo(long index) {
        if (snapshot != null && snapshot.metadata().index() == index) {
            snapshot = null;
            snapshotInProgress = false;
        }
    }

    void restore(Snapshot received) {
        offset = received.metadata().index() + 1;
        offsetInProgress = offset;
        entries.clear();
        snapshot = received;
        snapshotInProgress = false;
    }

    /** Appends after cutting whatever is at or after the first of the new entries. */
    void truncateAndAppend(List<Entry> added) {
        long from = added.getFirst().index();
        if (from <= offset) {
            if (from < offset || !entries.isEmpty()) {
                trace.debug("replace the unstable entries from index " + from);
            }
            entries.clear();
            offset = from;
            offsetInProgress = from;
        } else if (from < offset + entries.size()) {
            trace.debug("truncate the unstable entries before index " + from);
            entries.subList((int) (from - offset), entries.size()).clear();
            offsetInProgress = Math.min(offsetInProgress, from);
        }
        entries.addAll(added);
    }

    /** A copy of the entries {@code lo <= index < hi}, which must be here. */
    List<Entry> slice(long lo, long hi) {
        return lo == hi
                ? List.of()
                : List.copyOf(entries.subList((int) (lo - offset), (int) (hi - offset)));
    }
}
