package io.jarnetes.etcd.server;

import io.jarnetes.base.flags.Flag;
import io.jarnetes.base.flags.Flags;
import java.time.Duration;
import java.util.List;

/** etcd's flags. What stands in {@link #NOT_YET} is known, and refused with a sentence. */
final class EtcdFlags {
    /** Upstream's flags that are not there yet. */
    static final List<String> NOT_YET =
            List.of(
                    "discovery",
                    "discovery-srv",
                    "discovery-srv-name",
                    "discovery-token",
                    "discovery-endpoints",
                    "discovery-proxy",
                    "discovery-fallback",
                    "enable-v2v3",
                    "feature-gates",
                    "experimental-initial-corrupt-check",
                    "corrupt-check-time",
                    "experimental-corrupt-check-time",
                    "compact-hash-check-time",
                    "experimental-compact-hash-check-enabled",
                    "experimental-compact-hash-check-time",
                    "experimental-enable-lease-checkpoint",
                    "experimental-enable-lease-checkpoint-persist",
                    "experimental-stop-grpc-service-on-defrag",
                    "enable-distributed-tracing",
                    "experimental-enable-distributed-tracing",
                    "bootstrap-defrag-threshold-megabytes",
                    "experimental-bootstrap-defrag-threshold-megabytes",
                    "downgrade-check-time",
                    "experimental-downgrade-check-time",
                    "memory-mlock",
                    "experimental-memory-mlock",
                    "v2-deprecation",
                    "self-signed-cert-validity",
                    "discovery-cacert",
                    "discovery-cert",
                    "discovery-dial-timeout",
                    "discovery-insecure-skip-tls-verify",
                    "discovery-insecure-transport",
                    "discovery-keepalive-time",
                    "discovery-keepalive-timeout",
                    "discovery-key",
                    "discovery-password",
                    "discovery-request-timeout",
                    "discovery-user",
                    "distributed-tracing-address",
                    "distributed-tracing-instance-id",
                    "distributed-tracing-sampling-rate",
                    "distributed-tracing-service-name",
                    "experimental-backend-bbolt-freelist-type",
                    "experimental-distributed-tracing-address",
                    "experimental-distributed-tracing-instance-id",
                    "experimental-distributed-tracing-sampling-rate",
                    "experimental-distributed-tracing-service-name",
                    "experimental-enable-v2v3",
                    "experimental-txn-mode-write-with-shared-buffer",
                    "experimental-warning-unary-request-duration",
                    "log-package-levels",
                    "proxy",
                    "proxy-dial-timeout",
                    "proxy-failure-wait",
                    "proxy-read-timeout",
                    "proxy-refresh-interval",
                    "proxy-write-timeout",
                    "raft-read-timeout",
                    "raft-write-timeout");

