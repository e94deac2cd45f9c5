package io.jarnetes.etcd.server.peer;

import io.jarnetes.base.log.Log;
import java.time.Clock;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Whether a peer is reachable, as the last thing that was tried says. */
final class PeerStatus {
    private final long id;
    private final Log log;
    private final Clock clock;
    private final PeerMetrics metrics;
    private final PeerRaft raft;
    private @Nullable Instant since;

    PeerStatus(long id, Log log, Clock clock, PeerMetrics metrics, PeerRaft raft) {
        this.id = id;
        this.log = log;
        this.clock = clock;
        this.metrics = metrics;
        this.raft = raft;
    }

    void activate() {
        synchronized (this) {
            if (since != null) {
                return;
            }
            since = clock.instant();
        }
        log.info("peer became active", "peer-id", PeerHeaders.hex(id));
        metrics.active(id, true);
        raft.peerActive(id);
    }

    /**
     * Something failed.
     *
     * @param action dial, read, write or heartbeat
     * @param source which stream or request
     */
    void deactivate(String action, String source, String reason) {
        String error =
                "failed to "
                        + action
                        + " "
                        + PeerHeaders.hex(id)
                        + " on "
                        + source
                        + " ("
                        + reason
                        + ")";
        synchronized (this) {
            if (since == null) {
                log.debug("peer deactivated again", "peer-id", PeerHeaders.hex(id), "error", error);
                return;
            }
            since = null;
        }
        log.warn(
                "peer became inactive (message send to peer failed)",
                "peer-id",
                PeerHeaders.hex(id),
                "error",
                error);
        metrics.active(id, false);
    }

    synchronized @Nullable Instant activeSince() {
        return since;
    }
}
