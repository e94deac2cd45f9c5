package io.jarnetes.etcd.server;

import io.jarnetes.etcd.server.apply.ApplyRules;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * How a member is started; names, meanings and defaults are those of etcd's flags. Made by {@link
 * #of} and narrowed by the {@code with} methods, or from flags by {@link EtcdProgram}.
 *
 * @param walDir null for {@code member/wal} in the data directory
 * @param timing ticks and time-outs
 */
public record EtcdConfig(
        String name,
        Path dataDir,
        @Nullable Path walDir,
        Urls urls,
        Cluster cluster,
        Timing timing,
        Storage storage,
        Limits limits,
        Tls clientTls,
        Tls peerTls,
        Auth auth,
        Compatibility compatibility,
        boolean metricsExtensive) {

    /** What upstream's version this member acts as ({@code --cluster-compatibility}). */
    public enum Compatibility {
        V3_5("3.5.30", ApplyRules.V3_5),
        V3_6("3.6.14", ApplyRules.V3_6);

        private final String version;
        private final ApplyRules applyRules;

        Compatibility(String version, ApplyRules applyRules) {
            this.version = version;
            this.applyRules = applyRules;
        }

        /** How that version applies entries. */
        public ApplyRules applyRules() {
            return applyRules;
        }

        /** What version questions are answered with. */
        public String version() {
            return version;
        }

        /** The cluster version that it brings: major, minor and a zero. */
        public String clusterVersion() {
            return version.substring(0, version.lastIndexOf('.')) + ".0";
        }
    }

    /**
     * @param listenMetrics more places for {@code /metrics} and {@code /health}
     * @param listenClientHttp where HTTP is served instead of on the client URLs; empty for there
     */
    public record Urls(
            List<URI> listenPeer,
            List<URI> listenClient,
            List<URI> listenMetrics,
            List<URI> listenClientHttp,
            List<URI> advertisePeer,
            List<URI> advertiseClient) {
        public Urls {
            listenPeer = List.copyOf(listenPeer);
            listenClient = List.copyOf(listenClient);
            listenMetrics = List.copyOf(listenMetrics);
            listenClientHttp = List.copyOf(listenClientHttp);
            advertisePeer = List.copyOf(advertisePeer);
            advertiseClient = List.copyOf(advertiseClient);
        }
    }

    /**
     * @param initial names and peer URLs of the members
     * @param existing whether to join a cluster that runs, instead of starting a new one
     */
    public record Cluster(
            Map<String, List<String>> initial,
            boolean existing,
            String token,
            boolean strictReconfigCheck,
            boolean forceNew,
            int maxLearners) {
        public Cluster {
            initial = Map.copyOf(new LinkedHashMap<>(initial));
        }
    }

    /**
     * @param heartbeat one tick
     * @param election without a leader for so long a member campaigns; at least five heartbeats
     */
    public record Timing(
            Duration heartbeat,
            Duration election,
            boolean preVote,
            Duration watchProgressNotify,
            Duration warningApply) {

        public int electionTicks() {
            return (int) (election.toMillis() / heartbeat.toMillis());
        }

        /** Upstream's time-out of a request: five seconds and two elections. */
        public Duration request() {
            return Duration.ofSeconds(5).plus(election.multipliedBy(2));
        }
    }

    /**
     * @param quotaBytes 0 for the default, below 0 for none
     * @param autoCompaction null for none
     * @param compactionBatchLimit keys removed at once
     * @param maxSnapshots how many are kept; 0 for all, as with WALs
     */
    public record Storage(
            long snapshotCount,
            long snapshotCatchUpEntries,
            int maxSnapshots,
            int maxWals,
            long quotaBytes,
            @Nullable AutoCompaction autoCompaction,
            Duration batchInterval,
            int batchLimit,
            int compactionBatchLimit,
            Duration compactionSleep,
            boolean unsafeNoFsync) {}

    /** What is compacted by itself. */
    public sealed interface AutoCompaction {
        /** All that is older. */
        record Periodic(Duration retention) implements AutoCompaction {}

        /** All but so many revisions. */
        record Revisions(long retention) implements AutoCompaction {}
    }

    /** How much a client may ask for. */
    public record Limits(int maxTxnOps, int maxRequestBytes, int maxConcurrentStreams) {
        /** What a message may be longer than a request, for its envelope. */
        private static final int OVERHEAD_BYTES = 512 * 1024;

        /** How long a message to or from a client may be. */
        public int maxMessageBytes() {
            return maxRequestBytes + OVERHEAD_BYTES;
        }
    }

    /**
     * Certificates of one side; all null for plain connections.
     *
     * @param clientCertAuth whether clients must bring a certificate of {@code trustedCa}
     * @param auto a certificate is made that nobody can verify
     * @param dialling what is shown to peers that are dialled, where it isn't {@code cert}
     * @param admission who may connect, of those with a certificate of {@code trustedCa}
     * @param spoken versions and cipher suites
     */
    public record Tls(
            @Nullable Path cert,
            @Nullable Path key,
            @Nullable Path trustedCa,
            boolean clientCertAuth,
            boolean auto,
            @Nullable Dialling dialling,
            Admission admission,
            io.jarnetes.base.tls.Tls.Protocol spoken) {
        /** No certificates. */
        public static final Tls NONE =
                new Tls(
                        null,
                        null,
                        null,
                        false,
                        false,
                        null,
                        Admission.ALL,
                        io.jarnetes.base.tls.Tls.Protocol.DEFAULT);

        public static Tls of(Path cert, Path key, Path trustedCa) {
            return new Tls(
                    cert, key, trustedCa, true, false, null, NONE.admission(), NONE.spoken());
        }

        /** The same with another certificate. */
        public Tls withIdentity(Path otherCert, Path otherKey) {
            return new Tls(
                    otherCert,
                    otherKey,
                    trustedCa,
                    clientCertAuth,
                    auto,
                    dialling,
                    admission,
                    spoken);
        }

        public Tls withAdmission(Admission who) {
            return new Tls(cert, key, trustedCa, clientCertAuth, auto, dialling, who, spoken);
        }

        public boolean isEmpty() {
            return cert == null && key == null && !auto;
        }
    }

    /** A certificate, and its key. */
    public record Dialling(Path cert, Path key) {}

    /**
     * Who may connect.
     *
     * @param revoked certificates that may not, null for none
     * @param commonNames one of which the certificate's subject must have; empty for any
     * @param hostNames one of which the certificate must name; empty for any
     * @param fromAnyHost whether a peer may come from a host that its certificate doesn't name
     */
    public record Admission(
            @Nullable Path revoked,
            List<String> commonNames,
            List<String> hostNames,
            boolean fromAnyHost) {
        /** Whoever has a certificate, which is for its host if it is for any. */
        public static final Admission ALL = new Admission(null, List.of(), List.of(), false);

        public Admission {
            commonNames = List.copyOf(commonNames);
            hostNames = List.copyOf(hostNames);
        }
    }

    /**
     * @param token {@code simple}, or {@code jwt,...}
     */
    public record Auth(String token, int bcryptCost, int tokenTtlSeconds) {}

    /** A lone member with upstream's defaults, on these URLs. */
    public static EtcdConfig of(String name, Path dataDir, URI client, URI peer) {
        return new EtcdConfig(
                name,
                dataDir,
                null,
                new Urls(
                        List.of(peer),
                        List.of(client),
                        List.of(),
                        List.of(),
                        List.of(peer),
                        List.of(client)),
                new Cluster(
                        Map.of(name, List.of(peer.toString())),
                        false,
                        "etcd-cluster",
                        true,
                        false,
                        1),
                new Timing(
                        Duration.ofMillis(100),
                        Duration.ofMillis(1000),
                        true,
                        Duration.ofMinutes(10),
                        Duration.ofMillis(100)),
                new Storage(
                        10_000,
                        5_000,
                        5,
                        5,
                        0,
                        null,
                        Duration.ofMillis(100),
                        10_000,
                        1_000,
                        Duration.ofMillis(10),
                        false),
                new Limits(128, 1_572_864, Integer.MAX_VALUE),
                Tls.NONE,
                Tls.NONE,
                new Auth("simple", 10, 300),
                Compatibility.V3_6,
                false);
    }

    /** The same member in a new cluster of these names and peer URLs. */
    public EtcdConfig withInitialCluster(Map<String, List<String>> initial, String token) {
        return withCluster(clusterOf(initial, false, token));
    }

    /** The same member in a cluster that runs already. */
    public EtcdConfig withExistingCluster(Map<String, List<String>> initial, String token) {
        return withCluster(clusterOf(initial, true, token));
    }

    private Cluster clusterOf(Map<String, List<String>> initial, boolean existing, String token) {
        return new Cluster(
                initial,
                existing,
                token,
                cluster.strictReconfigCheck(),
                false,
                cluster.maxLearners());
    }

    public EtcdConfig withCluster(Cluster value) {
        return with(parts -> parts.cluster = value);
    }

    public EtcdConfig withUrls(Urls value) {
        return with(parts -> parts.urls = value);
    }

    public EtcdConfig withTls(Tls client, Tls peer) {
        return with(parts -> {
            parts.clientTls = client;
            parts.peerTls = peer;
        });
    }

    public EtcdConfig withStorage(Storage value) {
        return with(parts -> parts.storage = value);
    }

    public EtcdConfig withTiming(Timing value) {
        return with(parts -> parts.timing = value);
    }

    public EtcdConfig withCompatibility(Compatibility value) {
        return with(parts -> parts.compatibility = value);
    }

    private EtcdConfig with(Consumer<Parts> change) {
        Parts parts = new Parts(this);
        change.accept(parts);
        return parts.together();
    }

    /** What {@code with} methods change, between one config and the next. */
    private static final class Parts {
        private final EtcdConfig from;
        private Urls urls;
        private Cluster cluster;
        private Timing timing;
        private Storage storage;
        private Tls clientTls;
        private Tls peerTls;
        private Compatibility compatibility;

        private Parts(EtcdConfig from) {
            this.from = from;
            urls = from.urls;
            cluster = from.cluster;
            timing = from.timing;
            storage = from.storage;
            clientTls = from.clientTls;
            peerTls = from.peerTls;
            compatibility = from.compatibility;
        }

        private EtcdConfig together() {
            return new EtcdConfig(
                    from.name,
                    from.dataDir,
                    from.walDir,
                    urls,
                    cluster,
                    timing,
                    storage,
                    from.limits,
                    clientTls,
                    peerTls,
                    from.auth,
                    compatibility,
                    from.metricsExtensive);
        }
    }

    /** {@code member/wal}, unless another place was given. */
    public Path walPath() {
        return walDir == null ? dataDir.resolve("member").resolve("wal") : walDir;
    }

    /** {@code member/snap}. */
    public Path snapPath() {
        return dataDir.resolve("member").resolve("snap");
    }
}
