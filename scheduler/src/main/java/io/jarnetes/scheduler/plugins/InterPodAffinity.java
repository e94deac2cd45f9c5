package io.jarnetes.scheduler.plugins;

import io.jarnetes.scheduler.framework.FilterPlugin;
import io.jarnetes.scheduler.framework.NodeInfo;
import io.jarnetes.scheduler.framework.PodInfo;
import io.jarnetes.scheduler.framework.ScorePlugin;
import io.jarnetes.scheduler.framework.Snapshot;
import io.jarnetes.scheduler.framework.Verdict;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * spec.affinity.podAffinity and podAntiAffinity, of the pod and of those that run already.
 *
 * @param hardWeight what a required affinity of a pod that runs already counts in the score
 */
record InterPodAffinity(int hardWeight) implements FilterPlugin, ScorePlugin {

    private static final String AFFINITY = "podAffinity";
    private static final String ANTI_AFFINITY = "podAntiAffinity";
    private static final Verdict AFFINITY_NOT_MATCHED =
            Verdict.unresolvable("node(s) didn't match pod affinity rules");
    private static final Verdict ANTI_AFFINITY_NOT_MATCHED =
            Verdict.unschedulable("node(s) didn't match pod anti-affinity rules");
    private static final Verdict EXISTING_NOT_SATISFIED =
            Verdict.unschedulable("node(s) didn't satisfy existing pods anti-affinity rules");

    /** A part of the cluster: all nodes with this label. */
    private record Domain(String key, String value) {}

    @Override
    public String name() {
        return "InterPodAffinity";
    }

    @Override
    public @Nullable NodeFilter prepare(PodInfo pod, Snapshot cluster) {
        List<PodTerm> affinity = PodTerm.required(pod, AFFINITY);
        List<PodTerm> anti = PodTerm.required(pod, ANTI_AFFINITY);
        Set<Domain> forbidden = forbiddenByOthers(pod, cluster);
        if (affinity.isEmpty() && anti.isEmpty() && forbidden.isEmpty()) {
            return null;
        }
        Set<Domain> near = new HashSet<>();
        Set<Domain> far = new HashSet<>();
        for (NodeInfo node : cluster.nodes()) {
            for (PodInfo other : node.pods()) {
                if (!affinity.isEmpty()
                        && affinity.stream().allMatch(term -> term.matches(other, cluster))) {
                    affinity.forEach(term -> addDomain(near, node, term));
                }
                for (PodTerm term : anti) {
                    if (term.matches(other, cluster)) {
                        addDomain(far, node, term);
                    }
                }
            }
        }
        // The first pod of a group that wants to be together has nobody to join.
        boolean first =
                near.isEmpty() && affinity.stream().allMatch(term -> term.matches(pod, cluster));
        return node -> {
            if (!joins(node, affinity, near, first)) {
                return AFFINITY_NOT_MATCHED;
            }
            if (touches(node, far)) {
                return ANTI_AFFINITY_NOT_MATCHED;
            }
            return touches(node, forbidden) ? EXISTING_NOT_SATISFIED : Verdict.FITS;
        };
    }

    private static Set<Domain> forbiddenByOthers(PodInfo pod, Snapshot cluster) {
        Set<Domain> forbidden = new HashSet<>();
        for (NodeInfo node : cluster.nodes()) {
            for (PodInfo other : node.pods()) {
                for (PodTerm term : PodTerm.required(other, ANTI_AFFINITY)) {
                    if (term.matches(pod, cluster)) {
                        addDomain(forbidden, node, term);
                    }
                }
            }
        }
        return forbidden;
    }

    private static void addDomain(Set<Domain> to, NodeInfo node, PodTerm term) {
        String value = node.labels().get(term.topologyKey());
        if (value != null) {
            to.add(new Domain(term.topologyKey(), value));
        }
    }

    private static boolean joins(
            NodeInfo node, List<PodTerm> affinity, Set<Domain> near, boolean first) {
        for (PodTerm term : affinity) {
            String value = node.labels().get(term.topologyKey());
            if (value == null || !first && !near.contains(new Domain(term.topologyKey(), value))) {
                return false;
            }
        }
        return true;
    }

    private static boolean touches(NodeInfo node, Set<Domain> domains) {
        for (Domain domain : domains) {
            if (domain.value().equals(node.labels().get(domain.key()))) {
                return true;
            }
        }
        return false;
    }

    @Override
    public long @Nullable [] score(PodInfo pod, List<NodeInfo> nodes, Snapshot cluster) {
        Map<Domain, Long> weights = weights(pod, cluster);
        if (weights.isEmpty()) {
            return null;
        }
        long[] raw = new long[nodes.size()];
        for (int i = 0; i < raw.length; i++) {
            for (Map.Entry<Domain, Long> entry : weights.entrySet()) {
                Domain domain = entry.getKey();
                if (domain.value().equals(nodes.get(i).labels().get(domain.key()))) {
                    raw[i] += entry.getValue();
                }
            }
        }
        return stretched(raw);
    }

    private Map<Domain, Long> weights(PodInfo pod, Snapshot cluster) {
        List<PodTerm> wanted = PodTerm.preferred(pod, AFFINITY);
        List<PodTerm> unwanted = PodTerm.preferred(pod, ANTI_AFFINITY);
        Map<Domain, Long> weights = new HashMap<>();
        for (NodeInfo node : cluster.nodes()) {
            for (PodInfo other : node.pods()) {
                add(weights, node, wanted, other, cluster, 1);
                add(weights, node, unwanted, other, cluster, -1);
                add(weights, node, PodTerm.preferred(other, AFFINITY), pod, cluster, 1);
                add(weights, node, PodTerm.preferred(other, ANTI_AFFINITY), pod, cluster, -1);
                for (PodTerm term : PodTerm.required(other, AFFINITY)) {
                    if (term.matches(pod, cluster)) {
                        add(weights, node, term, hardWeight);
                    }
                }
            }
        }
        return weights;
    }

    private static void add(
            Map<Domain, Long> weights,
            NodeInfo node,
            List<PodTerm> terms,
            PodInfo target,
            Snapshot cluster,
            int sign) {
        for (PodTerm term : terms) {
            if (term.matches(target, cluster)) {
                add(weights, node, term, sign * term.weight());
            }
        }
    }

    private static void add(Map<Domain, Long> weights, NodeInfo node, PodTerm term, long weight) {
        String value = node.labels().get(term.topologyKey());
        if (value != null) {
            weights.merge(new Domain(term.topologyKey(), value), weight, Long::sum);
        }
    }

    /** The lowest becomes 0, the highest the maximum. */
    private static long[] stretched(long[] raw) {
        long least = Long.MAX_VALUE;
        long most = Long.MIN_VALUE;
        for (long value : raw) {
            least = Math.min(least, value);
            most = Math.max(most, value);
        }
        long[] scores = new long[raw.length];
        for (int i = 0; i < raw.length; i++) {
            scores[i] = most == least ? 0 : MAX_SCORE * (raw[i] - least) / (most - least);
        }
        return scores;
    }
}
