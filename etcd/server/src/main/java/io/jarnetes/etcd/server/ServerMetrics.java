package io.jarnetes.etcd.server;

import io.jarnetes.base.metrics.Metrics;
import io.jarnetes.base.metrics.Metrics.Counter;
import io.jarnetes.base.metrics.Metrics.Family;
import io.jarnetes.base.metrics.Metrics.Gauge;
import io.jarnetes.base.metrics.Metrics.Histogram;
import io.jarnetes.base.metrics.ProcessMetrics;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A member's metrics, with the names that upstream's dashboards and alerts ask for. */
public final class ServerMetrics {
    private static final double[] DISK_SECONDS = Metrics.exponential(0.001, 2, 14);
    private static final double[] HANDLING_SECONDS = {
        .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10
    };

    private static final double[] REQUEST_SECONDS = Metrics.exponential(0.0001, 2, 20);

    /** Gates that 3.6 has, with their stages; none of them is open. */
    private static final Map<String, String> FEATURES =
            Map.of(
                    "AllAlpha", "ALPHA",
                    "AllBeta", "BETA",
                    "CompactHashCheck", "ALPHA",
                    "InitialCorruptCheck", "ALPHA",
                    "LeaseCheckpoint", "ALPHA",
                    "LeaseCheckpointPersist", "ALPHA",
                    "SetMemberLocalAddr", "ALPHA",
                    "StopGRPCServiceOnDefrag", "ALPHA");

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
                    "etcd_debugging_server_lease_expired_total",
                    "The total number of expired leases.");
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
    public final Family<Counter> grpcReceived =
            registry.counters(
                    "grpc_server_msg_received_total",
                    "Total number of RPC stream messages received on the server.",
                    "grpc_method",
                    "grpc_service",
                    "grpc_type");
    public final Family<Counter> grpcSent =
            registry.counters(
                    "grpc_server_msg_sent_total",
                    "Total number of gRPC stream messages sent by the server.",
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
    final Family<Gauge> clusterVersion =
            registry.gauges(
                    "etcd_cluster_version",
                    "Which version is running. 1 for 'cluster_version' label with current cluster"
                            + " version",
                    "cluster_version");
    final Gauge authRevision =
            registry.gauge("etcd_debugging_auth_revision", "The current revision of auth store.");
    final Gauge snapshotApplying =
            registry.gauge(
                    "etcd_server_snapshot_apply_in_progress_total",
                    "1 if the server is applying the incoming snapshot. 0 if none.");
    final Counter promoteSuccesses =
            registry.counter(
                    "etcd_server_learner_promote_successes",
                    "The total number of successful learner promotions while this member is"
                            + " leader.");
    final Family<Counter> promoteFailures =
            registry.counters(
                    "etcd_server_learner_promote_failures",
                    "The total number of failed learner promotions (likely learner not ready)"
                            + " while this member is leader.",
                    "Reason");
    private final Family<Histogram> applySeconds =
            registry.histograms(
                    "etcd_server_apply_duration_seconds",
                    "The latency distributions of v2 apply called by backend.",
                    REQUEST_SECONDS,
                    "version",
                    "op",
                    "success");
    public final Family<Counter> clientRequests =
            registry.counters(
                    "etcd_server_client_requests_total",
                    "The total number of client requests per client version.",
                    "type",
                    "client_api_version");
    final Counter ranges =
            registry.counter(
                    "etcd_mvcc_range_total", "Total number of ranges seen by this member.");
    final Counter puts =
            registry.counter("etcd_mvcc_put_total", "Total number of puts seen by this member.");
    final Counter deletes =
            registry.counter(
                    "etcd_mvcc_delete_total", "Total number of deletes seen by this member.");
    final Counter txns =
            registry.counter("etcd_mvcc_txn_total", "Total number of txns seen by this member.");
    final Gauge putBytes =
            registry.gauge(
                    "etcd_debugging_mvcc_total_put_size_in_bytes",
                    "The total size of put kv pairs seen by this member.");
    public final Gauge defragging =
            registry.gauge(
                    "etcd_disk_defrag_inflight",
                    "Whether or not defrag is active on the member. 1 means active, 0 means not.");
    public final Histogram defragSeconds =
            registry.histogram(
                    "etcd_disk_backend_defrag_duration_seconds",
                    "The latency distribution of backend defragmentation.",
                    Metrics.exponential(0.1, 2, 13));
    public final Histogram hashSeconds =
            registry.histogram(
                    "etcd_mvcc_hash_duration_seconds",
                    "The latency distribution of storage hash operation.",
                    Metrics.exponential(0.01, 2, 15));
    public final Histogram hashRevSeconds =
            registry.histogram(
                    "etcd_mvcc_hash_rev_duration_seconds",
                    "The latency distribution of storage hash by revision operation.",
                    Metrics.exponential(0.01, 2, 15));
    private final boolean extensive;
    private final @Nullable Family<Histogram> rangeSeconds;
    private volatile Runnable beforeText = () -> {};

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
        if (serverVersion.startsWith("3.6")) {
            FEATURES.forEach((name, stage) -> feature(name, stage).set(0));
            // What upstream does with this one, all transactions do here.
            feature("TxnModeWriteWithSharedBuffer", "BETA").set(1);
            rangeSeconds =
                    registry.histograms(
                            "etcd_server_range_duration_seconds",
                            "The latency distributions of txn.Range",
                            REQUEST_SECONDS,
                            "success");
        } else {
            rangeSeconds = null;
        }
        registry.gauges(
                        "etcd_server_go_version",
                        "Which Go version server is running with. 1 for 'server_go_version' label"
                                + " with current version.",
                        "server_go_version")
                // The name is upstream's; what this server runs with is Java.
                .with("java" + Runtime.version().feature())
                .set(1);
    }

    private Gauge feature(String name, String stage) {
        return registry.gauges(
                        "etcd_server_feature_enabled",
                        "Whether or not a feature is enabled. 1 is enabled, 0 is not.",
                        "name",
                        "stage")
                .with(name, stage);
    }

    /** How long the request of a kind took to apply. */
    void applied(String op, boolean refused, long nanos) {
        applySeconds.with("v3", op, refused ? "false" : "true").observe(nanos / 1e9);
    }

    /** A range was read, or refused by the store. */
    public void range(boolean success, long beganNanos) {
        Family<Histogram> family = rangeSeconds;
        if (family != null) {
            family.with(Boolean.toString(success)).observeSince(beganNanos);
        }
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

    /**
     * @param work brings up to date what is told by labels
     */
    void beforeText(Runnable work) {
        beforeText = work;
    }

    /** All of them, as they are now. */
    public String text() {
        beforeText.run();
        return registry.text();
    }

    /** Where all of them are, for whoever adds more or prints them. */
    public Metrics registry() {
        return registry;
    }
}
