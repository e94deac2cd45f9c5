package io.jarnetes.scheduler.plugins;

import io.jarnetes.kubeclient.Json;
import io.jarnetes.kubeclient.OwnerReference;
import io.jarnetes.kubeclient.Selector;
import io.jarnetes.scheduler.framework.FilterPlugin;
import io.jarnetes.scheduler.framework.NodeInfo;
import io.jarnetes.scheduler.framework.PodInfo;
import io.jarnetes.scheduler.framework.ScorePlugin;
import io.jarnetes.scheduler.framework.Snapshot;
import io.jarnetes.scheduler.framework.Toleration;
import io.jarnetes.scheduler.framework.Verdict;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * spec.topologySpreadConstraints. A pod without any is spread softly over hosts (skew 3) and zones
 * (skew 5) among the pods of the same controller, as the default constraints of upstream do.
 */
final class PodTopologySpread implements FilterPlugin, ScorePlugin {

    private static final String HOSTNAME = "kubernetes.io/hostname";
    private static final String ZONE = "topology.kubernetes.io/zone";
    private static final String NOT_MATCHED =
            "node(s) didn't match pod topology spread constraints";

    /** Pods of other controllers have no selector that upstream would take. */
    private static final Set<String> SPREAD_BY_DEFAULT =
            Set.of("ReplicationController", "ReplicaSet", "StatefulSet");

    private static final Verdict REFUSED = Verdict.unschedulable(NOT_MATCHED);
    private static final Verdict NO_LABEL =
            Verdict.unresolvable(NOT_MATCHED + " (missing required label)");

    /**
     * One constraint.
     *
     * @param counted which pods count
     * @param eligible which nodes count
     */
    private record Constraint(
            String key,
            int maxSkew,
            int minDomains,
            boolean selfMatch,
            Predicate<PodInfo> counted,
            Predicate<NodeInfo> eligible) {}

    @Override
    public String name() {
        return "PodTopologySpread";
    }

    private static List<Constraint> constraints(PodInfo pod, String when) {
        List<Constraint> all = new ArrayList<>();
        for (JsonNode tree : pod.spec().path("topologySpreadConstraints")) {
            if (Json.text(tree, "whenUnsatisfiable").equals(when)) {
                all.add(constraint(pod, tree));
            }
        }
        return all;
    }

    private static Constraint constraint(PodInfo pod, JsonNode tree) {
        Selector selector = Selector.of(tree.path("labelSelector"));
        List<String> keys = Json.list(tree, "matchLabelKeys");
        Predicate<PodInfo> counted =
                other ->
                        other.namespace().equals(pod.namespace())
                                && !other.pod().deleting()
                                && selector.matches(other.labels())
                                && sameLabels(pod, other, keys);
        boolean honorAffinity = !Json.text(tree, "nodeAffinityPolicy").equals("Ignore");
        boolean honorTaints = Json.text(tree, "nodeTaintsPolicy").equals("Honor");
        NodeFilter affinity = honorAffinity ? new NodeAffinity().prepare(pod, NO_CLUSTER) : null;
        Predicate<NodeInfo> eligible =
                node ->
                        (affinity == null || affinity.test(node).fits())
                                && (!honorTaints || tolerated(pod, node));
        return new Constraint(
                Json.text(tree, "topologyKey"),
                Json.number(1, tree, "maxSkew"),
                Json.number(1, tree, "minDomains"),
                counted.test(pod),
                counted,
                eligible);
    }

    private static final Snapshot NO_CLUSTER = new Snapshot(List.of(), Map.of());

    private static boolean sameLabels(PodInfo pod, PodInfo other, List<String> keys) {
        for (String key : keys) {
            String value = pod.labels().get(key);
            if (value != null && !value.equals(other.labels().get(key))) {
                return false;
            }
        }
        return true;
    }

    private static boolean tolerated(PodInfo pod, NodeInfo node) {
        for (Toleration.Taint taint : node.taints()) {
            if (taint.hard() && !Toleration.anyTolerates(pod.tolerations(), taint)) {
                return false;
            }
        }
        return true;
    }

    /** Pods by value of the constraint's label, over the nodes that count. */
    private static Map<String, Integer> domains(
            Constraint constraint, List<Constraint> all, List<NodeInfo> nodes) {
        Map<String, Integer> counts = new HashMap<>();
        for (NodeInfo node : nodes) {
            String domain = node.labels().get(constraint.key());
            boolean labelled =
                    all.stream().allMatch(other -> node.labels().containsKey(other.key()));
            if (domain == null || !labelled || !constraint.eligible().test(node)) {
                continue;
            }
            counts.merge(domain, count(constraint, node), Integer::sum);
        }
        return counts;
    }

