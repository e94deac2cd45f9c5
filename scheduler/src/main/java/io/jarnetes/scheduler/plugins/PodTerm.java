package io.jarnetes.scheduler.plugins;

import io.jarnetes.kubeclient.Json;
import io.jarnetes.kubeclient.Selector;
import io.jarnetes.scheduler.framework.PodInfo;
import io.jarnetes.scheduler.framework.Snapshot;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * A PodAffinityTerm: which pods it means, and what counts as near them.
 *
 * @param namespaces by name
 * @param namespaceSelector by label; null for none
 */
record PodTerm(
        String topologyKey,
        Selector selector,
        List<String> namespaces,
        @Nullable Selector namespaceSelector,
        int weight) {

    private static final String REQUIRED = "requiredDuringSchedulingIgnoredDuringExecution";
    private static final String PREFERRED = "preferredDuringSchedulingIgnoredDuringExecution";

    /**
     * @param kind podAffinity or podAntiAffinity
     */
    static List<PodTerm> required(PodInfo pod, String kind) {
        JsonNode list = pod.affinity(kind).path(REQUIRED);
        if (list.isEmpty()) {
            return List.of();
        }
        List<PodTerm> terms = new ArrayList<>();
        list.forEach(term -> terms.add(of(pod, term, 0)));
        return terms;
    }

    static List<PodTerm> preferred(PodInfo pod, String kind) {
        JsonNode list = pod.affinity(kind).path(PREFERRED);
        if (list.isEmpty()) {
            return List.of();
        }
        List<PodTerm> terms = new ArrayList<>();
        list.forEach(term ->
                terms.add(of(pod, term.path("podAffinityTerm"), Json.number(0, term, "weight"))));
        return terms;
    }

    /** Without namespaces and selector the pod's own namespace is meant. */
    private static PodTerm of(PodInfo pod, JsonNode term, int weight) {
        List<String> names = Json.list(term, "namespaces");
        boolean selected = Json.present(term, "namespaceSelector");
        return new PodTerm(
                Json.text(term, "topologyKey"),
                Selector.of(term.path("labelSelector")),
                names.isEmpty() && !selected ? List.of(pod.namespace()) : names,
                selected ? Selector.of(term.path("namespaceSelector")) : null,
                weight);
    }

    boolean matches(PodInfo pod, Snapshot cluster) {
        boolean here =
                namespaces.contains(pod.namespace())
                        || namespaceSelector != null
                                && namespaceSelector.matches(
                                        cluster.namespaceLabels()
                                                .getOrDefault(pod.namespace(), Map.of()));
        return here && selector.matches(pod.labels());
    }
}
