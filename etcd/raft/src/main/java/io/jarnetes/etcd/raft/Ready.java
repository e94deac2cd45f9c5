package io.jarnetes.etcd.raft;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One batch of work for the driver. In this order:
 *
 * <ol>
 *   <li>send {@code messagesBeforeSync}; hand {@code committedEntries} to the applier; answer
 *       {@code readStates}. None of these waits for the disk of this Ready;
 *   <li>write {@code snapshot}, {@code entries} and {@code hardState} to the WAL, fdatasync if
 *       {@code mustSync} (etcd syncs snapshots by itself), and put them into the {@link Storage};
 *   <li>send {@code messagesAfterSync};
 *   <li>call {@link RawNode#advance} with this Ready.
 * </ol>
 *
 * <p>Step 1 may run while step 2 does: a leader's appends leave in {@code messagesBeforeSync}, and
 * its own acknowledgement happens in {@code advance}; a follower's answers to appends and votes are
 * in {@code messagesAfterSync}.
 *
 * @param softState null if unchanged
 * @param hardState {@link HardState#EMPTY} if unchanged
 * @param readStates reads that may be served once their index is applied
 * @param entries to be appended; may overwrite entries of the same index, whatever follows the last
 *     one is cut
 * @param snapshot received from the leader, {@link Snapshot#EMPTY} for none; replaces the log and,
 *     once stored, the application's state, before any later {@code committedEntries}
 * @param committedEntries to be applied in order; all are on this member's disk. After applying,
 *     call {@link RawNode#appliedTo}
 * @param messagesBeforeSync messages that promise nothing about this member's disk
 * @param messagesAfterSync messages that may leave only when this Ready is on disk
 * @param mustSync whether the disk must be synced before step 3: there are entries, or term or vote
 *     changed
 * @param selfMessages acknowledgements of this member to itself; {@code advance} uses them
 */
public record Ready(
        @Nullable SoftState softState,
        HardState hardState,
        List<ReadState> readStates,
        List<Entry> entries,
        Snapshot snapshot,
        List<Entry> committedEntries,
        List<Message> messagesBeforeSync,
        List<Message> messagesAfterSync,
        boolean mustSync,
        List<Message> selfMessages) {}
