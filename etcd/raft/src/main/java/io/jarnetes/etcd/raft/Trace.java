package io.jarnetes.etcd.raft;

/**
 * Where the core says what happens to it (elections, state changes, refusals), in upstream's words.
 * Called on the thread that uses the {@link RawNode}; must not call back.
 */
public interface Trace {
    /** Listens to nothing. */
    Trace NONE =
            new Trace() {
                @Override
                public void info(String message) {}

                @Override
                public void warn(String message) {}
            };

    /** Normal events, rare enough for production logs. */
    void info(String message);

    /** Events that somebody may have to look at. */
    void warn(String message);

    /** Details of every message flow change; off unless overridden. */
    default void debug(String message) {}
}
