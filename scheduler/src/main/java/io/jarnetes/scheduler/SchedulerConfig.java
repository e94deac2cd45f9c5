package io.jarnetes.scheduler;

import io.jarnetes.kubeclient.KubeConfig;
import io.jarnetes.kubeclient.LeaderElector;
import io.jarnetes.kubeclient.ServingConfig;
import io.jarnetes.scheduler.framework.Profile;
import io.jarnetes.scheduler.plugins.DefaultPlugins;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How a scheduler runs.
 *
 * @param kubeconfig the apiserver and the credentials of {@code system:kube-scheduler}
 * @param leaderElection null to work without a Lease
 * @param serving health and metrics over HTTPS; null for none
 * @param profiles the schedulers that this one is
 * @param host names this instance in events
 */
public record SchedulerConfig(
        KubeConfig kubeconfig,
        LeaderElector.@Nullable Settings leaderElection,
        @Nullable ServingConfig serving,
        List<Profile> profiles,
        Duration firstBackoff,
        Duration lastBackoff,
        String host) {

    public SchedulerConfig {
        profiles = List.copyOf(profiles);
    }

    /**
     * Upstream's defaults.
     *
     * @param identity of the Lease's holder: {@code <host>_<uuid>}
     */
    public static SchedulerConfig of(KubeConfig kubeconfig, String identity) {
        int end = identity.indexOf('_');
        return new SchedulerConfig(
                kubeconfig,
                LeaderElector.Settings.of("kube-scheduler", identity),
                null,
                List.of(DefaultPlugins.profile()),
                Duration.ofSeconds(1),
                Duration.ofSeconds(10),
                end < 0 ? identity : identity.substring(0, end));
    }

    /** The same for one that works without a Lease. */
    public SchedulerConfig alone() {
        return new SchedulerConfig(
                kubeconfig, null, serving, profiles, firstBackoff, lastBackoff, host);
    }

    public SchedulerConfig withBackoff(Duration first, Duration last) {
        return new SchedulerConfig(
                kubeconfig, leaderElection, serving, profiles, first, last, host);
    }

    public SchedulerConfig withServing(ServingConfig other) {
        return new SchedulerConfig(
                kubeconfig, leaderElection, other, profiles, firstBackoff, lastBackoff, host);
    }
}
