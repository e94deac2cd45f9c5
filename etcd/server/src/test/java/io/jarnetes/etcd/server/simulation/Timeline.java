package io.jarnetes.etcd.server.simulation;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Simulated time, in microseconds, and what happens when: a binary heap by time, and by the order
 * of calls where times are equal.
 */
final class Timeline {
    private final Trace trace;
    private long[] times = new long[256];
    private long[] numbers = new long[256];
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

    /** How many things were planned so far. */
    long planned() {
        return number;
    }

    void in(long micros, Runnable task) {
        at(now + micros, task);
    }

    /** Something that happens at a time, now at the earliest; ties in the order of calls. */
    void at(long time, Runnable task) {
        if (size == times.length) {
            times = Arrays.copyOf(times, 2 * size);
            numbers = Arrays.copyOf(numbers, 2 * size);
            tasks = Arrays.copyOf(tasks, 2 * size);
        }
        rise(size++, Math.max(time, now), number++, task);
    }

    /** Lets the next thing happen; false if it is after {@code end} or there is none. */
    boolean runNext(long end) {
        if (size == 0 || times[0] > end) {
            now = Math.max(now, end);
            return false;
        }
        now = times[0];
        trace.add(now);
        Runnable task = tasks[0];
        removeFirst();
        if (task == null) {
            throw new IllegalStateException("nothing is planned at " + now);
        }
        task.run();
        return true;
    }

    private void rise(int from, long time, long order, Runnable task) {
        int at = from;
        while (at > 0) {
            int parent = (at - 1) / 2;
            if (!before(time, order, parent)) {
                break;
            }
            move(parent, at);
            at = parent;
        }
        put(at, time, order, task);
    }

    private void removeFirst() {
        size--;
        long time = times[size];
        long order = numbers[size];
        Runnable task = tasks[size];
        tasks[size] = null;
        if (size == 0 || task == null) {
            return;
        }
        int at = 0;
        while (2 * at + 1 < size) {
            int child = 2 * at + 1;
            if (child + 1 < size && before(times[child + 1], numbers[child + 1], child)) {
                child++;
            }
            if (before(time, order, child)) {
                break;
            }
            move(child, at);
            at = child;
        }
        put(at, time, order, task);
    }

    private boolean before(long time, long order, int other) {
        return time < times[other] || (time == times[other] && order < numbers[other]);
    }

    private void move(int from, int to) {
        put(to, times[from], numbers[from], tasks[from]);
    }

    private void put(int at, long time, long order, @Nullable Runnable task) {
        times[at] = time;
        numbers[at] = order;
        tasks[at] = task;
    }
}
