package io.jarnetes.launcher;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;

/**
 * What "ready" means: /readyz is ok (so etcd has a leader), {@code default} has its ServiceAccount,
 * controller-manager and scheduler hold their leases, and every simulated node is Ready.
 */
final class Readiness {

    private final ApiProbe api;
    private final Progress progress;
    private final Map<String, Check> open = new LinkedHashMap<>();

    private record Check(String detail, BooleanSupplier holds) {}

    Readiness(ApiProbe api, UpOptions options, String url, String identity, Progress progress) {
        this.api = api;
        this.progress = progress;
        open.put("kube-apiserver", new Check(url, () -> api.get("/readyz").isPresent()));
        open.put(
                "kube-controller-manager",
                new Check("holds its lease", () -> leads("kube-controller-manager", identity)));
        open.put(
                "kube-scheduler",
                new Check("holds its lease", () -> leads("kube-scheduler", identity)));
        open.put(
                "namespace default",
                new Check(
                        "has its ServiceAccount",
                        () -> exists("/api/v1/namespaces/default/serviceaccounts/default")));
        IntStream.range(0, options.nodes())
                .mapToObj(i -> "node-" + i)
                .forEach(node -> open.put(node, new Check("Ready", () -> nodeReady(node))));
    }

    /**
     * Looks at what isn't ready so far, in order, up to the first that isn't: as long as that is
     * waited for, it is of no use to ask for the others. True once everything is ready.
     */
    boolean look() {
        for (String name : open.keySet().toArray(String[]::new)) {
            if (!look(name)) {
                return false;
            }
        }
        return true;
    }

    private boolean look(String name) {
        Check check = Objects.requireNonNull(open.get(name));
        if (!check.holds().getAsBoolean()) {
            return false;
        }
        open.remove(name);
        progress.up(name, check.detail());
        return true;
    }

    /** What isn't ready, for the message when time is up. */
    String missing() {
        return String.join(", ", open.keySet());
    }

    private boolean exists(String path) {
        return api.get(path).isPresent();
    }

    private boolean leads(String name, String identity) {
        return api.get("/apis/coordination.k8s.io/v1/namespaces/kube-system/leases/" + name)
                .filter(lease -> lease.contains("\"holderIdentity\":\"" + identity + "\""))
                .isPresent();
    }

    private boolean nodeReady(String node) {
        return api.get("/api/v1/nodes/" + node).filter(body -> NodeStatus.ready(body)).isPresent();
    }
}
