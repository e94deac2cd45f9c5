package io.jarnetes.etcd.server;

import io.jarnetes.base.metrics.Metrics;
import io.jarnetes.base.metrics.Metrics.Counter;
import io.jarnetes.base.metrics.Metrics.Family;
import io.jarnetes.base.metrics.Metrics.Gauge;
import io.jarnetes.base.metrics.Metrics.Histogram;
import io.jarnetes.base.metrics.ProcessMetrics;

/** A member's metrics, with the names that upstream's dashboards and alerts ask for. */
public final class ServerMetrics {
    private static final double[] DISK_SECONDS = Metrics.exponential(0.001, 2, 14);
    private static final double[] HANDLING_SECONDS = {
        .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10
    };

    final Metrics registry = new Metrics();
    final Gauge hasLeader =
            registry.gauge(
                    "etcd_server_has_leader",
                    "Whether or not a leader exists. 1 is existence, 0 is not.");
    final Gauge isLeader =
            registry.gauge(
                    "etcd_server_is_leader",
                    "Whether or not this member is a leader. 1 if is, 0 otherwise.");
    final Gauge isLearner =
            registry.gauge(
                    "etcd_server_is_learner",
                    "Whether or not this member is a learner. 1 if is, 0 otherwise.");
    final Counter leaderChanges =
            registry.counter(
                    "etcd_server_leader_changes_seen_total", "The number of leader changes seen.");
    final Counter heartbeatSendFailures =
            registry.counter(
                    "etcd_server_heartbeat_send_failures_total",
                    "The total number of leader heartbeat send failures (likely overloaded from"
                            + " slow disk).");
    final Counter slowApplies =
            registry.counter(
                    "etcd_server_slow_apply_total",
                    "The total number of slow apply requests (likely overloaded from slow disk).");
    final Counter slowReadIndexes =
            registry.counter(
                    "etcd_server_slow_read_indexes_total",
                    "The total number of pending read indexes not in sync with leader's or timed"
                            + " out read index requests.");
    final Counter readIndexFailures =
            registry.counter(
                    "etcd_server_read_indexes_failed_total",
                    "The total number of failed read indexes seen.");
    final Gauge proposalsCommitted =
            registry.gauge(
                    "etcd_server_proposals_committed_total",
                    "The total number of consensus proposals committed.");
    final Gauge proposalsApplied =
            registry.gauge(
                    "etcd_server_proposals_applied_total",
                    "The total number of consensus proposals applied.");
    final Gauge proposalsPending =
            registry.gauge(
                    "etcd_server_proposals_pending",
                    "The current number of pending proposals to commit.");
    final Counter proposalsFailed =
            registry.counter(
                    "etcd_server_proposals_failed_total",
                    "The total number of failed proposals seen.");
    final Counter leaseExpired =
            registry.counter(
                    "etcd_server_lease_expired_total", "The total number of expired leases.");
    final Gauge quotaBytes =
            registry.gauge(
                    "etcd_server_quota_backend_bytes",
                    "Current backend storage quota size in bytes.");
    final Gauge dbTotalBytes =
            registry.gauge(
                    "etcd_mvcc_db_total_size_in_bytes",
                    "Total size of the underlying database physically allocated in bytes.");
    final Gauge dbInUseBytes =
            registry.gauge(
                    "etcd_mvcc_db_total_size_in_use_in_bytes",
                    "Total size of the underlying database logically in use in bytes.");
    final Histogram walFsync =
            registry.histogram(
                    "etcd_disk_wal_fsync_duration_seconds",
                    "The latency distributions of fsync called by WAL.",
                    DISK_SECONDS);
    final Histogram backendCommit =
            registry.histogram(
                    "etcd_disk_backend_commit_duration_seconds",
                    "The latency distributions of commit called by backend.",
                    DISK_SECONDS);
    final Gauge watchers =
            registry.gauge("etcd_debugging_mvcc_watcher_total", "Total number of watchers.");
    final Gauge slowWatchers =
            registry.gauge(
                    "etcd_debugging_mvcc_slow_watcher_total",
                    "Total number of unsynced slow watchers.");
    final Gauge keys = registry.gauge("etcd_debugging_mvcc_keys_total", "Total number of keys.");
    final Gauge currentRevision =
            registry.gauge(
                    "etcd_debugging_mvcc_current_revision", "The current revision of store.");
    final Gauge compactRevision =
            registry.gauge(
                    "etcd_debugging_mvcc_compact_revision",
                    "The revision of the last compaction in store.");
    public final Counter clientReceivedBytes =
            registry.counter(
                    "etcd_network_client_grpc_received_bytes_total",
                    "The total number of bytes received from grpc clients.");
    public final Counter clientSentBytes =
            registry.counter(
                    "etcd_network_client_grpc_sent_bytes_total",
                    "The total number of bytes sent to grpc clients.");
    public final Family<Counter> grpcStarted =
            registry.counters(
                    "grpc_server_started_total",
                    "Total number of RPCs started on the server.",
                    "grpc_method",
                    "grpc_service",
                    "grpc_type");
    public final Family<Counter> grpcHandled =
            registry.counters(
                    "grpc_server_handled_total",
                    "Total number of RPCs completed on the server, regardless of success or"
                            + " failure.",
                    "grpc_code",
                    "grpc_method",
                    "grpc_service",
                    "grpc_type");
    private final boolean extensive;

    /**
     * @param extensive whether latencies of calls are measured too ({@code --metrics=extensive})
     */
    ServerMetrics(boolean extensive, String serverVersion, String memberId) {
        this.extensive = extensive;
        ProcessMetrics.register(registry);
        registry.gauges(
                        "etcd_server_version",
                        "Which version is running. 1 for 'server_version' label with current"
                                + " version.",
                        "server_version")
                .with(serverVersion)
                .set(1);
        registry.gauges(
                        "etcd_server_id",
                        "Server or member ID in hexadecimal format. 1 for 'server_id' label with"
                                + " current ID.",
                        "server_id")
                .with(memberId)
                .set(1);
    }

    /** Null unless metrics are extensive. */
    public Histogram grpcHandling(String method, String service, String type) {
        return registry.histograms(
                        "grpc_server_handling_seconds",
                        "Histogram of response latency (seconds) of gRPC that had been"
                                + " application-level handled by the server.",
                        HANDLING_SECONDS,
                        "grpc_method",
                        "grpc_service",
                        "grpc_type")
                .with(method, service, type);
    }

    public boolean extensive() {
        return extensive;
    }

    /** Where all of them are, for whoever adds more or prints them. */
    public Metrics registry() {
        return registry;
    }
}
