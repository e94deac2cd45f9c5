package io.jarnetes.etcd.server;

import io.jarnetes.base.log.Log;
import io.jarnetes.etcd.raft.Trace;

/** The core's words, on the member's log. */
record RaftTrace(Log log) implements Trace {
    @Override
    public void info(String message) {
        log.info(message);
    }

    @Override
    public void warn(String message) {
        log.warn(message);
    }

    @Override
    public void debug(String message) {
        log.debug(message);
    }
}