    private static int count(Constraint constraint, NodeInfo node) {
        int count = 0;
        for (PodInfo pod : node.pods()) {
            if (constraint.counted().test(pod)) {
                count++;
            }
        }
        return count;
    }

    @Override
    public @Nullable NodeFilter prepare(PodInfo pod, Snapshot cluster) {
        List<Constraint> hard = constraints(pod, "DoNotSchedule");
        if (hard.isEmpty()) {
            return null;
        }
        Map<Constraint, Map<String, Integer>> counts = new HashMap<>();
        hard.forEach(one -> counts.put(one, domains(one, hard, cluster.nodes())));
        return node -> {
            for (Constraint constraint : hard) {
                Verdict verdict = test(constraint, counts.getOrDefault(constraint, Map.of()), node);
                if (!verdict.fits()) {
                    return verdict;
                }
            }
            return Verdict.FITS;
        };
    }

    private static Verdict test(Constraint constraint, Map<String, Integer> counts, NodeInfo node) {
        String domain = node.labels().get(constraint.key());
        if (domain == null) {
            return NO_LABEL;
        }
        int least = counts.values().stream().mapToInt(Integer::intValue).min().orElse(0);
        if (counts.size() < constraint.minDomains()) {
            least = 0;
        }
        int here = counts.getOrDefault(domain, 0) + (constraint.selfMatch() ? 1 : 0);
        return here - least > constraint.maxSkew() ? REFUSED : Verdict.FITS;
    }

    @Override
    public long @Nullable [] score(PodInfo pod, List<NodeInfo> nodes, Snapshot cluster) {
        boolean defaults = pod.spec().path("topologySpreadConstraints").isEmpty();
        List<Constraint> soft =
                defaults ? defaultConstraints(pod) : constraints(pod, "ScheduleAnyway");
        if (soft.isEmpty()) {
            return null;
        }
        double[] raw = new double[nodes.size()];
        Set<Integer> ignored = new HashSet<>();
        for (int i = 0; i < raw.length; i++) {
            if (!defaults && !labelled(nodes.get(i), soft)) {
                ignored.add(i);
            }
        }
        for (Constraint constraint : soft) {
            add(raw, ignored, constraint, soft, nodes, cluster, defaults);
        }
        return inverted(raw, ignored);
    }

    private static boolean labelled(NodeInfo node, List<Constraint> constraints) {
        return constraints.stream().allMatch(one -> node.labels().containsKey(one.key()));
    }

    private static void add(
            double[] raw,
            Set<Integer> ignored,
            Constraint constraint,
            List<Constraint> all,
            List<NodeInfo> nodes,
            Snapshot cluster,
            boolean defaults) {
        boolean byHost = constraint.key().equals(HOSTNAME);
        Map<String, Integer> counts =
                byHost
                        ? Map.of()
                        : domains(constraint, defaults ? List.of() : all, cluster.nodes());
        Set<String> domains = new HashSet<>();
        for (int i = 0; i < raw.length; i++) {
            if (!ignored.contains(i)) {
                domains.add(nodes.get(i).labels().getOrDefault(constraint.key(), ""));
            }
        }
        int size = byHost ? raw.length - ignored.size() : domains.size();
        double weight = Math.log(size + 2);
        for (int i = 0; i < raw.length; i++) {
            NodeInfo node = nodes.get(i);
            String domain = node.labels().get(constraint.key());
            if (domain == null || ignored.contains(i)) {
                continue;
            }
            int count = byHost ? count(constraint, node) : counts.getOrDefault(domain, 0);
            raw[i] += count * weight + (constraint.maxSkew() - 1);
        }
    }

    /** Few pods give a high score. */
    private static long[] inverted(double[] raw, Set<Integer> ignored) {
        long most = 0;
        long least = Long.MAX_VALUE;
        for (int i = 0; i < raw.length; i++) {
            if (!ignored.contains(i)) {
                most = Math.max(most, Math.round(raw[i]));
                least = Math.min(least, Math.round(raw[i]));
            }
        }
        long[] scores = new long[raw.length];
        for (int i = 0; i < raw.length; i++) {
            if (ignored.contains(i)) {
                continue;
            }
            scores[i] =
                    most == 0 ? MAX_SCORE : MAX_SCORE * (most + least - Math.round(raw[i])) / most;
        }
        return scores;
    }

    private static List<Constraint> defaultConstraints(PodInfo pod) {
        OwnerReference controller = pod.pod().controller();
        if (controller == null || !SPREAD_BY_DEFAULT.contains(controller.kind())) {
            return List.of();
        }
        Predicate<PodInfo> siblings =
                other -> !other.pod().deleting() && other.pod().controlledBy(controller.uid());
        return List.of(
                new Constraint(HOSTNAME, 3, 1, true, siblings, node -> true),
                new Constraint(ZONE, 5, 1, true, siblings, node -> true));
    }
}
