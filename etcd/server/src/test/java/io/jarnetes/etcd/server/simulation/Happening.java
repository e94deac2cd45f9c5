package io.jarnetes.etcd.server.simulation;

import java.util.Locale;

/**
 * What can befall a run and is counted there: of troubles that never come no run proves anything.
 */
public enum Happening {
    MESSAGE_LOST,
    MESSAGE_DELAYED,
    MESSAGE_DOUBLED,
    /** It arrived before one that its sender had sent earlier to the same member. */
    MESSAGE_OVERTOOK,
    /** It was stopped at a cut that stops its answers, too. */
    CUT_BOTH_WAYS,
    /** It was stopped at a cut that its answers would pass. */
    CUT_ONE_WAY,
    /** Nobody was cut off alone: several stood on either side. */
    SPLIT,

    CRASH,
    /** With a write or a sync under way. */
    CRASH_IN_WRITE,
    /** Nobody was up any more. */
    CRASH_OF_ALL,
    /** Of a leader, right after its first entry was on its own disk, or committed. */
    CRASH_OF_YOUNG_LEADER,
    /** A crash took a write that wasn't synced. */
    UNSYNCED_LOST,
    /** A crash left some sectors of a write that wasn't synced, and took others. */
    WRITE_TORN,
    /** A log was found with a torn tail, and mended. */
    TAIL_TORN,
    /** A sync took longer than the time between two heartbeats. */
    DISK_STALLED,
    /** A member did nothing for longer than the shortest election time-out, and then went on. */
    FROZEN,
    /** A clock was off by more than the shortest election time-out. */
    CLOCK_OFF,

    VOTER_ADDED,
    LEARNER_ADDED,
    LEARNER_PROMOTED,
    MEMBER_REMOVED,
    LEADER_REMOVED,
    /** A member was replaced in one step, by joint consensus. */
    JOINT_CHANGE,
    LEADER_TRANSFERRED,

    /** Entries that weren't committed gave way to a newer leader's. */
    ENTRIES_REPLACED,
    SNAPSHOT_INSTALLED,
    SNAPSHOT_FAILED,

    WATCH_RESUMED,
    /** A watcher was told that what it wants is compacted. */
    WATCH_COMPACTED,
    /** A watcher couldn't take more, and got it later. */
    WATCH_HELD_UP,
    /** A watcher got a revision that has several events. */
    WATCH_MANY_EVENTS,
    /** A watcher was told that it has all up to a revision. */
    WATCH_PROGRESS;

    /** As it is printed. */
    String words() {
        return name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }
}
