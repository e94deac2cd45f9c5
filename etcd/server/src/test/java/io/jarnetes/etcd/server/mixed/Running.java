package io.jarnetes.etcd.server.mixed;

/** A member that was started. */
interface Running {
    /** Tells it to stop in order, and waits until it has. */
    void stop();

    /** Takes it away without warning. */
    void kill();

    boolean isAlive();

    /** Waits until it has ended by itself, and returns its exit status. */
    int awaitEnd();
}
