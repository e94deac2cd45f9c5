package io.jarnetes.etcd.raft;

import java.util.ArrayList;
import java.util.SortedSet;

/**
 * The configuration in force.
 *
 * @param learnersNext outgoing voters that become learners on leaving the joint configuration; they
 *     can't be both at once
 * @param autoLeave whether the leader leaves the joint configuration by itself
 */
record Membership(
        Quorum voters, SortedSet<Long> learners, SortedSet<Long> learnersNext, boolean autoLeave) {

    Membership {
        learners = Ids.copyOf(learners);
        learnersNext = Ids.copyOf(learnersNext);
    }

    static Membership empty() {
        return new Membership(Quorum.empty(), Ids.set(), Ids.set(), false);
    }

    /** Whether there is one voter and no other. */
    boolean isSingleton() {
        return voters.incoming().size() == 1 && !voters.isJoint();
    }

    ConfState toConfState() {
        return new ConfState(
                new ArrayList<>(voters.incoming()),
                new ArrayList<>(learners),
                new ArrayList<>(voters.outgoing()),
                new ArrayList<>(learnersNext),
                autoLeave);
    }

    @Override
    public String toString() {
        return "voters="
                + voters
                + (learners.isEmpty() ? "" : " learners=" + Ids.describe(learners))
                + (learnersNext.isEmpty() ? "" : " learners_next=" + Ids.describe(learnersNext))
                + (autoLeave ? " autoleave" : "");
    }
}
