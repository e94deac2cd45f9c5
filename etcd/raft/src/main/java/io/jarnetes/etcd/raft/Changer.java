package io.jarnetes.etcd.raft;

import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Computes the configuration that follows from a change; one object for one change. The present
 * configuration isn't touched, so a refused change leaves no trace.
 */
final class Changer {
    /** A configuration and the progress of everybody in it. */
    record Result(Membership membership, SortedMap<Long, Progress> progress) {}

    private final ProgressTracker tracker;
    private final long lastIndex;
    private final SortedSet<Long> incoming = Ids.set();
    private final SortedSet<Long> outgoing = Ids.set();
    private final SortedSet<Long> learners = Ids.set();
    private final SortedSet<Long> learnersNext = Ids.set();
    private final SortedMap<Long, Progress> progress = new TreeMap<>(Long::compareUnsigned);
    private boolean autoLeave;

    private Changer(ProgressTracker tracker, long lastIndex) {
        this.tracker = tracker;
        this.lastIndex = lastIndex;
        Membership now = tracker.membership();
        incoming.addAll(now.voters().incoming());
        outgoing.addAll(now.voters().outgoing());
        learners.addAll(now.learners());
        learnersNext.addAll(now.learnersNext());
        autoLeave = now.autoLeave();
        tracker.progress().forEach((id, p) -> progress.put(id, p.copy()));
    }

    /**
     * What a committed change leads to.
     *
     * @param lastIndex of the log; replication to new members begins there
     * @throws IllegalArgumentException if the change isn't possible now
     */
    static Result change(ProgressTracker tracker, long lastIndex, ConfChangeV2 change) {
        Changer c = new Changer(tracker, lastIndex);
        if (change.leavesJoint()) {
            c.leaveJoint();
        } else if (change.entersJoint()) {
            c.enterJoint(change.autoLeaves(), change.changes());
        } else {
            c.simple(change.changes());
        }
        return c.result();
    }

    /**
     * The configuration of a snapshot, from an empty tracker.
     *
     * @throws IllegalArgumentException if there can be no such configuration
     */
    static Result restore(ProgressTracker empty, long lastIndex, ConfState state) {
        Changer c = new Changer(empty, lastIndex);
        List<ConfChangeSingle> steps = new ArrayList<>();
        if (state.votersOutgoing().isEmpty()) {
            add(steps, ConfChangeType.ADD_NODE, state.voters());
            add(steps, ConfChangeType.ADD_LEARNER_NODE, state.learners());
            if (!steps.isEmpty()) {
                c.apply(steps);
            }
            return c.result();
        }
        List<ConfChangeSingle> old = new ArrayList<>();
        add(old, ConfChangeType.ADD_NODE, state.votersOutgoing());
        c.apply(old);
        add(steps, ConfChangeType.REMOVE_NODE, state.votersOutgoing());
        add(steps, ConfChangeType.ADD_NODE, state.voters());
        add(steps, ConfChangeType.ADD_LEARNER_NODE, state.learners());
        add(steps, ConfChangeType.ADD_LEARNER_NODE, state.learnersNext());
        c.enterJoint(state.autoLeave(), steps);
        return c.result();
    }

    private static void add(List<ConfChangeSingle> to, ConfChangeType type, List<Long> ids) {
        ids.forEach(id -> to.add(new ConfChangeSingle(type, id)));
    }

    private void simple(List<ConfChangeSingle> changes) {
        require(outgoing.isEmpty(), "can't apply simple config change in joint config");
        apply(changes);
        SortedSet<Long> before = tracker.voters().incoming();
        long changed =
                before.stream().filter(id -> !incoming.contains(id)).count()
                        + incoming.stream().filter(id -> !before.contains(id)).count();
        require(changed <= 1, "more than one voter changed without entering joint config");
    }

    private void enterJoint(boolean leaveByItself, List<ConfChangeSingle> changes) {
        require(outgoing.isEmpty(), "config is already joint");
        require(!incoming.isEmpty(), "can't make a zero-voter config joint");
        outgoing.addAll(incoming);
        apply(changes);
        autoLeave = leaveByItself;
    }

    private void leaveJoint() {
        require(!outgoing.isEmpty(), "can't leave a non-joint config");
        for (long id : learnersNext) {
            learners.add(id);
            existing(id).setLearner(true);
        }
        learnersNext.clear();
        progress.keySet()
                .removeIf(id ->
                        outgoing.contains(id) && !incoming.contains(id) && !learners.contains(id));
        outgoing.clear();
        autoLeave = false;
    }

    private void apply(List<ConfChangeSingle> changes) {
        for (ConfChangeSingle change : changes) {
            if (change.nodeId() == Ids.NONE) {
                continue; // the application refused it
            }
            switch (change.type()) {
                case ADD_NODE -> makeVoter(change.nodeId());
                case ADD_LEARNER_NODE -> makeLearner(change.nodeId());
                case REMOVE_NODE -> remove(change.nodeId());
                case UPDATE_NODE -> {}
            }
        }
        require(!incoming.isEmpty(), "removed all voters");
    }

    private void makeVoter(long id) {
        Progress p = progress.get(id);
        if (p == null) {
            progress.put(id, newcomer(false));
        } else {
            p.setLearner(false);
            learners.remove(id);
            learnersNext.remove(id);
        }
        incoming.add(id);
    }

    private void makeLearner(long id) {
        Progress p = progress.get(id);
        if (p == null) {
            progress.put(id, newcomer(true));
            learners.add(id);
            return;
        }
        if (p.isLearner()) {
            return;
        }
        remove(id);
        progress.put(id, p);
        if (outgoing.contains(id)) {
            // Still a voter of the old configuration: learner only once that is left.
            learnersNext.add(id);
        } else {
            p.setLearner(true);
            learners.add(id);
        }
    }

    private void remove(long id) {
        incoming.remove(id);
        learners.remove(id);
        learnersNext.remove(id);
        if (!outgoing.contains(id)) {
            progress.remove(id);
        }
    }

    /** Active at first, so that a check of the quorum doesn't fail before it was heard of. */
    private Progress newcomer(boolean learner) {
        Progress p = tracker.newProgress(0, Math.max(lastIndex, 1), learner);
        p.setRecentActive(true);
        return p;
    }

    private Progress existing(long id) {
        @Nullable Progress p = progress.get(id);
        if (p == null) {
            throw new IllegalArgumentException("no progress for " + Ids.hex(id));
        }
        return p;
    }

    private static void require(boolean holds, String message) {
        if (!holds) {
            throw new IllegalArgumentException(message);
        }
    }

    private Result result() {
        check();
        return new Result(
                new Membership(new Quorum(incoming, outgoing), learners, learnersNext, autoLeave),
                progress);
    }

    /** The invariants of a configuration; their breach is a bug or a damaged conf change. */
    private void check() {
        incoming.forEach(this::existing);
        outgoing.forEach(this::existing);
        for (long id : learnersNext) {
            require(outgoing.contains(id), Ids.hex(id) + " is in LearnersNext, but not Voters[1]");
            require(
                    !existing(id).isLearner(),
                    Ids.hex(id) + " is in LearnersNext, but is already marked as learner");
        }
        for (long id : learners) {
            require(!outgoing.contains(id), Ids.hex(id) + " is in Learners and Voters[1]");
            require(!incoming.contains(id), Ids.hex(id) + " is in Learners and Voters[0]");
            require(
                    existing(id).isLearner(),
                    Ids.hex(id) + " is in Learners, but is not marked as learner");
        }
        require(!outgoing.isEmpty() || !autoLeave, "AutoLeave must be false when not joint");
    }
}