    final Flags flags = new Flags(Flags.Style.GO);
    final Flag<Boolean> help = flags.bool("help", false, "Print this text.");
    final Flag<Boolean> h = flags.bool("h", false, "Print this text.");
    final Flag<Boolean> version = flags.bool("version", false, "Print the version and exit.");
    final Flag<String> configFile =
            flags.string(
                    "config-file", "", "Path to a configuration file; other flags are ignored.");
    final Flag<String> name = flags.string("name", "default", "Name of this member.");
    final Flag<String> dataDir =
            flags.string("data-dir", "", "Path to the data directory (default NAME.etcd).");
    final Flag<String> walDir = flags.string("wal-dir", "", "Path to a directory for the log.");
    final Flag<String> listenPeer =
            flags.string(
                    "listen-peer-urls",
                    "http://localhost:2380",
                    "URLs to listen on for peers.",
                    UrlFlag::check);
    final Flag<String> listenClient =
            flags.string(
                    "listen-client-urls",
                    "http://localhost:2379",
                    "URLs to listen on for clients (gRPC and HTTP).",
                    UrlFlag::check);
    final Flag<String> listenClientHttp =
            flags.string(
                    "listen-client-http-urls",
                    "",
                    "More URLs to listen on for HTTP of clients.",
                    UrlFlag::check);
    final Flag<String> listenMetrics =
            flags.string(
                    "listen-metrics-urls",
                    "",
                    "More URLs for /metrics and /health.",
                    UrlFlag::check);
    final Flag<String> advertisePeer =
            flags.string(
                    "initial-advertise-peer-urls",
                    "http://localhost:2380",
                    "URLs that this member is reached at by its peers.",
                    UrlFlag::check);
    final Flag<String> advertiseClient =
            flags.string(
                    "advertise-client-urls",
                    "http://localhost:2379",
                    "URLs that this member is reached at by clients.",
                    UrlFlag::check);
    final Flag<String> initialCluster =
            flags.string(
                    "initial-cluster",
                    "",
                    "Names and peer URLs of the first members (default NAME=advertised URL).");
    final Flag<String> initialClusterState =
            flags.string(
                    "initial-cluster-state", "new", "'new' or 'existing'.", EtcdFlags::checkState);
    final Flag<String> initialClusterToken =
            flags.string("initial-cluster-token", "etcd-cluster", "Tells clusters apart.");
    final Flag<Integer> heartbeat =
            flags.integer("heartbeat-interval", 100, "Milliseconds between heartbeats.");
    final Flag<Integer> election =
            flags.integer("election-timeout", 1000, "Milliseconds before an election.");
    final Flag<Boolean> initialElectionTickAdvance =
            flags.bool("initial-election-tick-advance", true, "Elect early at the start.");
    final Flag<Boolean> preVote = flags.bool("pre-vote", true, "Ask before raising the term.");
    final Flag<Long> snapshotCount =
            flags.longInteger("snapshot-count", 10_000, "Entries between two snapshots.");
    final Flag<Long> catchUp =
            flags.longInteger(
                    "snapshot-catchup-entries", 5_000, "Entries kept for slow followers.");
    final Flag<Long> catchUpOld =
            flags.longInteger("experimental-snapshot-catchup-entries", 5_000, "The same.");
    final Flag<Integer> maxSnapshots = flags.integer("max-snapshots", 5, "Snapshots kept.");
    final Flag<Integer> maxWals = flags.integer("max-wals", 5, "Log files kept.");
    final Flag<Long> quota =
            flags.longInteger("quota-backend-bytes", 0, "Largest database; 0 for the default.");
    final Flag<String> compactionMode =
            flags.string("auto-compaction-mode", "periodic", "'periodic' or 'revision'.");
    final Flag<String> compactionRetention =
            flags.string("auto-compaction-retention", "0", "What is kept; 0 for no compaction.");
    final Flag<Integer> compactionBatch =
            flags.integer("compaction-batch-limit", 1000, "Revisions removed at once.");
    final Flag<Integer> compactionBatchOld =
            flags.integer("experimental-compaction-batch-limit", 1000, "The same.");
    final Flag<Duration> compactionSleep =
            flags.duration(
                    "compaction-sleep-interval", Duration.ofMillis(10), "Rest between batches.");
    final Flag<Duration> compactionSleepOld =
            flags.duration(
                    "experimental-compaction-sleep-interval", Duration.ofMillis(10), "The same.");
    final Flag<Duration> batchInterval =
            flags.duration("backend-batch-interval", Duration.ZERO, "Longest wait of a commit.");
    final Flag<Integer> batchLimit =
            flags.integer("backend-batch-limit", 0, "Most changes of a commit.");
    final Flag<String> freelistType =
            flags.string("backend-bbolt-freelist-type", "map", "Taken, and without effect.");
    final Flag<String> certFile = flags.string("cert-file", "", "Certificate for clients.");
    final Flag<String> keyFile = flags.string("key-file", "", "Its key.");
    final Flag<String> trustedCa =
            flags.string("trusted-ca-file", "", "Authority that clients are verified by.");
    final Flag<Boolean> clientCertAuth =
            flags.bool("client-cert-auth", false, "Ask clients for certificates.");
    final Flag<Boolean> autoTls =
            flags.bool("auto-tls", false, "Make a certificate if none is given.");
    final Flag<String> peerCertFile = flags.string("peer-cert-file", "", "Certificate for peers.");
    final Flag<String> peerKeyFile = flags.string("peer-key-file", "", "Its key.");
    final Flag<String> peerTrustedCa =
            flags.string("peer-trusted-ca-file", "", "Authority that peers are verified by.");
    final Flag<Boolean> peerClientCertAuth =
            flags.bool("peer-client-cert-auth", false, "Ask peers for certificates.");
    final Flag<Boolean> peerAutoTls =
            flags.bool("peer-auto-tls", false, "Make a certificate if none is given.");
    final Flag<String> clientCertFile =
            flags.string("client-cert-file", "", "Certificate for dialling its own client URLs.");
    final Flag<String> clientKeyFile = flags.string("client-key-file", "", "Its key.");
    final Flag<String> clientCrlFile =
            flags.string("client-crl-file", "", "Certificates of clients that are revoked.");
    final Flag<String> clientAllowedHostname =
            flags.string(
                    "client-cert-allowed-hostname", "", "Hosts that certificates of clients name.");
    final Flag<String> peerClientCertFile =
            flags.string("peer-client-cert-file", "", "Certificate for dialling peers.");
    final Flag<String> peerClientKeyFile = flags.string("peer-client-key-file", "", "Its key.");
    final Flag<String> peerCrlFile =
            flags.string("peer-crl-file", "", "Certificates of peers that are revoked.");
    final Flag<String> peerAllowedCn =
            flags.string("peer-cert-allowed-cn", "", "Common names of peers' certificates.");
    final Flag<String> peerAllowedHostname =
            flags.string(
                    "peer-cert-allowed-hostname", "", "Hosts that certificates of peers name.");
    final Flag<Boolean> peerSkipClientSan =
            flags.bool(
                    "peer-skip-client-san-verification",
                    false,
                    "Don't ask whether peers come from hosts that their certificates name.");
    final Flag<Boolean> peerSkipClientSanOld =
            flags.bool("experimental-peer-skip-client-san-verification", false, "The same.");
    final Flag<String> cipherSuites =
            flags.string("cipher-suites", "", "Cipher suites of TLS 1.2, of clients and peers.");
    final Flag<String> tlsMinVersion =
            flags.string("tls-min-version", "TLS1.2", "TLS1.2 or TLS1.3.");
    final Flag<String> tlsMaxVersion =
            flags.string("tls-max-version", "", "TLS1.2 or TLS1.3; empty for the latest.");
    final Flag<String> authToken =
            flags.string("auth-token", "simple", "'simple' or 'jwt,pub-key=...,...'.");
    final Flag<Integer> bcryptCost = flags.integer("bcrypt-cost", 10, "Cost of passwords.");
    final Flag<Integer> authTokenTtl =
            flags.integer("auth-token-ttl", 300, "Seconds that a simple token lives.");
    final Flag<Integer> maxTxnOps =
            flags.integer("max-txn-ops", 128, "Most operations of a transaction.");
    final Flag<Integer> maxRequestBytes =
            flags.integer("max-request-bytes", 1_572_864, "Largest request.");
    final Flag<Long> maxConcurrentStreams =
            flags.longInteger(
                    "max-concurrent-streams", 4_294_967_295L, "Most streams of a connection.");
    final Flag<Integer> maxLearners = flags.integer("max-learners", 1, "Most learners.");
    final Flag<Integer> maxLearnersOld = flags.integer("experimental-max-learners", 1, "The same.");
    final Flag<Boolean> strictReconfig =
            flags.bool("strict-reconfig-check", true, "Refuse changes that cost the quorum.");
    final Flag<Boolean> forceNewCluster =
            flags.bool("force-new-cluster", false, "Make this member a cluster of one.");
    final Flag<Boolean> unsafeNoFsync =
            flags.bool("unsafe-no-fsync", false, "Never sync; data may be lost.");
    final Flag<Duration> watchProgress =
            flags.duration(
                    "watch-progress-notify-interval",
                    Duration.ofMinutes(10),
                    "Time between progress answers of watches.");
    final Flag<Duration> watchProgressOld =
            flags.duration(
                    "experimental-watch-progress-notify-interval",
                    Duration.ofMinutes(10),
                    "The same.");
    final Flag<Duration> warningApply =
            flags.duration(
                    "warning-apply-duration", Duration.ofMillis(100), "What is slow to apply.");
    final Flag<Duration> warningApplyOld =
            flags.duration(
                    "experimental-warning-apply-duration", Duration.ofMillis(100), "The same.");
    final Flag<Duration> warningUnary =
            flags.duration(
                    "warning-unary-request-duration",
                    Duration.ofMillis(300),
                    "Taken, and without effect yet.");
    final Flag<String> metrics = flags.string("metrics", "basic", "'basic' or 'extensive'.");
    final Flag<String> logger = flags.string("logger", "zap", "Only 'zap'.");
    final Flag<String> logLevel =
            flags.string("log-level", "info", "debug, info, warn, error, panic or fatal.");
    final Flag<String> logOutputs =
            flags.string("log-outputs", "default", "default, stderr, stdout or file names.");
    final Flag<String> logFormat = flags.string("log-format", "json", "Only 'json'.");
    final Flag<Boolean> enableLogRotation =
            flags.bool("enable-log-rotation", false, "Taken, and without effect yet.");
    final Flag<String> logRotation =
            flags.string("log-rotation-config-json", "", "Taken, and without effect yet.");
    final Flag<Boolean> debug = flags.bool("debug", false, "Log at level debug.");
    final Flag<Boolean> pprof =
            flags.bool("enable-pprof", false, "Taken, and without effect: use the JVM's tools.");
    final Flag<String> cors = flags.string("cors", "*", "Taken, and without effect yet.");
    final Flag<String> hostWhitelist =
            flags.string("host-whitelist", "*", "Taken, and without effect yet.");
    final Flag<Boolean> gateway =
            flags.bool("enable-grpc-gateway", true, "Taken; the gateway is not there yet.");
    final Flag<Duration> keepAliveMin =
            flags.duration("grpc-keepalive-min-time", Duration.ofSeconds(5), "Taken.");
    final Flag<Duration> keepAliveInterval =
            flags.duration("grpc-keepalive-interval", Duration.ofHours(2), "Taken.");
    final Flag<Duration> keepAliveTimeout =
            flags.duration("grpc-keepalive-timeout", Duration.ofSeconds(20), "Taken.");
    final Flag<Boolean> socketReusePort =
            flags.bool("socket-reuse-port", false, "Taken, and without effect yet.");
    final Flag<Boolean> socketReuseAddress =
            flags.bool("socket-reuse-address", false, "Taken; addresses are always reused.");
    final Flag<Boolean> enableV2 =
            flags.bool("enable-v2", false, "Taken; requests to /v2 say that they are not there.");
    final Flag<String> compatibility =
            flags.string(
                    "cluster-compatibility", "3.6", "Version of upstream to act as: 3.5 or 3.6.");

    EtcdFlags() {
        NOT_YET.forEach(name -> flags.string(name, "", "Not there yet."));
    }

    private static void checkState(String word) {
        if (!word.equals("new") && !word.equals("existing")) {
            throw new IllegalArgumentException("invalid value");
        }
    }
}
