package io.jarnetes.controllermanager.daemonset;

import io.jarnetes.kubeclient.Json;
import io.jarnetes.kubeclient.KubeObject;
import io.jarnetes.kubeclient.Selector;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Whether a daemon belongs on a node, and how its pod says so. */
final class NodeFit {

    private static final String[][] TOLERATED = {
        {"node.kubernetes.io/not-ready", "NoExecute"},
        {"node.kubernetes.io/unreachable", "NoExecute"},
        {"node.kubernetes.io/disk-pressure", "NoSchedule"},
        {"node.kubernetes.io/memory-pressure", "NoSchedule"},
        {"node.kubernetes.io/pid-pressure", "NoSchedule"},
        {"node.kubernetes.io/unschedulable", "NoSchedule"}
    };

    /**
     * @param run whether a pod should be made there
     * @param keep whether a pod that is there may stay
     */
    record Verdict(boolean run, boolean keep) {}

    private NodeFit() {}

    static Verdict of(KubeObject set, KubeObject node) {
        JsonNode spec = set.at("spec", "template", "spec");
        String wanted = Json.text(spec, "nodeName");
        if (!wanted.isEmpty() && !wanted.equals(node.name())
                || !Selector.ofLabels(spec.path("nodeSelector")).matches(node)
                || !affine(spec, node)) {
            return new Verdict(false, false);
        }
        ArrayNode tolerations = tolerations(spec);
        boolean run = true;
        boolean keep = true;
        for (JsonNode taint : node.at("spec", "taints")) {
            String effect = Json.text(taint, "effect");
            if (effect.equals("PreferNoSchedule") || tolerated(tolerations, taint)) {
                continue;
            }
            run = false;
            keep &= !effect.equals("NoExecute");
        }
        return new Verdict(run, keep);
    }

    private static boolean affine(JsonNode spec, KubeObject node) {
        JsonNode required =
                Json.at(
                        spec,
                        "affinity",
                        "nodeAffinity",
                        "requiredDuringSchedulingIgnoredDuringExecution");
        if (required.isMissingNode()) {
            return true;
        }
        for (JsonNode term : required.path("nodeSelectorTerms")) {
            boolean matches = !term.isEmpty();
            for (JsonNode one : term.path("matchExpressions")) {
                matches &= Selector.requirement(one).matches(node.labels());
            }
            for (JsonNode one : term.path("matchFields")) {
                matches &= Selector.requirement(one).matches(Map.of("metadata.name", node.name()));
            }
            if (matches) {
                return true;
            }
        }
        return false;
    }

    private static boolean tolerated(ArrayNode tolerations, JsonNode taint) {
        for (JsonNode toleration : tolerations) {
            String key = Json.text(toleration, "key");
            String effect = Json.text(toleration, "effect");
            boolean keys = key.isEmpty() || key.equals(Json.text(taint, "key"));
            boolean effects = effect.isEmpty() || effect.equals(Json.text(taint, "effect"));
            boolean values =
                    Json.text(toleration, "operator").equals("Exists")
                            || Json.text(toleration, "value").equals(Json.text(taint, "value"));
            if (keys && effects && values) {
                return true;
            }
        }
        return false;
    }

    /** The template's, and those that every daemon has. */
    static ArrayNode tolerations(JsonNode spec) {
        ArrayNode all =
                spec.path("tolerations") instanceof ArrayNode there
                        ? there.deepCopy()
                        : Json.array();
        for (String[] taint : TOLERATED) {
            add(all, taint[0], taint[1]);
        }
        if (Json.flag(spec, "hostNetwork")) {
            add(all, "node.kubernetes.io/network-unavailable", "NoSchedule");
        }
        return all;
    }

    private static void add(ArrayNode tolerations, String key, String effect) {
        ObjectNode toleration = Json.of("key", key, "operator", "Exists", "effect", effect);
        for (JsonNode there : tolerations) {
            if (Json.same(there, toleration)) {
                return;
            }
        }
        tolerations.add(toleration);
    }

    /** Replaces the required terms by one that names the node. */
    static void pin(ObjectNode spec, String node) {
        ObjectNode term = Json.object();
        term.withArrayProperty("matchFields")
                .add(
                        Json.of(
                                "key",
                                "metadata.name",
                                "operator",
                                "In",
                                "values",
                                java.util.List.of(node)));
        spec.withObjectProperty("affinity")
                .withObjectProperty("nodeAffinity")
                .set(
                        "requiredDuringSchedulingIgnoredDuringExecution",
                        Json.of("nodeSelectorTerms", java.util.List.of(term)));
    }
}
