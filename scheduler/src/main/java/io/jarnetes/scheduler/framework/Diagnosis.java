package io.jarnetes.scheduler.framework;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Why a pod could not be placed: the verdict of each node. Filled by one thread. */
public final class Diagnosis {

    private final Map<String, Verdict> nodes = new LinkedHashMap<>();
    private final Set<String> plugins = new LinkedHashSet<>();

    private String refusal = "";

    /** No node was asked: the pod itself can't be placed. */
    public void refuse(String plugin, String message) {
        refusal = message;
        plugins.add(plugin);
    }

    /** Whether the pod itself can't be placed. */
    public boolean refused() {
        return !refusal.isEmpty();
    }

    public void add(String node, String plugin, Verdict verdict) {
        nodes.put(node, verdict);
        plugins.add(plugin);
    }

    /** The verdicts by node. */
    public Map<String, Verdict> nodes() {
        return Collections.unmodifiableMap(nodes);
    }

    /** The plugins that refused a node. */
    public Set<String> plugins() {
        return Set.copyOf(plugins);
    }

    /** How often each reason stands, as upstream words it. */
    public String message(int allNodes) {
        String start = "0/" + allNodes + " nodes are available:";
        if (refused()) {
            return start + " " + refusal + ".";
        }
        return start
                + histogram(
                        nodes.values().stream()
                                .flatMap(verdict -> verdict.reasons().stream())
                                .toList());
    }

    /** {@code 1 Insufficient cpu, 2 node(s) were unschedulable.} with a space before it. */
    public static String histogram(List<String> reasons) {
        Map<String, Integer> counts = new HashMap<>();
        reasons.forEach(reason -> counts.merge(reason, 1, Integer::sum));
        List<String> lines = new ArrayList<>();
        counts.forEach((reason, count) -> lines.add(count + " " + reason));
        Collections.sort(lines);
        return lines.isEmpty() ? "" : " " + String.join(", ", lines) + ".";
    }
}
