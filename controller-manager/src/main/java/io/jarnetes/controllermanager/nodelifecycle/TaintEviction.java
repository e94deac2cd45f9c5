package io.jarnetes.controllermanager.nodelifecycle;

import io.jarnetes.controllermanager.framework.Controller;
import io.jarnetes.controllermanager.framework.ControllerContext;
import io.jarnetes.kubeclient.ApiClient;
import io.jarnetes.kubeclient.ApiException;
import io.jarnetes.kubeclient.EventRecorder;
import io.jarnetes.kubeclient.Informer;
import io.jarnetes.kubeclient.Json;
import io.jarnetes.kubeclient.KubeObject;
import io.jarnetes.kubeclient.ReconcileLoop;
import io.jarnetes.kubeclient.Resource;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Deletes pods from nodes whose NoExecute taints they do not tolerate, or no longer tolerate. */
public final class TaintEviction implements Controller {

    private static final String ACCOUNT = "node-controller";
    private static final String COMPONENT = "taint-eviction-controller";
    private static final int WORKERS = 8;

    private final Clock clock;
    private final ApiClient client;
    private final EventRecorder events;
    private final Informer nodes;
    private final Informer pods;
    private final ReconcileLoop<String> loop;

    private TaintEviction(ControllerContext context) {
        this.clock = context.clock();
        this.client = context.client(ACCOUNT);
        this.events = context.events(COMPONENT, ACCOUNT);
        this.nodes = context.informer(Resource.NODES);
        this.pods = context.informer(Resource.PODS);
        this.loop = new ReconcileLoop<>("taint-eviction", WORKERS, context.log(), this::reconcile);
        pods.index("node", pod -> List.of(pod.text("spec", "nodeName")));
        pods.handle(
                Informer.Handler.of(pod -> {
                    if (!pod.text("spec", "nodeName").isEmpty()) {
                        loop.add(pod.key());
                    }
                }));
        nodes.handle(Informer.Handler.of(this::nodeChanged));
    }

    public static Controller start(ControllerContext context) {
        TaintEviction controller = new TaintEviction(context);
        controller.loop.start();
        return controller;
    }

    private void nodeChanged(KubeObject node) {
        for (KubeObject pod : pods.byIndex("node", node.name())) {
            loop.add(pod.key());
        }
    }

    private void reconcile(String key) {
        nodes.awaitSynced();
        KubeObject pod = pods.get(key).orElse(null);
        if (pod == null || pod.deleting()) {
            return;
        }
        KubeObject node = nodes.get(pod.text("spec", "nodeName")).orElse(null);
        Instant until = node == null ? null : until(pod, node);
        if (until == null) {
            return;
        }
        Duration left = Duration.between(clock.instant(), until);
        if (left.isPositive()) {
            loop.addAfter(key, left);
            return;
        }
        evict(pod);
    }

    private void evict(KubeObject pod) {
        events.normal(pod, "TaintManagerEviction", "Marking for deletion Pod " + pod.key());
        try {
            client.patch(
                    Resource.PODS.path(pod, "status"),
                    ApiClient.Patch.STRATEGIC,
                    Json.of(
                            "status",
                            Json.of(
                                    "conditions",
                                    List.of(
                                            Json.of(
                                                    "type",
                                                    "DisruptionTarget",
                                                    "status",
                                                    "True",
                                                    "lastTransitionTime",
                                                    KubeObject.time(clock.instant()),
                                                    "reason",
                                                    "DeletionByTaintManager",
                                                    "message",
                                                    "Taint manager: deleting due to NoExecute"
                                                            + " taint")))));
            client.delete(Resource.PODS.path(pod), ApiClient.onlyUid(pod.uid()));
        } catch (ApiException e) {
            if (!e.notFound()) {
                throw e;
            }
        }
    }

    /**
     * When the pod must go; null for never. Counted from the taint, or the pod if it is younger.
     */
    static @Nullable Instant until(KubeObject pod, KubeObject node) {
        Instant first = null;
        for (JsonNode taint : node.at("spec", "taints")) {
            if (!Json.text(taint, "effect").equals("NoExecute")) {
                continue;
            }
            Instant added =
                    KubeObject.time(taint.path("timeAdded")).orElse(node.creationTimestamp());
            if (added.isBefore(pod.creationTimestamp())) {
                added = pod.creationTimestamp();
            }
            Optional<Long> seconds = toleratedSeconds(pod, taint);
            if (seconds.isPresent() && seconds.get() == Long.MAX_VALUE) {
                continue;
            }
            Instant end = added.plusSeconds(seconds.orElse(0L));
            first = first == null || end.isBefore(first) ? end : first;
        }
        return first;
    }

    /** Empty if no toleration matches; the shortest of those that do, for ever without a limit. */
    private static Optional<Long> toleratedSeconds(KubeObject pod, JsonNode taint) {
        Optional<Long> shortest = Optional.empty();
        for (JsonNode toleration : pod.at("spec", "tolerations")) {
            if (tolerates(toleration, taint)) {
                long seconds =
                        Json.present(toleration, "tolerationSeconds")
                                ? Math.max(0, toleration.path("tolerationSeconds").asLong(0))
                                : Long.MAX_VALUE;
                shortest = Optional.of(Math.min(seconds, shortest.orElse(Long.MAX_VALUE)));
            }
        }
        return shortest;
    }

    private static boolean tolerates(JsonNode toleration, JsonNode taint) {
        String effect = Json.text(toleration, "effect");
        String key = Json.text(toleration, "key");
        if (!effect.isEmpty() && !effect.equals(Json.text(taint, "effect"))) {
            return false;
        }
        if (!key.isEmpty() && !key.equals(Json.text(taint, "key"))) {
            return false;
        }
        return Json.text(toleration, "operator").equals("Exists")
                || Json.text(toleration, "value").equals(Json.text(taint, "value"));
    }

    @Override
    public void close() {
        loop.close();
    }
}
