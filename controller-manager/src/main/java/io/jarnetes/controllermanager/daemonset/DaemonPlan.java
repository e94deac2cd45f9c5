package io.jarnetes.controllermanager.daemonset;

import io.jarnetes.controllermanager.framework.Pods;
import io.jarnetes.kubeclient.Json;
import io.jarnetes.kubeclient.KubeObject;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** What a DaemonSet does next: nodes to make pods for, pods to delete; and its status. */
final class DaemonPlan {

    /**
     * What to do now.
     *
     * @param failed the nodes of those of {@code delete} that have failed
     * @param events about the set
     * @param again when to look again; null for at the next change
     */
    record Decision(
            List<String> create,
            List<KubeObject> delete,
            List<String> failed,
            List<Event> events,
            @Nullable Duration again,
            ObjectNode status) {}

    /** An event about the set. */
    record Event(boolean warning, String reason, String message) {}

    /** Running ones before those that wait, then the older. */
    static final Comparator<KubeObject> BY_AGE =
            Comparator.comparing((KubeObject pod) -> pod.text("spec", "nodeName").isEmpty())
                    .thenComparing(KubeObject::creationTimestamp)
                    .thenComparing(KubeObject::name);

    private final DaemonPods pods;
    private final Instant now;
    private final Function<String, Duration> backoff;
    private final TreeMap<String, List<KubeObject>> byNode = new TreeMap<>();
    private final List<String> create = new ArrayList<>();
    private final List<KubeObject> delete = new ArrayList<>();
    private final List<String> failed = new ArrayList<>();
    private final List<Event> events = new ArrayList<>();
    private @Nullable Duration again;

    /**
     * @param owned the pods of the set
     * @param hash of the template's revision
     * @param backoff how long a failed pod of a node has still to wait for its deletion
     */
    DaemonPlan(
            KubeObject set,
            List<KubeObject> owned,
            String hash,
            Instant now,
            Function<String, Duration> backoff) {
        this.pods = new DaemonPods(set, hash, now);
        this.now = now;
        this.backoff = backoff;
        for (KubeObject pod : owned) {
            if (!(pod.deleting() && Pods.finished(pod))) {
                byNode.computeIfAbsent(node(pod), name -> new ArrayList<>()).add(pod);
            }
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
        Map<String, NodeFit.Verdict> fit = new TreeMap<>();
        nodes.forEach(node -> fit.put(node.name(), NodeFit.of(pods.set(), node)));
        fit.forEach((name, verdict) -> placed(name, byNode.get(name), verdict));
        withoutNode(fit.keySet());
        // First one pod a node; the update goes on when that is seen.
        if (create.isEmpty() && delete.isEmpty() && pods.rolling()) {
            DaemonRollout rollout = new DaemonRollout(pods, byNode, fit);
            rollout.decide();
            create.addAll(rollout.create());
            delete.addAll(rollout.delete());
        }
        return new Decision(create, delete, failed, events, again, status(fit));
    }

    private void placed(String node, @Nullable List<KubeObject> here, NodeFit.Verdict verdict) {
        if (here == null) {
            if (verdict.run()) {
                create.add(node);
            }
        } else if (!verdict.keep()) {
            here.stream().filter(pod -> !pod.deleting()).forEach(delete::add);
        } else {
            List<KubeObject> running = running(node, here);
            if (!pods.surges()) {
                running.stream().skip(1).forEach(delete::add);
            } else if (running.isEmpty() && verdict.run()) {
                create.add(node);
            } else {
                pair(running);
            }
        }
    }

    /** The pods of a node that are to be counted on, oldest first; ended ones are deleted. */
    private List<KubeObject> running(String node, List<KubeObject> here) {
        List<KubeObject> running = new ArrayList<>();
        for (KubeObject pod : here) {
            if (pod.deleting()) {
                continue;
            }
            String phase = Pods.phase(pod);
            if (!Pods.finished(pod)) {
                running.add(pod);
                continue;
            }
            boolean bad = phase.equals("Failed");
            Duration wait = bad ? backoff.apply(node) : Duration.ZERO;
            if (wait.isPositive()) {
                // Else it would be a fight with a kubelet that refuses the pod.
                again = again == null || wait.compareTo(again) < 0 ? wait : again;
                continue;
            }
            String found = "Found %s daemon pod %s on node %s, will try to %s it";
            events.add(
                    bad
                            ? new Event(
                                    true,
                                    "FailedDaemonPod",
                                    found.formatted("failed", pod.key(), node, "kill"))
                            : new Event(
                                    false,
                                    "SucceededDaemonPod",
                                    found.formatted("succeeded", pod.key(), node, "delete")));
            delete.add(pod);
            if (bad) {
                failed.add(node);
            }
        }
        running.sort(BY_AGE);
        return running;
    }

    /** While it surges a node may have an old pod that serves and a new one that starts. */
    private void pair(List<KubeObject> running) {
        KubeObject fresh = null;
        KubeObject old = null;
        for (KubeObject pod : running) {
            boolean updated = pods.hasHash(pod);
            if (updated && fresh == null) {
                fresh = pod;
            } else if (!updated && old == null) {
                old = pod;
            } else {
                delete.add(pod);
            }
        }
        if (fresh != null && old != null && (!Pods.ready(old) || pods.available(fresh))) {
            delete.add(old);
        }
    }

    /** Pods that wait for a node that is gone would wait for ever. */
    private void withoutNode(Set<String> nodes) {
        byNode.forEach((node, here) -> {
            if (!nodes.contains(node)) {
                here.stream()
                        .filter(pod -> pod.text("spec", "nodeName").isEmpty() && !pod.deleting())
                        .forEach(delete::add);
            }
        });
    }

    private ObjectNode status(Map<String, NodeFit.Verdict> fit) {
        int desired = 0;
        int current = 0;
        int misscheduled = 0;
        int ready = 0;
        int updated = 0;
        int available = 0;
        for (Map.Entry<String, NodeFit.Verdict> entry : fit.entrySet()) {
            KubeObject pod =
                    byNode.getOrDefault(entry.getKey(), List.of()).stream()
                            .min(BY_AGE)
                            .orElse(null);
            if (!entry.getValue().run()) {
                misscheduled += pod == null ? 0 : 1;
                continue;
            }
            desired++;
            if (pod != null) {
                current++;
                ready += Pods.ready(pod) ? 1 : 0;
                available += pods.available(pod) ? 1 : 0;
                updated += pods.updated(pod) ? 1 : 0;
            }
        }
        KubeObject set = pods.set();
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
        if (ready != available) {
            Duration wait = Duration.ofSeconds(set.number(0, "spec", "minReadySeconds"));
            again = again == null || wait.compareTo(again) < 0 ? wait : again;
        }
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
