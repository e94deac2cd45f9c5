package io.jarnetes.apiserver.server.registry.kinds;

import io.jarnetes.apiserver.server.registry.GroupResource;
import io.jarnetes.apiserver.server.registry.Strategy;
import io.jarnetes.apiserver.server.registry.kinds.WorkloadStrategy.Kind;
import io.jarnetes.apiserver.server.registry.networking.IngressStrategy;
import io.jarnetes.apiserver.server.registry.networking.NetworkPolicyStrategy;
import io.jarnetes.apiserver.server.registry.rules.CheckedStrategies;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Supplier;

/** Which strategy a built-in resource has; {@link Strategy#PLAIN} unless it is listed here. */
final class Strategies {

    private final Map<String, Strategy> byResource = new HashMap<>();

    /**
     * @param now the time as {@code metav1.Time} has it
     */
    Strategies(Strategy services, Supplier<String> now) {
        byResource.putAll(CheckedStrategies.all());
        byResource.put("services", services);
        byResource.put("pods", new PodStrategy());
        byResource.put("namespaces", new NamespaceStrategy());
        byResource.put("serviceaccounts", new ServiceAccountStrategy());
        byResource.put("secrets", new SecretStrategy());
        byResource.put("configmaps", new ConfigMapStrategy());
        byResource.put(
                "persistentvolumes",
                new PhaseStrategy(CheckedStrategies.volumes(), VolumePhases.born(now)));
        byResource.put(
                "persistentvolumeclaims",
                new PhaseStrategy(CheckedStrategies.claims(), PhaseStrategy::settleSources));
        byResource.put("deployments.apps", new WorkloadStrategy(Kind.DEPLOYMENT));
        byResource.put("replicasets.apps", new WorkloadStrategy(Kind.REPLICA_SET));
        byResource.put("statefulsets.apps", new WorkloadStrategy(Kind.STATEFUL_SET));
        byResource.put("daemonsets.apps", new WorkloadStrategy(Kind.DAEMON_SET));
        byResource.put("jobs.batch", new JobStrategy());
        byResource.put("cronjobs.batch", new CronJobStrategy());
        byResource.put("ingresses.networking.k8s.io", new IngressStrategy());
        byResource.put("networkpolicies.networking.k8s.io", new NetworkPolicyStrategy());
        byResource.put("certificatesigningrequests.certificates.k8s.io", new CertificateStrategy());
        byResource.put("apiservices.apiregistration.k8s.io", new ApiServiceStrategy(now));
    }

    Strategy of(GroupResource resource) {
        return byResource.getOrDefault(resource.toString(), Strategy.PLAIN);
    }
}
