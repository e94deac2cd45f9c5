package io.jarnetes.etcd.server.simulation;

import java.util.Comparator;
import java.util.PriorityQueue;

/** Simulated time, in microseconds, and what happens when. */
final class Timeline {
    private record Event(long at, long number, Runnable task) {}

    private final PriorityQueue<Event> queue =
            new PriorityQueue<>(
                    Comparator.comparingLong(Event::at).thenComparingLong(Event::number));
    private long now;
    private long number;

    static long millis(long millis) {
        return millis * 1000;
    }

    long now() {
        return now;
    }

    /** Something that happens at a time, now at the earliest; ties in the order of calls. */
    void at(long time, Runnable task) {
        queue.add(new Event(Math.max(time, now), number++, task));
    }

    /** Lets the next thing happen; false if it is after {@code end} or there is none. */
    boolean runNext(long end) {
        Event next = queue.peek();
        if (next == null || next.at > end) {
            now = Math.max(now, end);
            return false;
        }
        queue.remove();
        now = next.at;
        next.task.run();
        return true;
    }
}
