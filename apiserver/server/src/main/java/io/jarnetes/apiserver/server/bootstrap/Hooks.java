package io.jarnetes.apiserver.server.bootstrap;

import io.jarnetes.apiserver.server.health.HealthCheck;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Upstream's post-start hooks by name, in upstream's order: what has to have happened before the
 * server is ready. Hooks of parts that have nothing to do here are done from the start.
 */
public final class Hooks {

    static final String RBAC = "rbac/bootstrap-roles";
    static final String PRIORITY_CLASSES = "scheduling/bootstrap-system-priority-classes";
    static final String NAMESPACES = "start-system-namespaces-controller";
    static final String FLOW_CONTROL = "priority-and-fairness-config-producer";
    static final String KUBERNETES_SERVICE = "bootstrap-controller";
    static final String SERVICE_CIDR = "start-kubernetes-service-cidr-controller";
    static final String IDENTITY = "start-kube-apiserver-identity-lease-controller";
    static final String AUTHENTICATION = "start-cluster-authentication-info-controller";
    static final String TOKEN_TRACKING = "start-legacy-token-tracking-controller";
    static final String API_SERVICES = "kube-apiserver-autoregistration";

    /** What the informers of the deciders have to have read. */
    public static final String INFORMERS = "generic-apiserver-start-informers";

    private static final List<String> FIRST =
            List.of(
                    "start-apiserver-admission-initializer",
                    INFORMERS,
                    "priority-and-fairness-config-consumer",
                    "priority-and-fairness-filter",
                    "storage-object-count-tracker-hook",
                    "start-apiextensions-informers",
                    "start-apiextensions-controllers",
                    "crd-informer-synced",
                    NAMESPACES,
                    "peer-endpoint-reconciler-controller",
                    AUTHENTICATION,
                    IDENTITY,
                    "start-kube-apiserver-identity-lease-garbage-collector",
                    "storage-readiness",
                    TOKEN_TRACKING,
                    "start-service-ip-repair-controllers",
                    RBAC,
                    PRIORITY_CLASSES,
                    FLOW_CONTROL,
                    KUBERNETES_SERVICE,
                    SERVICE_CIDR,
                    "aggregator-reload-proxy-client-cert",
                    "start-kube-aggregator-informers",
                    "apiservice-status-local-available-controller",
                    "apiservice-status-remote-available-controller",
                    "apiservice-registration-controller",
                    "apiservice-wait-for-first-sync",
                    "apiservice-discovery-controller",
                    API_SERVICES);
    private static final List<String> LAST =
            List.of("apiservice-openapi-controller", "apiservice-openapiv3-controller");

    private final Map<String, AtomicBoolean> done = new LinkedHashMap<>();

    /**
     * @param rbac whether there is an RBAC policy to be made
     */
    public Hooks(boolean rbac) {
        FIRST.forEach(name -> done.put(name, new AtomicBoolean(true)));
        LAST.forEach(name -> done.put(name, new AtomicBoolean(true)));
        if (!rbac) {
            done.remove(RBAC);
        }
        List.of(
                        RBAC,
                        PRIORITY_CLASSES,
                        NAMESPACES,
                        FLOW_CONTROL,
                        KUBERNETES_SERVICE,
                        SERVICE_CIDR,
                        IDENTITY,
                        AUTHENTICATION,
                        TOKEN_TRACKING,
                        API_SERVICES,
                        INFORMERS)
                .forEach(name -> Optional.ofNullable(done.get(name)).ifPresent(f -> f.set(false)));
    }

    /** Marks one as done. */
    public void finish(String name) {
        AtomicBoolean flag = done.get(name);
        if (flag != null) {
            flag.set(true);
        }
    }

    boolean finished(String name) {
        AtomicBoolean flag = done.get(name);
        return flag == null || flag.get();
    }

    public boolean allFinished() {
        return done.values().stream().allMatch(AtomicBoolean::get);
    }

    /** The checks of all hooks, with {@code autoregister-completion} at its place. */
    public List<HealthCheck> checks() {
        List<HealthCheck> checks = new java.util.ArrayList<>();
        done.forEach((name, flag) -> {
            if (name.equals(LAST.getFirst())) {
                checks.add(
                        new HealthCheck(
                                "autoregister-completion",
                                () ->
                                        finished(API_SERVICES)
                                                ? Optional.empty()
                                                : Optional.of("not finished")));
            }
            checks.add(HealthCheck.flag("poststarthook/" + name, flag));
        });
        return List.copyOf(checks);
    }
}
