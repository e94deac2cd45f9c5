package io.jarnetes.etcd.server.simulation;

/**
 * Whether what clients saw is linearizable. The log is the witness: a put stands at the index of
 * its entry, a read at the index of the state that it saw. Real time must agree: what begins after
 * something has ended stands behind it.
 */
final class History {
    private long completed;
    private int puts;
    private int reads;

    /** An operation begins; what it is told is to be handed back at its end. */
    long begin() {
        return completed;
    }

    void putEnded(long floor, long index) {
        if (index <= floor) {
            throw new AssertionError(
                    "a put stands at "
                            + index
                            + ", and began after one at "
                            + floor
                            + " had ended");
        }
        completed = Math.max(completed, index);
        puts++;
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

    int puts() {
        return puts;
    }

    int reads() {
        return reads;
    }
}
