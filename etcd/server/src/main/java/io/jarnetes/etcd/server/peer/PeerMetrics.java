package io.jarnetes.etcd.server.peer;

/** What the transport counts: upstream's {@code etcd_network_*} metrics. Called from any thread. */
public interface PeerMetrics {
    /** Counts nothing. */
    PeerMetrics NONE = new PeerMetrics() {};

    /** {@code peer_sent_bytes_total}. */
    default void sentBytes(long to, long bytes) {}

    /** {@code peer_received_bytes_total}. */
    default void receivedBytes(long from, long bytes) {}

    /** {@code peer_sent_failures_total}. */
    default void sentFailure(long to) {}

    /** {@code peer_received_failures_total}. */
    default void receivedFailure(long from) {}

    /** {@code active_peers} goes up, or down with {@code disconnected_peers_total}. */
    default void active(long peer, boolean active) {}

    /** {@code peer_round_trip_time_seconds}. */
    default void roundTrip(long peer, double seconds) {}

    /** {@code snapshot_send_success} or {@code snapshot_send_failures}, and the seconds. */
    default void snapshotSent(long to, boolean delivered, double seconds) {}

    /** {@code snapshot_receive_success} or {@code snapshot_receive_failures}, and the seconds. */
    default void snapshotReceived(long from, boolean stored, double seconds) {}
}
