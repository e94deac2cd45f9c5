package io.jarnetes.etcd.server.linearizability;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * The calls and ends that are not yet placed, in order of time, as a list from which an operation
 * can be taken and to which it can be put back, last taken first. At one time calls stand before
 * ends: what touches, overlaps.
 */
final class Moments {
    private static final int NONE = -1;

    private final List<Operation> operations;
    private final int from;
    private final int count;

    /** A moment below {@code count} is a call, the one at {@code count} the head, others ends. */
    private final int[] next;

    private final int[] previous;

    /**
     * @param from the first operation of this list
     * @param to where it ends
     */
    Moments(List<Operation> operations, int from, int to) {
        this.operations = operations;
        this.from = from;
        this.count = to - from;
        next = new int[2 * count + 1];
        previous = new int[2 * count + 1];
        List<Integer> sorted = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            sorted.add(i);
            if (!operations.get(from + i).isUnknown()) {
                sorted.add(count + 1 + i);
            }
        }
        sorted.sort(Comparator.comparingLong(this::time).thenComparingInt(m -> m));
        int last = count;
        for (int moment : sorted) {
            next[last] = moment;
            previous[moment] = last;
            last = moment;
        }
        next[last] = count;
        previous[count] = last;
    }

    private long time(int moment) {
        return moment < count
                ? operations.get(from + moment).call()
                : operations.get(from + moment - count - 1).end();
    }

    /** The operation that was called first; none if one has ended before, or all are taken. */
    int first() {
        return call(next[count]);
    }

    /** The next call that no end stands before. */
    int after(int operation) {
        return call(next[operation - from]);
    }

    private int call(int moment) {
        return moment < count ? from + moment : NONE;
    }

    /** When the first of these ends. */
    long firstEnd() {
        return operations.get(firstToEnd()).end();
    }

    int firstToEnd() {
        int moment = next[count];
        while (moment < count) {
            moment = next[moment];
        }
        if (moment == count) {
            throw new IllegalStateException("all are taken");
        }
        return from + moment - count - 1;
    }

    void remove(int operation) {
        unlink(operation - from);
        if (!operations.get(operation).isUnknown()) {
            unlink(operation - from + count + 1);
        }
    }

    void putBack(int operation) {
        if (!operations.get(operation).isUnknown()) {
            link(operation - from + count + 1);
        }
        link(operation - from);
    }

    private void unlink(int moment) {
        next[previous[moment]] = next[moment];
        previous[next[moment]] = previous[moment];
    }

    private void link(int moment) {
        next[previous[moment]] = moment;
        previous[next[moment]] = moment;
    }
}
