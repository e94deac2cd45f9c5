package io.jarnetes.controllermanager.daemonset;

import io.jarnetes.controllermanager.framework.Pods;
import io.jarnetes.controllermanager.framework.Revisions;
import io.jarnetes.kubeclient.Json;
import io.jarnetes.kubeclient.KubeObject;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** What a DaemonSet does next: nodes to make pods for, pods to delete; and its status. */
final class DaemonPlan {

    /** What to do now. */
    record Decision(List<String> create, List<KubeObject> delete, ObjectNode status) {}

    private final KubeObject set;
    private final String hash;
    private final Instant now;
    private final Map<String, List<KubeObject>> byNode = new HashMap<>();
    private final List<String> create = new ArrayList<>();
    private final List<KubeObject> delete = new ArrayList<>();

    /**
     * @param hash of the template's revision
     */
    DaemonPlan(KubeObject set, List<KubeObject> pods, String hash, Instant now) {
        this.set = set;
        this.hash = hash;
        this.now = now;
        for (KubeObject pod : pods) {
            byNode.computeIfAbsent(node(pod), name -> new ArrayList<>()).add(pod);
        }
    }

    /** Where a pod runs, or where it is meant to. */
    static String node(KubeObject pod) {
        String bound = pod.text("spec", "nodeName");
        if (!bound.isEmpty()) {
            return bound;
        }
        for (JsonNode term :
                pod.at(
                        "spec",
                        "affinity",
                        "nodeAffinity",
                        "requiredDuringSchedulingIgnoredDuringExecution",
                        "nodeSelectorTerms")) {
            for (JsonNode field : term.path("matchFields")) {
                List<String> values = Json.list(field, "values");
                if (Json.text(field, "key").equals("metadata.name") && values.size() == 1) {
                    return values.getFirst();
                }
            }
        }
        return "";
    }

    Decision decide(List<KubeObject> nodes) {
        Counts counts = new Counts();
        for (KubeObject node : nodes) {
            List<KubeObject> here = byNode.getOrDefault(node.name(), List.of());
            NodeFit.Verdict verdict = NodeFit.of(set, node);
            placed(node.name(), here, verdict);
            counts.add(verdict.run(), here);
        }
        if (!set.text("spec", "updateStrategy", "type").equals("OnDelete") && create.isEmpty()) {
            update(counts);
        }
        return new Decision(create, delete, counts.status());
    }

    private void placed(String node, List<KubeObject> here, NodeFit.Verdict verdict) {
        List<KubeObject> alive = new ArrayList<>();
        for (KubeObject pod : here) {
            if (Pods.phase(pod).equals("Failed") && !pod.deleting()) {
                delete.add(pod);
            } else if (!pod.deleting()) {
                alive.add(pod);
            }
        }
        if (verdict.run() && here.isEmpty()) {
            create.add(node);
        } else if (!verdict.keep()) {
            delete.addAll(alive);
        } else {
            alive.stream()
                    .sorted(Comparator.comparing(KubeObject::creationTimestamp))
                    .skip(1)
                    .forEach(delete::add);
        }
    }

    /** Deletes pods of old templates while enough others are available. */
    private void update(Counts counts) {
        JsonNode bound = set.at("spec", "updateStrategy", "rollingUpdate", "maxUnavailable");
        int room = Math.max(1, scaled(bound, counts.desired)) - (counts.desired - counts.available);
        List<KubeObject> old = new ArrayList<>();
        for (List<KubeObject> here : byNode.values()) {
            for (KubeObject pod : here) {
                if (!pod.deleting()
                        && !delete.contains(pod)
                        && !pod.label(Revisions.HASH_LABEL).equals(hash)) {
                    old.add(pod);
                }
            }
        }
        old.sort(Comparator.comparing(KubeObject::name));
        for (KubeObject pod : old) {
            boolean serving = available(pod);
            if (!serving) {
                delete.add(pod);
            } else if (room > 0) {
                delete.add(pod);
                room--;
            }
        }
    }

    private static int scaled(JsonNode value, int total) {
        String text = Json.text(value);
        if (!text.endsWith("%")) {
            return value.asInt(1);
        }
        int percent = Integer.parseInt(text.substring(0, text.length() - 1));
        return (int) Math.ceil(percent * total / 100.0);
    }

    private boolean available(KubeObject pod) {
        return Pods.available(pod, set.number(0, "spec", "minReadySeconds"), now);
    }

    /** The numbers of the status. */
    private final class Counts {
        private int desired;
        private int current;
        private int misscheduled;
        private int ready;
        private int updated;
        private int available;

        void add(boolean run, List<KubeObject> here) {
            List<KubeObject> alive = here.stream().filter(pod -> !Pods.finished(pod)).toList();
            if (!run) {
                misscheduled += alive.isEmpty() ? 0 : 1;
                return;
            }
            desired++;
            if (alive.isEmpty()) {
                return;
            }
            current++;
            KubeObject pod = alive.getFirst();
            if (Pods.ready(pod)) {
                ready++;
                available += DaemonPlan.this.available(pod) ? 1 : 0;
            }
            updated += pod.label(Revisions.HASH_LABEL).equals(hash) ? 1 : 0;
        }

        ObjectNode status() {
            ObjectNode status =
                    set.at("status") instanceof ObjectNode there ? there.deepCopy() : Json.object();
            status.put("currentNumberScheduled", current);
            status.put("numberMisscheduled", misscheduled);
            status.put("desiredNumberScheduled", desired);
            status.put("numberReady", ready);
            status.put("observedGeneration", set.generation());
            put(status, "updatedNumberScheduled", updated);
            put(status, "numberAvailable", available);
            put(status, "numberUnavailable", desired - available);
            return status;
        }

        private static void put(ObjectNode status, String field, int value) {
            if (value == 0) {
                status.remove(field);
            } else {
                status.put(field, value);
            }
        }
    }
}
