package io.jarnetes.etcd.server.simulation;

import io.jarnetes.etcd.raft.ConfState;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** Counts what befalls one run. */
final class Tally {
    private final long[] counts = new long[Happening.values().length];
    private int oldTermCommits;

    void count(Happening happening) {
        counts[happening.ordinal()]++;
    }

    void oldTermCommit() {
        oldTermCommits++;
    }

    int oldTermCommits() {
        return oldTermCommits;
    }

    /** The configuration changed, for the first who applied that. */
    void changed(ConfState before, ConfState after, long leader) {
        if (!after.votersOutgoing().isEmpty()) {
            count(Happening.JOINT_CHANGE);
        }
        for (long id : after.voters()) {
            if (before.learners().contains(id)) {
                count(Happening.LEARNER_PROMOTED);
            } else if (!before.voters().contains(id)) {
                count(Happening.VOTER_ADDED);
            }
        }
        if (after.learners().size() > before.learners().size()) {
            count(Happening.LEARNER_ADDED);
        }
        for (List<Long> members :
                List.of(before.voters(), before.votersOutgoing(), before.learners())) {
            for (long id : members) {
                boolean gone =
                        !after.voters().contains(id)
                                && !after.votersOutgoing().contains(id)
                                && !after.learners().contains(id);
                if (gone) {
                    count(Happening.MEMBER_REMOVED);
                    if (id == leader) {
                        count(Happening.LEADER_REMOVED);
                    }
                }
            }
        }
    }

    /** How often each happened that did. */
    Map<Happening, Long> counts() {
        Map<Happening, Long> happened = new EnumMap<>(Happening.class);
        for (Happening happening : Happening.values()) {
            if (counts[happening.ordinal()] > 0) {
                happened.put(happening, counts[happening.ordinal()]);
            }
        }
        return happened;
    }
}
