package io.jarnetes.etcd.server;

import io.jarnetes.base.flags.Flag;
import io.jarnetes.base.flags.GoValues;
import io.jarnetes.etcd.server.EtcdConfig.AutoCompaction;
import io.jarnetes.etcd.server.EtcdConfig.Compatibility;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** From flags to a configuration, with upstream's checks. */
final class ConfigFromFlags {
    private static final int LEAST_ELECTION_HEARTBEATS = 5;
    private static final int LONGEST_ELECTION_MILLIS = 50_000;

    private final EtcdFlags f;

    ConfigFromFlags(EtcdFlags flags) {
        f = flags;
    }

    /**
     * @throws BootException for what upstream refuses too
     */
    EtcdConfig config() {
        refuseNotYet();
        if (!f.logger.get().equals("zap")) {
            throw new BootException("unknown logger option \"" + f.logger.get() + "\"");
        }
        requireMode(f.compactionMode.get());
        String name = f.name.get();
        String dataDir = f.dataDir.get().isEmpty() ? name + ".etcd" : f.dataDir.get();
        List<URI> advertisePeer = UrlFlag.urls(f.advertisePeer.get());
        List<URI> listenClient = listened(f.listenClient);
        if (f.listenClient.changed() && !f.advertiseClient.changed()) {
            throw new BootException(
                    "--advertise-client-urls is required when --listen-client-urls is set"
                            + " explicitly");
        }
        TlsFromFlags tls = new TlsFromFlags(f);
        return new EtcdConfig(
                name,
                Path.of(dataDir),
                f.walDir.get().isEmpty() ? null : Path.of(f.walDir.get()),
                new EtcdConfig.Urls(
                        listened(f.listenPeer),
                        listenClient,
                        listened(f.listenMetrics),
                        listened(f.listenClientHttp),
                        advertisePeer,
                        UrlFlag.urls(f.advertiseClient.get())),
                cluster(name, advertisePeer),
                timing(),
                storage(),
                new EtcdConfig.Limits(
                        f.maxTxnOps.get(),
                        f.maxRequestBytes.get(),
                        (int) Math.min(Integer.MAX_VALUE, f.maxConcurrentStreams.get())),
                tls.ofClients(),
                tls.ofPeers(),
                new EtcdConfig.Auth(f.authToken.get(), f.bcryptCost.get(), f.authTokenTtl.get()),
                compatibility(),
                f.metrics.get().equals("extensive"));
    }

    /** Values that ask for nothing: given as upstream's default a flag is no error. */
    private static final Set<String> NOTHING = Set.of("", "false", "0", "off");

    private void refuseNotYet() {
        for (String name : EtcdFlags.NOT_YET) {
            Flag<?> flag = f.flags.find(name);
            String value = flag == null ? "" : String.valueOf(flag.get());
            if (!NOTHING.contains(value)) {
                throw new BootException(
                        "--"
                                + name
                                + " is not there yet in this version of Jarnetes; leave it out");
            }
        }
    }

    private Compatibility compatibility() {
        return switch (f.compatibility.get()) {
            case "3.5" -> Compatibility.V3_5;
            case "3.6" -> Compatibility.V3_6;
            default ->
                    throw new BootException(
                            "--cluster-compatibility is \""
                                    + f.compatibility.get()
                                    + "\", must be 3.5 or 3.6");
        };
    }

    private static List<URI> listened(Flag<String> flag) {
        List<URI> urls = UrlFlag.urls(flag.get());
        UrlFlag.requireAddresses(urls);
        return urls;
    }

