package io.jarnetes.scheduler.plugins;

import io.jarnetes.kubeclient.Json;
import io.jarnetes.kubeclient.Quantity;
import io.jarnetes.scheduler.framework.NodeInfo;
import io.jarnetes.scheduler.framework.PodInfo;
import io.jarnetes.scheduler.framework.Snapshot;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;

/**
 * What each filter says, written a second time: from the objects alone, one node at a time, counted
 * anew for each question, and as the API's documentation words it.
 */
final class FilterModel {

    private final PodInfo pod;
    private final Snapshot cluster;

    FilterModel(PodInfo pod, Snapshot cluster) {
        this.pod = pod;
        this.cluster = cluster;
    }

    private JsonNode spec() {
        return pod.pod().at("spec");
    }

    /** By plugin whether the node fits. */
    Map<String, Boolean> fits(NodeInfo node) {
        Map<String, Boolean> fits = new LinkedHashMap<>();
        fits.put("NodeUnschedulable", !node.node().flag("spec", "unschedulable") || escapes());
        fits.put("TaintToleration", untolerated(node, List.of("NoSchedule", "NoExecute")) == 0);
        fits.put("NodeAffinity", selected(node));
        fits.put("NodePorts", portsFree(node));
        fits.put("NodeResourcesFit", room(node));
        fits.put("PodTopologySpread", spread(node));
        fits.put("InterPodAffinity", together(node) && apart(node));
        return fits;
    }

    private boolean escapes() {
        return tolerated("node.kubernetes.io/unschedulable", "", "NoSchedule");
    }

    private boolean tolerated(String key, String value, String effect) {
        for (JsonNode toleration : spec().path("tolerations")) {
            String wanted = Json.text(toleration, "key");
            String on = Json.text(toleration, "effect");
            boolean exists = Json.text(toleration, "operator").equals("Exists");
            if ((wanted.isEmpty() || wanted.equals(key))
                    && (on.isEmpty() || on.equals(effect))
                    && (exists || Json.text(toleration, "value").equals(value))) {
                return true;
            }
        }
        return false;
    }

    /** How many taints with one of these effects the pod does not tolerate. */
    int untolerated(NodeInfo node, List<String> effects) {
        int count = 0;
        for (JsonNode taint : node.node().at("spec", "taints")) {
            String effect = Json.text(taint, "effect");
            if (effects.contains(effect)
                    && !tolerated(Json.text(taint, "key"), Json.text(taint, "value"), effect)) {
                count++;
            }
        }
        return count;
    }

    private boolean selected(NodeInfo node) {
        for (var entry : Json.strings(spec().path("nodeSelector")).entrySet()) {
            if (!entry.getValue().equals(node.node().labels().get(entry.getKey()))) {
                return false;
            }
        }
        JsonNode terms =
                Json.at(
                        spec(),
                        "affinity",
                        "nodeAffinity",
                        "requiredDuringSchedulingIgnoredDuringExecution",
                        "nodeSelectorTerms");
        if (terms.isMissingNode()) {
            return true;
        }
        for (JsonNode term : terms) {
            if (matches(term, node)) {
                return true;
            }
        }
        return false;
    }

    static boolean matches(JsonNode term, NodeInfo node) {
        for (JsonNode expression : term.path("matchExpressions")) {
            String value = node.node().labels().get(Json.text(expression, "key"));
            List<String> values = Json.list(expression, "values");
            boolean fits =
                    switch (Json.text(expression, "operator")) {
                        case "In" -> value != null && values.contains(value);
                        case "NotIn" -> value == null || !values.contains(value);
                        case "Exists" -> value != null;
                        case "DoesNotExist" -> value == null;
                        case "Gt" ->
                                value != null
                                        && Long.parseLong(value)
                                                > Long.parseLong(values.getFirst());
                        default ->
                                value != null
                                        && Long.parseLong(value)
                                                < Long.parseLong(values.getFirst());
                    };
            if (!fits) {
                return false;
            }
        }
        return true;
    }

    private record Port(String protocol, String ip, int number) {}

    private static List<Port> ports(PodInfo pod) {
        List<Port> ports = new ArrayList<>();
        for (JsonNode container : pod.pod().at("spec", "containers")) {
            for (JsonNode port : container.path("ports")) {
                ports.add(
                        new Port(
                                Json.text(port, "protocol"),
                                Json.text(port, "hostIP"),
                                Json.number(0, port, "hostPort")));
            }
        }
        return ports;
    }

    private boolean portsFree(NodeInfo node) {
        for (PodInfo other : node.pods()) {
            for (Port taken : ports(other)) {
                for (Port wanted : ports(pod)) {
                    boolean same =
                            wanted.number() == taken.number()
                                    && wanted.protocol().equals(taken.protocol());
                    boolean everywhere = wanted.ip().isEmpty() || taken.ip().isEmpty();
                    if (same && (everywhere || wanted.ip().equals(taken.ip()))) {
                        return false;
                    }
                }
            }
        }
        return true;
    }

    private static JsonNode requests(PodInfo pod) {
        return pod.pod().at("spec", "containers").path(0).path("resources").path("requests");
    }

    private boolean room(NodeInfo node) {
        JsonNode allocatable = node.node().at("status", "allocatable");
        if (node.pods().size() >= Quantity.value(allocatable.path("pods"))) {
            return false;
        }
        for (var entry : requests(pod).properties()) {
            long left = Quantity.milli(allocatable.path(entry.getKey()));
            for (PodInfo other : node.pods()) {
                left -= Quantity.milli(requests(other).path(entry.getKey()));
            }
            if (Quantity.milli(entry.getValue()) > left) {
                return false;
            }
        }
        return true;
    }

