package io.jarnetes.controllermanager;

import io.jarnetes.base.Invocation;
import io.jarnetes.base.Program;
import io.jarnetes.base.flags.Flag;
import io.jarnetes.base.flags.Flags;
import io.jarnetes.base.log.Log;
import io.jarnetes.controllermanager.framework.Settings;
import io.jarnetes.kubeclient.ComponentFlags;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/** The program {@code kube-controller-manager}, with upstream's flags and exit statuses. */
public final class KubeControllerManager implements Program {

    private static final String NAME = "kube-controller-manager";
    private static final int SECURE_PORT = 10257;

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public int run(Invocation invocation) throws Exception {
        Options options = new Options();
        Optional<Integer> end = options.common.parse(invocation);
        if (end.isPresent()) {
            return end.get();
        }
        Log log = options.common.log(invocation);
        try {
            Set<String> unknown = Catalog.unknown(options.controllers.get());
            if (!unknown.isEmpty()) {
                throw new IOException(
                        "\""
                                + unknown.iterator().next()
                                + "\" is not in the list of known controllers");
            }
            return run(options.config(), log, invocation.stop());
        } catch (IOException e) {
            log.error("command failed", "err", e.getMessage());
            return 1;
        }
    }

    /** 1 when the Lease is lost, 0 when it was told to stop. */
    private static int run(ControllerManagerConfig config, Log log, CompletableFuture<Void> stop)
            throws IOException {
        try (ControllerManager manager = ControllerManager.start(config, log)) {
            CompletableFuture.anyOf(manager.lost(), stop).join();
            return manager.lost().isDone() ? 1 : 0;
        }
    }

    /** The flags. */
    static final class Options {

        final ComponentFlags common = new ComponentFlags(NAME, SECURE_PORT);
        private final Flags flags = common.flags();
        final Flag<List<String>> controllers =
                flags.strings("controllers", List.of("*"), "A list of controllers to enable");
        private final Flag<Boolean> credentials =
                flags.bool(
                        "use-service-account-credentials",
                        false,
                        "Each controller acts as its own service account");
        private final Flag<String> rootCa = file("root-ca-file");
        private final Flag<String> serviceAccountKey = file("service-account-private-key-file");
        private final Flag<String> signingCertificate = file("cluster-signing-cert-file");
        private final Flag<String> signingKey = file("cluster-signing-key-file");
        private final Flag<Duration> signingDuration =
                flags.duration(
                        "cluster-signing-duration",
                        Duration.ofDays(365),
                        "The max length of duration signed certificates will be given");
        private final Flag<String> clusterCidr =
                flags.string("cluster-cidr", "", "CIDR Range for Pods in cluster");
        private final Flag<Boolean> allocate =
                flags.bool("allocate-node-cidrs", false, "Should CIDRs for Pods be allocated");
        private final Flag<Duration> grace =
                flags.duration(
                        "node-monitor-grace-period",
                        Duration.ofSeconds(50),
                        "How long a node may be silent");
        private final Flag<Integer> terminated =
                flags.integer(
                        "terminated-pod-gc-threshold", 12_500, "Number of terminated pods to keep");