    private EtcdConfig.Cluster cluster(String name, List<URI> advertisePeer) {
        Map<String, List<String>> initial = new LinkedHashMap<>();
        String text = f.initialCluster.get();
        if (text.isEmpty()) {
            initial.put(name, advertisePeer.stream().map(URI::toString).toList());
        } else {
            for (String pair : text.split(",", -1)) {
                int equals = pair.indexOf('=');
                String member = equals < 0 ? pair : pair.substring(0, equals);
                if (!pair.isEmpty()) {
                    initial.computeIfAbsent(member.strip(), n -> new ArrayList<>())
                            .add(memberUrl(equals < 0 ? "" : pair.substring(equals + 1)));
                }
            }
        }
        boolean existing = f.initialClusterState.get().equals("existing");
        return new EtcdConfig.Cluster(
                initial,
                existing,
                f.initialClusterToken.get(),
                f.strictReconfig.get(),
                f.forceNewCluster.get(),
                f.maxLearnersOld.changed() ? f.maxLearnersOld.get() : f.maxLearners.get());
    }

    private static String memberUrl(String word) {
        try {
            return UrlFlag.url(word).toString();
        } catch (IllegalArgumentException e) {
            throw new BootException("error setting up initial cluster: " + e.getMessage(), e);
        }
    }

    private EtcdConfig.Timing timing() {
        int heartbeat = f.heartbeat.get();
        int election = f.election.get();
        if (heartbeat <= 0 || election <= 0) {
            throw new BootException(
                    "--heartbeat-interval and --election-timeout must be >0 (set to "
                            + heartbeat
                            + "ms and "
                            + election
                            + "ms)");
        }
        if (LEAST_ELECTION_HEARTBEATS * heartbeat > election) {
            throw new BootException(
                    "--election-timeout["
                            + election
                            + "ms] should be at least as 5 times as --heartbeat-interval["
                            + heartbeat
                            + "ms]");
        }
        if (election > LONGEST_ELECTION_MILLIS) {
            throw new BootException(
                    "--election-timeout["
                            + election
                            + "ms] is too long, and should be set less"
                            + " than 50000ms");
        }
        return new EtcdConfig.Timing(
                Duration.ofMillis(heartbeat),
                Duration.ofMillis(election),
                f.preVote.get(),
                given(f.watchProgressOld, f.watchProgress),
                given(f.warningApplyOld, f.warningApply));
    }

    private static <T> T given(Flag<T> old, Flag<T> now) {
        return old.changed() ? old.get() : now.get();
    }

    private EtcdConfig.Storage storage() {
        Duration interval = f.batchInterval.get();
        return new EtcdConfig.Storage(
                f.snapshotCount.get(),
                given(f.catchUpOld, f.catchUp),
                f.maxSnapshots.get(),
                f.maxWals.get(),
                f.quota.get(),
                autoCompaction(),
                interval.isZero() ? Duration.ofMillis(100) : interval,
                f.batchLimit.get() == 0 ? 10_000 : f.batchLimit.get(),
                given(f.compactionBatchOld, f.compactionBatch),
                given(f.compactionSleepOld, f.compactionSleep),
                f.unsafeNoFsync.get());
    }

    private @Nullable AutoCompaction autoCompaction() {
        String retention = f.compactionRetention.get();
        if (retention.equals("0") || retention.isEmpty()) {
            return null;
        }
        return switch (f.compactionMode.get()) {
            case "revision" -> new AutoCompaction.Revisions(number(retention));
            case "periodic", "" ->
                    new AutoCompaction.Periodic(
                            // A bare number is hours.
                            retention.chars().allMatch(Character::isDigit)
                                    ? Duration.ofHours(number(retention))
                                    : duration(retention));
            default -> throw new IllegalStateException("a mode that was let through");
        };
    }

    private static void requireMode(String mode) {
        if (!Set.of("", "periodic", "revision").contains(mode)) {
            throw new BootException("unknown auto-compaction-mode \"" + mode + "\"");
        }
    }

    private static long number(String retention) {
        try {
            return Long.parseLong(retention);
        } catch (NumberFormatException e) {
            throw new BootException(
                    "error parsing CompactionRetention: strconv.Atoi: parsing \""
                            + retention
                            + "\": invalid syntax",
                    e);
        }
    }

    private static Duration duration(String retention) {
        try {
            return GoValues.duration(retention);
        } catch (IllegalArgumentException e) {
            throw new BootException("error parsing CompactionRetention: " + e.getMessage(), e);
        }
    }
}
