package io.jarnetes.etcd.server.simulation;

/**
 * Linearizability with the log as its witness, at once: a write stands at the index of its entry, a
 * read at the index of the state that it saw. What begins after something has ended stands behind
 * it. The search over the whole history, which knows of no log, comes at the end of a run.
 */
final class RealTime {
    private long completed;
    private int writes;
    private int reads;

    /** An operation begins; what it is told is to be handed back at its end. */
    long begin() {
        return completed;
    }

    void writeEnded(long floor, long index) {
        if (index <= floor) {
            throw new AssertionError(
                    "a write stands at "
                            + index
                            + ", and began after one at "
                            + floor
                            + " had ended");
        }
        completed = Math.max(completed, index);
        writes++;
    }

    void readEnded(long floor, long index) {
        if (index < floor) {
            throw new AssertionError(
                    "a read saw the state at "
                            + index
                            + ", and began after something at "
                            + floor
                            + " had ended");
        }
        completed = Math.max(completed, index);
        reads++;
    }

    /** The highest index that a client was promised. */
    long promised() {
        return completed;
    }

    int writes() {
        return writes;
    }

    int reads() {
        return reads;
    }
}
