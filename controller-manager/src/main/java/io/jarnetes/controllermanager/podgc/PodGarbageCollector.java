package io.jarnetes.controllermanager.podgc;

import io.jarnetes.controllermanager.framework.Controller;
import io.jarnetes.controllermanager.framework.ControllerContext;
import io.jarnetes.controllermanager.framework.Pods;
import io.jarnetes.kubeclient.ApiClient;
import io.jarnetes.kubeclient.ApiException;
import io.jarnetes.kubeclient.Informer;
import io.jarnetes.kubeclient.Json;
import io.jarnetes.kubeclient.KubeObject;
import io.jarnetes.kubeclient.ReconcileLoop;
import io.jarnetes.kubeclient.Resource;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Looks every 20 seconds. A node must be missing for 40 seconds before its pods go. */
public final class PodGarbageCollector implements Controller {

    private static final String ACCOUNT = "pod-garbage-collector";
    private static final Duration PERIOD = Duration.ofSeconds(20);
    private static final Duration QUARANTINE = Duration.ofSeconds(40);
    private static final String CHECK = "pods";

    private final Clock clock;
    private final ApiClient client;
    private final Informer nodes;
    private final Informer pods;
    private final int threshold;
    private final ReconcileLoop<String> loop;

    /** Since when nodes are missing; used by the one worker. */
    private final Map<String, Instant> missing = new HashMap<>();

    private PodGarbageCollector(ControllerContext context) {
        this.clock = context.clock();
        this.client = context.client(ACCOUNT);
        this.nodes = context.informer(Resource.NODES);
        this.pods = context.informer(Resource.PODS);
        this.threshold = context.settings().terminatedPodThreshold();
        this.loop = new ReconcileLoop<>("pod-gc", 1, context.log(), key -> again());
    }

    /** One that works when it is told to. */
    static PodGarbageCollector idle(ControllerContext context) {
        return new PodGarbageCollector(context);
    }

    public static Controller start(ControllerContext context) {
        PodGarbageCollector controller = idle(context);
        controller.loop.start();
        controller.loop.addAfter(CHECK, PERIOD);
        return controller;
    }

    private void again() {
        loop.addAfter(CHECK, PERIOD);
        collect();
    }

    void collect() {
        nodes.awaitSynced();
        pods.awaitSynced();
        List<KubeObject> all = pods.list();
        if (threshold > 0) {
            tooMany(all, threshold).forEach(this::end);
        }
        all.stream().filter(this::outOfService).forEach(this::end);
        orphans(all);
        for (KubeObject pod : all) {
            if (pod.deleting() && pod.text("spec", "nodeName").isEmpty()) {
                end(pod);
            }
        }
    }

    /** Whether its node is known to be switched off, so that nobody will see the pod out. */
    private boolean outOfService(KubeObject pod) {
        return pod.deleting()
                && nodes.get(pod.text("spec", "nodeName"))
                        .filter(node -> !node.conditionTrue("Ready"))
                        .filter(node -> tainted(node))
                        .isPresent();
    }

    private static boolean tainted(KubeObject node) {
        for (JsonNode taint : node.at("spec", "taints")) {
            if (Json.text(taint, "key").equals("node.kubernetes.io/out-of-service")) {
                return true;
            }
        }
        return false;
    }

    /** Of the finished pods past the threshold the evicted, then the oldest. */
    static List<KubeObject> tooMany(List<KubeObject> all, int threshold) {
        List<KubeObject> finished =
                all.stream()
                        .filter(Pods::finished)
                        .sorted(
                                Comparator.comparing((KubeObject pod) -> !evicted(pod))
                                        .thenComparing(KubeObject::creationTimestamp)
                                        .thenComparing(KubeObject::name))
                        .toList();
        return finished.subList(0, Math.max(0, finished.size() - threshold));
    }

    private static boolean evicted(KubeObject pod) {
        return Pods.phase(pod).equals("Failed") && pod.text("status", "reason").equals("Evicted");
    }

    private void orphans(List<KubeObject> all) {
        Set<String> gone = new HashSet<>();
        for (KubeObject pod : all) {
            String node = pod.text("spec", "nodeName");
            if (!node.isEmpty() && nodes.get(node).isEmpty()) {
                gone.add(node);
            }
        }
        missing.keySet().retainAll(gone);
        Instant now = clock.instant();
        for (String node : gone) {
            Instant since = missing.computeIfAbsent(node, name -> now);
            if (since.plus(QUARANTINE).isAfter(now)
                    || client.find(Resource.NODES, "", node).isPresent()) {
                continue;
            }
            for (KubeObject pod : all) {
                if (pod.text("spec", "nodeName").equals(node)) {
                    fail(
                            pod,
                            List.of(
                                    Json.of(
                                            "type", "DisruptionTarget",
                                            "status", "True",
                                            "lastTransitionTime", KubeObject.time(now),
                                            "reason", "DeletionByPodGC",
                                            "message", "PodGC: node no longer exists")));
                    delete(pod);
                }
            }
        }
    }

    /** A pod that nobody reports on any more has failed. */
    private void end(KubeObject pod) {
        fail(pod, List.of());
        delete(pod);
    }

    private void fail(KubeObject pod, List<ObjectNode> conditions) {
        if (Pods.finished(pod)) {
            return;
        }
        ObjectNode status = Json.of("phase", "Failed");
        if (!conditions.isEmpty()) {
            status.set("conditions", Json.tree(conditions));
        }
        try {
            client.patch(
                    Resource.PODS.path(pod, "status"),
                    ApiClient.Patch.STRATEGIC,
                    Json.of("status", status));
        } catch (ApiException e) {
            if (!e.notFound()) {
                throw e;
            }
        }
    }

    private void delete(KubeObject pod) {
        ObjectNode options = ApiClient.onlyUid(pod.uid());
        options.put("gracePeriodSeconds", 0);
        try {
            client.delete(Resource.PODS.path(pod), options);
        } catch (ApiException e) {
            if (!e.notFound() && !e.conflict()) {
                throw e;
            }
        }
    }

    @Override
    public void close() {
        loop.close();
    }
}