        Options() {
            common.ignoreStrings(
                    "leader-migration-config",
                    "cidr-allocator-type",
                    "cloud-config",
                    "cloud-provider",
                    "cluster-name",
                    "controller-shutdown-timeout",
                    "controller-start-interval",
                    "external-cloud-volume-plugin",
                    "min-resync-period",
                    "node-monitor-period",
                    "route-reconciliation-period",
                    "attach-detach-reconcile-sync-period",
                    "cluster-signing-kube-apiserver-client-cert-file",
                    "cluster-signing-kube-apiserver-client-key-file",
                    "cluster-signing-kubelet-client-cert-file",
                    "cluster-signing-kubelet-client-key-file",
                    "cluster-signing-kubelet-serving-cert-file",
                    "cluster-signing-kubelet-serving-key-file",
                    "cluster-signing-legacy-unknown-cert-file",
                    "cluster-signing-legacy-unknown-key-file",
                    "endpoint-updates-batch-period",
                    "endpointslice-updates-batch-period",
                    "max-endpoints-per-slice",
                    "mirroring-endpointslice-updates-batch-period",
                    "mirroring-max-endpoints-per-subset",
                    "horizontal-pod-autoscaler-cpu-initialization-period",
                    "horizontal-pod-autoscaler-downscale-stabilization",
                    "horizontal-pod-autoscaler-initial-readiness-delay",
                    "horizontal-pod-autoscaler-sync-period",
                    "horizontal-pod-autoscaler-tolerance",
                    "legacy-service-account-token-clean-up-period",
                    "namespace-sync-period",
                    "node-cidr-mask-size",
                    "node-cidr-mask-size-ipv4",
                    "node-cidr-mask-size-ipv6",
                    "service-cluster-ip-range",
                    "large-cluster-size-threshold",
                    "node-eviction-rate",
                    "node-startup-grace-period",
                    "secondary-node-eviction-rate",
                    "unhealthy-zone-threshold",
                    "flex-volume-plugin-dir",
                    "pv-recycler-increment-timeout-nfs",
                    "pv-recycler-minimum-timeout-hostpath",
                    "pv-recycler-minimum-timeout-nfs",
                    "pv-recycler-pod-template-filepath-hostpath",
                    "pv-recycler-pod-template-filepath-nfs",
                    "pv-recycler-timeout-increment-hostpath",
                    "pvclaimbinder-sync-period",
                    "resource-quota-sync-period");
            common.ignoreStrings(
                    "concurrent-service-syncs",
                    "concurrent-deployment-syncs",
                    "concurrent-device-taint-eviction-syncs",
                    "concurrent-resourceclaim-syncs",
                    "concurrent-statefulset-syncs",
                    "concurrent-daemonset-syncs",
                    "concurrent-endpoint-syncs",
                    "concurrent-service-endpoint-syncs",
                    "mirroring-concurrent-service-endpoint-syncs",
                    "concurrent-ephemeralvolume-syncs",
                    "concurrent-gc-syncs",
                    "concurrent-horizontal-pod-autoscaler-syncs",
                    "concurrent-job-syncs",
                    "concurrent-cron-job-syncs",
                    "concurrent-namespace-syncs",
                    "concurrent-replicaset-syncs",
                    "concurrent-rc-syncs",
                    "concurrent-resource-quota-syncs",
                    "concurrent-serviceaccount-token-syncs",
                    "concurrent-ttl-after-finished-syncs",
                    "concurrent-validating-admission-policy-status-syncs");
            common.ignoreBooleans(
                    "enable-leader-migration",
                    "configure-cloud-routes",
                    "disable-attach-detach-reconcile-sync",
                    "disable-force-detach-on-timeout",
                    "enable-garbage-collector",
                    "enable-dynamic-provisioning",
                    "enable-hostpath-provisioner",
                    "unsupported-kube-api-over-localhost");
        }

        private Flag<String> file(String name) {
            return flags.string(name, "", "Filename containing PEM");
        }

        ControllerManagerConfig config() throws IOException {
            return new ControllerManagerConfig(
                    common.kubeConfig(""),
                    common.leaderElection(Map.of()),
                    controllers.get(),
                    credentials.get(),
                    common.serving(),
                    new Settings(
                            ComponentFlags.readOptional(rootCa.get()),
                            ComponentFlags.readOptional(signingCertificate.get()),
                            ComponentFlags.readOptional(signingKey.get()),
                            signingDuration.get(),
                            ComponentFlags.readOptional(serviceAccountKey.get()),
                            clusterCidr.get().isEmpty()
                                    ? List.of()
                                    : List.of(clusterCidr.get().split(",")),
                            allocate.get(),
                            grace.get(),
                            terminated.get()));
        }
    }
}
