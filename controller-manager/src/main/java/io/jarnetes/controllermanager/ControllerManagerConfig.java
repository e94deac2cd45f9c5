package io.jarnetes.controllermanager;

import io.jarnetes.controllermanager.framework.Settings;
import io.jarnetes.kubeclient.KubeConfig;
import io.jarnetes.kubeclient.LeaderElector;
import io.jarnetes.kubeclient.ServingConfig;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How a controller manager runs.
 *
 * @param kubeconfig the apiserver and the manager's own credentials
 * @param leaderElection null to work without a Lease
 * @param controllers as {@code --controllers}: names, {@code -name}, {@code *}
 * @param useServiceAccountCredentials whether each controller acts as its own service account
 * @param serving health and metrics over HTTPS; null for none
 * @param settings of single controllers
 */
public record ControllerManagerConfig(
        KubeConfig kubeconfig,
        LeaderElector.@Nullable Settings leaderElection,
        List<String> controllers,
        boolean useServiceAccountCredentials,
        @Nullable ServingConfig serving,
        Settings settings) {

    public ControllerManagerConfig {
        controllers = List.copyOf(controllers);
    }

    /**
     * Upstream's defaults, with service account credentials.
     *
     * @param identity of the Lease's holder: {@code <host>_<uuid>}
     */
    public static ControllerManagerConfig of(KubeConfig kubeconfig, String identity) {
        return new ControllerManagerConfig(
                kubeconfig,
                LeaderElector.Settings.of("kube-controller-manager", identity),
                List.of("*"),
                true,
                null,
                new Settings(
                        null,
                        null,
                        null,
                        Duration.ofDays(365),
                        null,
                        List.of(),
                        false,
                        Duration.ofSeconds(50),
                        12_500));
    }

    public ControllerManagerConfig withSettings(Settings other) {
        return new ControllerManagerConfig(
                kubeconfig,
                leaderElection,
                controllers,
                useServiceAccountCredentials,
                serving,
                other);
    }

    public ControllerManagerConfig withServing(ServingConfig other) {
        return new ControllerManagerConfig(
                kubeconfig,
                leaderElection,
                controllers,
                useServiceAccountCredentials,
                other,
                settings);
    }
}
