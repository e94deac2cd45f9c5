package io.jarnetes.controllermanager.nodelifecycle;

import io.jarnetes.base.log.Log;
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
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Looks at every node at each change and every five seconds. A node is silent when neither its
 * Lease nor its Ready heartbeat changed for the grace period, by this controller's own clock.
 */
public final class NodeLifecycleController implements Controller {

    private static final String ACCOUNT = "node-controller";
    private static final Duration MONITOR_PERIOD = Duration.ofSeconds(5);
    private static final int WORKERS = 4;
    private static final List<String> CONDITIONS =
            List.of("Ready", "MemoryPressure", "DiskPressure", "PIDPressure");

    private static final Map<String, String> LABELS_OF_OLD =
            Map.of(
                    "kubernetes.io/os", "beta.kubernetes.io/os",
                    "kubernetes.io/arch", "beta.kubernetes.io/arch");

    /** When something of a node last changed, as seen from here. */
    private record Seen(String lease, String heartbeat, Instant at) {}

    private final Clock clock;
    private final Log log;
    private final Duration grace;
    private final ApiClient client;
    private final EventRecorder events;
    private final Informer nodes;
    private final Informer pods;
    private final Informer leases;
    private final Disruption disruption = new Disruption();

    /** Nodes that may be tainted and aren't yet. */
    private final Set<String> granted = ConcurrentHashMap.newKeySet();

    private final Map<String, Seen> seen = new ConcurrentHashMap<>();
    private final ReconcileLoop<String> loop;

    private static final String UNHEARD = "NodeStatusUnknown";
    private static final String NEVER_HEARD = "NodeStatusNeverUpdated";
    private static final Set<String> SILENT = Set.of(UNHEARD, NEVER_HEARD);

    private NodeLifecycleController(ControllerContext context) {
        this.clock = context.clock();
        this.log = context.log();
        this.grace = context.settings().nodeMonitorGracePeriod();
        this.client = context.client(ACCOUNT);
        this.events = context.events(ACCOUNT, ACCOUNT);
        this.nodes = context.informer(Resource.NODES);
        this.pods = context.informer(Resource.PODS);
        this.leases = context.informer(Resource.LEASES);
        this.loop = new ReconcileLoop<>("nodes", WORKERS, log, this::reconcile);
        pods.index("node", pod -> List.of(pod.text("spec", "nodeName")));
        nodes.handle(
                new Informer.Handler() {
                    @Override
                    public void added(KubeObject node) {
                        events.normal(
                                node,
                                "RegisteredNode",
                                "Node %s event: Registered Node %s in Controller"
                                        .formatted(node.name(), node.name()));
                        loop.add(node.name());
                    }

                    @Override
                    public void updated(KubeObject before, KubeObject after) {
                        loop.add(after.name());
                    }

                    @Override
                    public void deleted(KubeObject node) {
                        seen.remove(node.name());
                        granted.remove(node.name());
                        events.normal(
                                node,
                                "RemovingNode",
                                "Node %s event: Removing Node %s from Controller"
                                        .formatted(node.name(), node.name()));
                    }
                });
    }

    public static Controller start(ControllerContext context) {
        NodeLifecycleController controller = new NodeLifecycleController(context);
        controller.loop.start();
        return controller;
    }

    private void reconcile(String name) {
        nodes.awaitSynced();
        KubeObject node = nodes.get(name).orElse(null);
        if (node == null) {
            return;
        }
        loop.addAfter(name, MONITOR_PERIOD);
        if (silent(node) && !Json.text(node.condition("Ready"), "status").equals("Unknown")) {
            node = markUnknown(node);
        }
        if (disruption.observe(current(node))) {
            log.info(
                    "Controller detected that some Nodes are Ready. Exiting master disruption mode");
            // Nobody could be heard; so nobody has been silent.
            Instant now = clock.instant();
            seen.replaceAll((silent, last) -> new Seen(last.lease(), last.heartbeat(), now));
        }
        correct(node);
        // A kubelet that says itself that it isn't ready sees to its pods.
        if (SILENT.contains(Json.text(node.condition("Ready"), "reason"))) {
            markPodsNotReady(node);
        }
    }

    /** All nodes, this one as it is now. */
    private List<KubeObject> current(KubeObject node) {
        return nodes.list().stream()
                .map(other -> other.name().equals(node.name()) ? node : other)
                .toList();
    }

