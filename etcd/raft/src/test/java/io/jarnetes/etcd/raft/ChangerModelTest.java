package io.jarnetes.etcd.raft;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * Changes of the configuration against a second model, which knows of each id only what it is, and
 * what Raft needs of any two configurations that follow each other: that no quorum of one can miss
 * a quorum of the other (thesis §4.1, §4.3).
 */
final class ChangerModelTest {
    private static final long SEED = 20260309;
    private static final int WALKS = 400;
    private static final int STEPS = 40;
    private static final int IDS = 6;

    /** What an id is: any of these, nobody if none. */
    private record Role(boolean votes, boolean voted, boolean learns, boolean willLearn) {
        static final Role NOBODY = new Role(false, false, false, false);

        boolean isMember() {
            return votes || voted || learns;
        }
    }

    /** The second model. */
    private static final class Model {
        final Map<Long, Role> roles = new TreeMap<>();
        boolean joint;
        boolean autoLeave;

        Model copy() {
            Model copy = new Model();
            copy.roles.putAll(roles);
            copy.joint = joint;
            copy.autoLeave = autoLeave;
            return copy;
        }

        Role role(long id) {
            return roles.getOrDefault(id, Role.NOBODY);
        }

        Set<Long> all(java.util.function.Predicate<Role> is) {
            Set<Long> found = new TreeSet<>();
            roles.forEach((id, role) -> {
                if (is.test(role)) {
                    found.add(id);
                }
            });
            return found;
        }

        /** The configuration after a change, null if it isn't possible. */
        @Nullable Model after(ConfChangeV2 change) {
            Model next = copy();
            if (change.leavesJoint()) {
                return joint ? next.leave() : null;
            }
            if (joint || (change.entersJoint() && all(Role::votes).isEmpty())) {
                return null;
            }
            if (change.entersJoint()) {
                next.joint = true;
                next.autoLeave = change.autoLeaves();
                next.roles.replaceAll((id, r) -> new Role(r.votes, r.votes, r.learns, r.willLearn));
            }
            change.changes().forEach(c -> next.roles.put(c.nodeId(), next.changed(c)));
            boolean simple = change.entersJoint() || differences(next) <= 1;
            return simple && !next.all(Role::votes).isEmpty() ? next : null;
        }

        private long differences(Model next) {
            return next.roles.keySet().stream()
                    .filter(id -> role(id).votes != next.role(id).votes)
                    .count();
        }

        private Role changed(ConfChangeSingle change) {
            Role r = role(change.nodeId());
            return switch (change.type()) {
                case ADD_NODE -> new Role(true, r.voted, false, false);
                case ADD_LEARNER_NODE -> {
                    // An old voter has to stay one until the joint configuration is left.
                    boolean later = r.voted && !r.learns;
                    yield new Role(false, r.voted, !later, later);
                }
                case REMOVE_NODE -> new Role(false, r.voted, false, false);
                case UPDATE_NODE -> r;
            };
        }

        private Model leave() {
            joint = false;
            autoLeave = false;
            roles.replaceAll((id, r) -> new Role(r.votes, false, r.learns || r.willLearn, false));
            return this;
        }
    }

    @Test
    void everyChangeIsTheModels() {
        Random random = new Random(SEED);
        int refused = 0;
        int joint = 0;
        for (int walk = 0; walk < WALKS; walk++) {
            ProgressTracker tracker = new ProgressTracker(4, Config.NO_LIMIT);
            Model model = new Model();
            for (int step = 0; step < STEPS; step++) {
                ConfChangeV2 change = change(random);
                String where = "seed " + SEED + " walk " + walk + " step " + step + ": " + change;
                Model next = model.after(change);
                Membership before = tracker.membership();
                if (!apply(tracker, change)) {
                    refused++;
                    assertThat(next).as(where).isNull();
                    assertThat(tracker.membership()).as(where).isEqualTo(before);
                    continue;
                }
                assertThat(next).as(where).isNotNull();
                model = next == null ? model : next;
                joint += model.joint ? 1 : 0;
                compare(tracker, model, where);
                quorumsMeet(before.voters(), tracker.voters(), where);
                restored(tracker, where);
            }
        }
        assertThat(refused).isGreaterThan(WALKS);
        assertThat(joint).isGreaterThan(WALKS);
    }

    private static boolean apply(ProgressTracker tracker, ConfChangeV2 change) {
        try {
            tracker.switchTo(Changer.change(tracker, 7, change));
            return true;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    private static ConfChangeV2 change(Random random) {
        if (random.nextInt(4) == 0) {
            return ConfChangeV2.leaveJoint();
        }
        List<ConfChangeSingle> changes = new ArrayList<>();
        int count = random.nextInt(3) == 0 ? 2 + random.nextInt(3) : 1;
        ConfChangeType[] types = ConfChangeType.values();
        for (int i = 0; i < count; i++) {
            changes.add(
                    new ConfChangeSingle(
                            types[random.nextInt(types.length)], 1L + random.nextInt(IDS)));
        }
        ConfChangeV2.Transition[] transitions = ConfChangeV2.Transition.values();
        ConfChangeV2.Transition transition =
                random.nextBoolean()
                        ? ConfChangeV2.Transition.AUTO
                        : transitions[random.nextInt(transitions.length)];
        return new ConfChangeV2(transition, changes, Entry.NO_DATA);
    }

    private static void compare(ProgressTracker tracker, Model model, String where) {
        Membership is = tracker.membership();
        assertThat(is.voters().incoming()).as(where).isEqualTo(model.all(Role::votes));
        assertThat(is.voters().outgoing()).as(where).isEqualTo(model.all(Role::voted));
        assertThat(is.learners()).as(where).isEqualTo(model.all(Role::learns));
        assertThat(is.learnersNext()).as(where).isEqualTo(model.all(Role::willLearn));
        assertThat(is.autoLeave()).as(where).isEqualTo(model.autoLeave);
        assertThat(tracker.progress().keySet()).as(where).isEqualTo(model.all(Role::isMember));
        tracker.progress()
                .forEach((id, p) ->
                        assertThat(p.isLearner())
                                .as("%s, learner %d", where, id)
                                .isEqualTo(model.role(id).learns));
    }

    /** A snapshot's configuration is the one that it was made of. */
    private static void restored(ProgressTracker tracker, String where) {
        ConfState state = tracker.membership().toConfState();
        ProgressTracker empty = new ProgressTracker(4, Config.NO_LIMIT);
        Changer.Result result = Changer.restore(empty, 7, state);
        assertThat(result.membership()).as(where).isEqualTo(tracker.membership());
        assertThat(result.progress().keySet()).as(where).isEqualTo(tracker.progress().keySet());
    }

    /** No set of members is a quorum of one while the rest is a quorum of the other. */
    private static void quorumsMeet(Quorum before, Quorum after, String where) {
        if (before.incoming().isEmpty()) {
            return;
        }
        for (int set = 0; set < 1 << IDS; set++) {
            Set<Long> some = new HashSet<>();
            Set<Long> others = new HashSet<>();
            for (long id = 1; id <= IDS; id++) {
                (((set >> (id - 1)) & 1) == 1 ? some : others).add(id);
            }
            assertThat(isQuorum(before, some) && isQuorum(after, others))
                    .as("%s: %s of %s, %s of %s", where, some, before, others, after)
                    .isFalse();
        }
    }

    private static boolean isQuorum(Quorum quorum, Set<Long> members) {
        Map<Long, Boolean> votes = new TreeMap<>();
        quorum.ids().forEach(id -> votes.put(id, members.contains(id)));
        return quorum.voteResult(votes) == VoteResult.WON;
    }
}