    private List<JsonNode> constraints() {
        List<JsonNode> hard = new ArrayList<>();
        for (JsonNode one : spec().path("topologySpreadConstraints")) {
            if (Json.text(one, "whenUnsatisfiable").equals("DoNotSchedule")) {
                hard.add(one);
            }
        }
        return hard;
    }

    boolean counted(JsonNode constraint, PodInfo other) {
        if (!other.namespace().equals(pod.namespace()) || other.pod().deleting()) {
            return false;
        }
        for (String key : Json.list(constraint, "matchLabelKeys")) {
            String own = pod.pod().labels().get(key);
            if (own != null && !own.equals(other.pod().labels().get(key))) {
                return false;
            }
        }
        return labelled(constraint, other);
    }

    private static boolean labelled(JsonNode term, PodInfo other) {
        String app = Json.text(term, "labelSelector", "matchLabels", "app");
        return app.equals(other.pod().labels().get("app"));
    }

    /** Whether a node counts for a constraint at all. */
    boolean eligible(JsonNode constraint, NodeInfo node) {
        boolean affinity =
                Json.text(constraint, "nodeAffinityPolicy").equals("Ignore") || selected(node);
        boolean taints =
                !Json.text(constraint, "nodeTaintsPolicy").equals("Honor")
                        || untolerated(node, List.of("NoSchedule", "NoExecute")) == 0;
        return affinity && taints;
    }

    private boolean spread(NodeInfo node) {
        for (JsonNode constraint : constraints()) {
            String key = Json.text(constraint, "topologyKey");
            String here = node.node().labels().get(key);
            if (here == null) {
                return false;
            }
            Map<String, Integer> domains = new TreeMap<>();
            for (NodeInfo other : cluster.nodes()) {
                boolean all =
                        constraints().stream()
                                .allMatch(one ->
                                        other.node()
                                                .labels()
                                                .containsKey(Json.text(one, "topologyKey")));
                if (all && eligible(constraint, other)) {
                    int pods =
                            (int)
                                    other.pods().stream()
                                            .filter(one -> counted(constraint, one))
                                            .count();
                    domains.merge(other.node().labels().get(key), pods, Integer::sum);
                }
            }
            int least = domains.values().stream().min(Integer::compare).orElse(0);
            if (domains.size() < Json.number(1, constraint, "minDomains")) {
                least = 0;
            }
            int after = domains.getOrDefault(here, 0) + (counted(constraint, pod) ? 1 : 0);
            if (after - least > Json.number(1, constraint, "maxSkew")) {
                return false;
            }
        }
        return true;
    }

    static List<JsonNode> required(PodInfo pod, String kind) {
        List<JsonNode> terms = new ArrayList<>();
        Json.at(
                        pod.pod().at("spec"),
                        "affinity",
                        kind,
                        "requiredDuringSchedulingIgnoredDuringExecution")
                .forEach(terms::add);
        return terms;
    }

    /** Whether a term of one pod means another one. */
    boolean means(JsonNode term, PodInfo of, PodInfo other) {
        List<String> names = Json.list(term, "namespaces");
        JsonNode selector = term.path("namespaceSelector");
        boolean there;
        if (!names.isEmpty()) {
            there = names.contains(other.namespace());
        } else if (selector.isMissingNode()) {
            there = other.namespace().equals(of.namespace());
        } else {
            String team = Json.text(selector, "matchLabels", "team");
            there = team.isEmpty() || team.equals(other.namespace().equals("ns") ? "a" : "b");
        }
        return there && labelled(term, other);
    }

    /** Whether two nodes are in the same part of the cluster. */
    static boolean near(JsonNode term, NodeInfo one, NodeInfo other) {
        String key = Json.text(term, "topologyKey");
        String value = one.node().labels().get(key);
        return value != null && value.equals(other.node().labels().get(key));
    }

    private boolean together(NodeInfo node) {
        List<JsonNode> terms = required(pod, "podAffinity");
        boolean anybody = false;
        boolean all = true;
        for (JsonNode term : terms) {
            boolean met = false;
            for (NodeInfo other : cluster.nodes()) {
                for (PodInfo one : other.pods()) {
                    boolean meant = terms.stream().allMatch(each -> means(each, pod, one));
                    boolean there =
                            other.node().labels().containsKey(Json.text(term, "topologyKey"));
                    anybody |= meant && there;
                    met |= meant && near(term, node, other);
                }
            }
            all &= met;
        }
        boolean labelled = terms.stream().allMatch(term -> near(term, node, node));
        boolean itself = terms.stream().allMatch(term -> means(term, pod, pod));
        return labelled && (all || !anybody && itself);
    }

    private boolean apart(NodeInfo node) {
        for (NodeInfo other : cluster.nodes()) {
            for (PodInfo one : other.pods()) {
                for (JsonNode term : required(pod, "podAntiAffinity")) {
                    if (means(term, pod, one) && near(term, node, other)) {
                        return false;
                    }
                }
                for (JsonNode term : required(one, "podAntiAffinity")) {
                    if (means(term, one, pod) && near(term, node, other)) {
                        return false;
                    }
                }
            }
        }
        return true;
    }
}