    /** Whether the node may have the taint that evicts its pods; asks again later if not. */
    private boolean evicts(KubeObject node) {
        if (disruption.everywhere()) {
            return false;
        }
        if (!NodeTaints.evictionMissing(node)) {
            granted.remove(node.name());
            return true;
        }
        if (granted.contains(node.name())) {
            return true;
        }
        Duration wait = disruption.ask(Disruption.zone(node), clock.instant());
        if (wait.isPositive()) {
            loop.addAfter(node.name(), wait);
            return false;
        }
        return granted.add(node.name());
    }

    /** Taints by conditions, and the labels of old that follow the ones of today. */
    private void correct(KubeObject node) {
        ObjectNode tree = node.copy();
        ArrayNode taints = NodeTaints.corrected(node, evicts(node), clock.instant());
        if (taints != null && taints.isEmpty()) {
            tree.withObjectProperty("spec").remove("taints");
        } else if (taints != null) {
            tree.withObjectProperty("spec").set("taints", taints);
        }
        LABELS_OF_OLD.forEach((now, old) -> {
            String value = node.label(now);
            if (!value.isEmpty()) {
                tree.withObjectProperty("metadata").withObjectProperty("labels").put(old, value);
            }
        });
        if (!Json.same(tree, node.tree())) {
            client.update(Resource.NODES, tree);
        }
    }

    private boolean silent(KubeObject node) {
        String lease =
                leases.get("kube-node-lease", node.name())
                        .map(found -> found.text("spec", "renewTime"))
                        .orElse("");
        String heartbeat = Json.text(node.condition("Ready"), "lastHeartbeatTime");
        Instant now = clock.instant();
        Seen last =
                seen.compute(
                        node.name(),
                        (name, before) ->
                                before != null
                                                && before.lease().equals(lease)
                                                && before.heartbeat().equals(heartbeat)
                                        ? before
                                        : new Seen(lease, heartbeat, now));
        return last.at().plus(grace).isBefore(now);
    }

    private KubeObject markUnknown(KubeObject node) {
        ObjectNode tree = node.copy();
        ArrayNode conditions = tree.withObjectProperty("status").withArrayProperty("conditions");
        String now = KubeObject.time(clock.instant());
        for (String type : CONDITIONS) {
            ObjectNode condition = condition(conditions, type);
            boolean never = condition == null;
            if (condition == null) {
                condition = conditions.addObject().put("type", type);
                condition.put("lastHeartbeatTime", KubeObject.time(node.creationTimestamp()));
            }
            condition.put("status", "Unknown");
            condition.put("reason", never ? NEVER_HEARD : UNHEARD);
            condition.put(
                    "message",
                    never
                            ? "Kubelet never posted node status."
                            : "Kubelet stopped posting node status.");
            condition.put("lastTransitionTime", now);
        }
        log.info("Node is unresponsive", "node", node.name());
        KubeObject marked = client.update(Resource.NODES, tree, "status");
        events.normal(node, "NodeNotReady", "Node " + node.name() + " status is now: NodeNotReady");
        return marked;
    }

    private static @org.jspecify.annotations.Nullable ObjectNode condition(
            ArrayNode conditions, String type) {
        for (JsonNode condition : conditions) {
            if (Json.text(condition, "type").equals(type)
                    && condition instanceof ObjectNode object) {
                return object;
            }
        }
        return null;
    }

    /** So that Services stop sending to them. */
    private void markPodsNotReady(KubeObject node) {
        pods.awaitSynced();
        for (KubeObject pod : pods.byIndex("node", node.name())) {
            if (!pod.conditionTrue("Ready")) {
                continue;
            }
            ObjectNode tree = pod.copy();
            ObjectNode ready =
                    condition(
                            tree.withObjectProperty("status").withArrayProperty("conditions"),
                            "Ready");
            if (ready == null) {
                continue;
            }
            ready.put("status", "False");
            ready.put("lastTransitionTime", KubeObject.time(clock.instant()));
            try {
                client.update(Resource.PODS, tree, "status");
                events.warning(pod, "NodeNotReady", "Node is not ready");
            } catch (ApiException e) {
                if (!e.notFound() && !e.conflict()) {
                    throw e;
                }
            }
        }
    }

    @Override
    public void close() {
        loop.close();
    }
}
