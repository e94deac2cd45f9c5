package io.jarnetes.etcd.server.v3rpc;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Streams that asked to be ended when their member has been without a leader for long, so that
 * their clients go to another one.
 */
final class LeaderLosses {
    /** A stream that can be ended. */
    interface Stream {
        void leaderLost();

        boolean isOver();
    }

    /** Checks without leader before streams are ended, as upstream has it. */
    private static final int MAX_MISSES = 3;

    private final Set<Stream> streams = ConcurrentHashMap.newKeySet();
    private int misses;

    void add(Stream stream) {
        streams.add(stream);
    }

    void remove(Stream stream) {
        streams.remove(stream);
    }

    /** To be called once an election time-out, by one thread at a time. */
    void check(boolean hasLeader) {
        streams.removeIf(Stream::isOver);
        misses = hasLeader ? 0 : misses + 1;
        if (misses >= MAX_MISSES) {
            streams.forEach(Stream::leaderLost);
        }
    }
}
