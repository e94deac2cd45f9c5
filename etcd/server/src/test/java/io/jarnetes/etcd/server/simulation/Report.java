package io.jarnetes.etcd.server.simulation;

import java.util.Map;

/**
 * What happened in a run. It says so in types that {@link PatchedClasses} shares with everybody.
 *
 * @param members the initial ones
 * @param events what watchers got
 * @param healed whether there was peace in the end, and all was as it is to be then; else it was a
 *     run in which there need not be
 * @param leaders how many terms had one
 * @param oldTermCommits how often a leader's commit index came to an entry of an older term by its
 *     own counting, which Raft §5.4.2 forbids
 * @param happenings how often each happened that did
 * @param trace a hash of all of it
 */
public record Report(
        int members,
        long simulatedMicros,
        long steps,
        int writes,
        int reads,
        long events,
        boolean healed,
        int leaders,
        int oldTermCommits,
        Map<Happening, Long> happenings,
        long trace) {}
