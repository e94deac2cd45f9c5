package io.jarnetes.scheduler.plugins;

import io.jarnetes.kubeclient.Json;
import io.jarnetes.kubeclient.Selector;
import io.jarnetes.scheduler.framework.FilterPlugin;
import io.jarnetes.scheduler.framework.NodeInfo;
import io.jarnetes.scheduler.framework.PodInfo;
import io.jarnetes.scheduler.framework.ScorePlugin;
import io.jarnetes.scheduler.framework.Snapshot;
import io.jarnetes.scheduler.framework.Verdict;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** spec.nodeSelector and spec.affinity.nodeAffinity. */
final class NodeAffinity implements FilterPlugin, ScorePlugin {

    private static final Verdict REFUSED =
            Verdict.unresolvable("node(s) didn't match Pod's node affinity/selector");
    private static final Verdict NOT_NAMED =
            Verdict.unresolvable("node(s) didn't satisfy plugin(s) [NodeAffinity]");

    @Override
    public String name() {
        return "NodeAffinity";
    }

    @Override
    public @Nullable NodeFilter prepare(PodInfo pod, Snapshot cluster) {
        JsonNode selector = pod.spec().path("nodeSelector");
        JsonNode required =
                pod.affinity("nodeAffinity").path("requiredDuringSchedulingIgnoredDuringExecution");
        if (selector.isEmpty() && required.isMissingNode()) {
            return null;
        }
        Selector labels = Selector.ofLabels(selector);
        Set<String> named = named(required.path("nodeSelectorTerms"));
        return node -> {
            if (named != null && !named.contains(node.name())) {
                return NOT_NAMED;
            }
            boolean fits =
                    labels.matches(node.labels())
                            && (required.isMissingNode() || anyTerm(required, node));
            return fits ? Verdict.FITS : REFUSED;
        };
    }

    /** The nodes that the terms name by metadata.name; null if a term leaves others open. */
    private static @Nullable Set<String> named(JsonNode terms) {
        Set<String> names = new HashSet<>();
        for (JsonNode term : terms) {
            boolean named = false;
            for (JsonNode field : term.path("matchFields")) {
                if (Json.text(field, "key").equals("metadata.name")
                        && Json.text(field, "operator").equals("In")) {
                    names.addAll(Json.list(field, "values"));
                    named = true;
                }
            }
            if (!named) {
                return null;
            }
        }
        return names.isEmpty() ? null : names;
    }

    private static boolean anyTerm(JsonNode required, NodeInfo node) {
        for (JsonNode term : required.path("nodeSelectorTerms")) {
            if (term(term, node)) {
                return true;
            }
        }
        return false;
    }

    /** A term without any requirement matches nothing. */
    static boolean term(JsonNode term, NodeInfo node) {
        JsonNode expressions = term.path("matchExpressions");
        JsonNode fields = term.path("matchFields");
        if (expressions.isEmpty() && fields.isEmpty()) {
            return false;
        }
        for (JsonNode expression : expressions) {
            if (!Selector.requirement(expression).matches(node.labels())) {
                return false;
            }
        }
        for (JsonNode field : fields) {
            if (!Selector.requirement(field).matches(Map.of("metadata.name", node.name()))) {
                return false;
            }
        }
        return true;
    }

    @Override
    public long @Nullable [] score(PodInfo pod, List<NodeInfo> nodes, Snapshot cluster) {
        JsonNode preferred =
                pod.affinity("nodeAffinity")
                        .path("preferredDuringSchedulingIgnoredDuringExecution");
        if (preferred.isEmpty()) {
            return null;
        }
        long[] scores = new long[nodes.size()];
        for (int i = 0; i < scores.length; i++) {
            for (JsonNode term : preferred) {
                if (term(term.path("preference"), nodes.get(i))) {
                    scores[i] += Json.number(0, term, "weight");
                }
            }
        }
        return ScorePlugin.normalized(scores, false);
    }
}
