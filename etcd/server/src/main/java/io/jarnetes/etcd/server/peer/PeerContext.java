package io.jarnetes.etcd.server.peer;

import io.jarnetes.base.log.Log;
import java.time.Clock;

/** What all parts of one transport share. */
record PeerContext(
        PeerConfig config,
        PeerRaft raft,
        PeerDialer dialer,
        PeerLoops loops,
        PeerMetrics metrics,
        Clock clock,
        Log log) {

    /** This member's id as logs have it. */
    String local() {
        return PeerHeaders.hex(config.memberId());
    }
}
