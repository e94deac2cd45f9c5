package io.jarnetes.etcd.server.simulation;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Simulated time, in microseconds, and what happens when: a binary heap by time, and by the order
 * of calls where times are equal; both are in one number.
 */
final class Timeline {
    private static final int NUMBER_BITS = 30;
    private static final long MOST_NUMBERS = 1L << NUMBER_BITS;

    private final Trace trace;
    private long[] keys = new long[256];
    private @Nullable Runnable[] tasks = new Runnable[256];
    private int size;
    private long now;
    private long number;

    Timeline(Trace trace) {
        this.trace = trace;
    }

    static long millis(long millis) {
        return millis * 1000;
    }

    long now() {
        return now;
    }

    void in(long micros, Runnable task) {
        at(now + micros, task);
    }

    /** Something that happens at a time, now at the earliest; ties in the order of calls. */
    void at(long time, Runnable task) {
        if (number == MOST_NUMBERS) {
            throw new IllegalStateException("a run of more than " + MOST_NUMBERS + " steps");
        }
        if (size == keys.length) {
            keys = Arrays.copyOf(keys, 2 * size);
            tasks = Arrays.copyOf(tasks, 2 * size);
        }
        rise(size++, Math.max(time, now) << NUMBER_BITS | number++, task);
    }

    /** Lets the next thing happen; false if it is after {@code end} or there is none. */
    boolean runNext(long end) {
        if (size == 0 || keys[0] >>> NUMBER_BITS > end) {
            now = Math.max(now, end);
            return false;
        }
        now = keys[0] >>> NUMBER_BITS;
        trace.add(now);
        Runnable task = tasks[0];
        removeFirst();
        if (task == null) {
            throw new IllegalStateException("nothing is planned at " + now);
        }
        task.run();
        return true;
    }

    private void rise(int from, long key, Runnable task) {
        int at = from;
        while (at > 0) {
            int parent = (at - 1) / 2;
            if (keys[parent] < key) {
                break;
            }
            keys[at] = keys[parent];
            tasks[at] = tasks[parent];
            at = parent;
        }
        keys[at] = key;
        tasks[at] = task;
    }

    private void removeFirst() {
        size--;
        long key = keys[size];
        Runnable task = tasks[size];
        tasks[size] = null;
        if (size == 0) {
            return;
        }
        int at = 0;
        for (int child = 1; child < size; child = 2 * at + 1) {
            if (child + 1 < size && keys[child + 1] < keys[child]) {
                child++;
            }
            if (key < keys[child]) {
                break;
            }
            keys[at] = keys[child];
            tasks[at] = tasks[child];
            at = child;
        }
        keys[at] = key;
        tasks[at] = task;
    }
}
