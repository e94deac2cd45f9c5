package io.jarnetes.etcd.server;

import io.jarnetes.base.metrics.Metrics;
import io.jarnetes.base.metrics.Metrics.Counter;
import io.jarnetes.base.metrics.Metrics.Family;
import io.jarnetes.base.metrics.Metrics.Gauge;
import io.jarnetes.base.metrics.Metrics.Histogram;
import io.jarnetes.etcd.server.peer.PeerMetrics;

/** The {@code etcd_network_*} metrics of the peer transport. */
final class NetworkMetrics implements PeerMetrics {
    private final String local;
    private final Family<Counter> sentBytes;
    private final Family<Counter> receivedBytes;
    private final Family<Counter> sentFailures;
    private final Family<Counter> receivedFailures;
    private final Family<Gauge> active;
    private final Family<Counter> disconnected;
    private final Family<Histogram> roundTrip;
    private final Family<Counter> snapshotSuccess;
    private final Family<Counter> snapshotFailures;
    private final Family<Histogram> snapshotSeconds;
    private final Family<Counter> receiveSuccess;
    private final Family<Counter> receiveFailures;
    private final Family<Histogram> receiveSeconds;

    NetworkMetrics(Metrics metrics, long local) {
        this.local = Ids.hex(local);
        double[] seconds = Metrics.exponential(0.0001, 2, 16);
        double[] snapshots = Metrics.exponential(0.1, 2, 10);
        sentBytes =
                metrics.counters(
                        "etcd_network_peer_sent_bytes_total",
                        "The total number of bytes sent to peers.",
                        "To");
        receivedBytes =
                metrics.counters(
                        "etcd_network_peer_received_bytes_total",
                        "The total number of bytes received from peers.",
                        "From");
        sentFailures =
                metrics.counters(
                        "etcd_network_peer_sent_failures_total",
                        "The total number of send failures from peers.",
                        "To");
        receivedFailures =
                metrics.counters(
                        "etcd_network_peer_received_failures_total",
                        "The total number of receive failures from peers.",
                        "From");
        active =
                metrics.gauges(
                        "etcd_network_active_peers",
                        "The current number of active peer connections.",
                        "Local",
                        "Remote");
        disconnected =
                metrics.counters(
                        "etcd_network_disconnected_peers_total",
                        "The total number of disconnected peers.",
                        "Local",
                        "Remote");
        roundTrip =
                metrics.histograms(
                        "etcd_network_peer_round_trip_time_seconds",
                        "Round-Trip-Time histogram between peers",
                        seconds,
                        "To");
        snapshotSuccess =
                metrics.counters(
                        "etcd_network_snapshot_send_success",
                        "Total number of successful snapshot sends",
                        "To");
        snapshotFailures =
                metrics.counters(
                        "etcd_network_snapshot_send_failures",
                        "Total number of snapshot send failures",
                        "To");
        snapshotSeconds =
                metrics.histograms(
                        "etcd_network_snapshot_send_total_duration_seconds",
                        "Total latency distributions of v3 snapshot sends",
                        snapshots,
                        "To");
        receiveSuccess =
                metrics.counters(
                        "etcd_network_snapshot_receive_success",
                        "Total number of successful snapshot receives",
                        "From");
        receiveFailures =
                metrics.counters(
                        "etcd_network_snapshot_receive_failures",
                        "Total number of snapshot receive failures",
                        "From");
        receiveSeconds =
                metrics.histograms(
                        "etcd_network_snapshot_receive_total_duration_seconds",
                        "Total latency distributions of v3 snapshot receives",
                        snapshots,
                        "From");
    }

    @Override
    public void sentBytes(long to, long bytes) {
        sentBytes.with(Ids.hex(to)).add(bytes);
    }

    @Override
    public void receivedBytes(long from, long bytes) {
        receivedBytes.with(Ids.hex(from)).add(bytes);
    }

    @Override
    public void sentFailure(long to) {
        sentFailures.with(Ids.hex(to)).inc();
    }

    @Override
    public void receivedFailure(long from) {
        receivedFailures.with(Ids.hex(from)).inc();
    }

    @Override
    public void active(long peer, boolean isActive) {
        Gauge gauge = active.with(local, Ids.hex(peer));
        gauge.set(isActive ? 1 : 0);
        if (!isActive) {
            disconnected.with(local, Ids.hex(peer)).inc();
        }
    }

    @Override
    public void roundTrip(long peer, double seconds) {
        roundTrip.with(Ids.hex(peer)).observe(seconds);
    }

    @Override
    public void snapshotSent(long to, boolean delivered, double seconds) {
        (delivered ? snapshotSuccess : snapshotFailures).with(Ids.hex(to)).inc();
        snapshotSeconds.with(Ids.hex(to)).observe(seconds);
    }

    @Override
    public void snapshotReceived(long from, boolean stored, double seconds) {
        (stored ? receiveSuccess : receiveFailures).with(Ids.hex(from)).inc();
        receiveSeconds.with(Ids.hex(from)).observe(seconds);
    }
}
