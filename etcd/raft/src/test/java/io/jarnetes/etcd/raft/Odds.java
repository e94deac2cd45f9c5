package io.jarnetes.etcd.raft;

import java.util.Random;

/**
 * How often what happens. Each seed has odds of its own: faults that hide behind other faults in an
 * even mixture show where those are rare.
 */
final class Odds {
    /** What can happen in one step, with the weight it has at most. */
    enum Event {
        DELIVER(600),
        TICK(150),
        TAKE(250),
        STORE(250),
        APPLY(150),
        PROPOSE(60),
        READ(60),
        CHANGE_MEMBERS(4),
        CRASH(8),
        COMPACT(4),
        TRANSFER(3),
        UNREACHABLE(3),
        CUT(3),
        HEAL(2);

        private final int most;

        Event(int most) {
            this.most = most;
        }
    }

    private static final Event[] EVENTS = Event.values();

    private final int[] weights = new int[EVENTS.length];
    private int total;

    Odds(Random random) {
        for (Event e : EVENTS) {
            // Often rare, sometimes not: a third of the seeds has a tenth of it.
            int most = random.nextInt(3) == 0 ? e.most / 10 : e.most;
            weights[e.ordinal()] = 1 + random.nextInt(most + 1);
            total += weights[e.ordinal()];
        }
    }

    Event draw(Random random) {
        int at = random.nextInt(total);
        for (Event e : EVENTS) {
            at -= weights[e.ordinal()];
            if (at < 0) {
                return e;
            }
        }
        throw new IllegalStateException("weights changed");
    }
}
