package io.jarnetes.node;

import io.jarnetes.base.log.Log;
import io.jarnetes.kubeclient.ApiClient;
import io.jarnetes.kubeclient.ApiException;
import io.jarnetes.kubeclient.EventRecorder;
import io.jarnetes.kubeclient.Informer;
import io.jarnetes.kubeclient.Json;
import io.jarnetes.kubeclient.KubeObject;
import io.jarnetes.kubeclient.ReconcileLoop;
import io.jarnetes.kubeclient.Resource;
import io.jarnetes.kubeclient.StoppedException;
import io.jarnetes.node.SimulatedNodesConfig.SimulatedNode;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** One simulated node: registers, beats, and runs its pods. */
final class NodeAgent implements AutoCloseable {

    private static final int POD_WORKERS = 4;
    private static final Duration RETRY = Duration.ofMillis(25);

    /** How often a kubelet reports its whole status although nothing changed. */
    private static final Duration STATUS_PERIOD = Duration.ofMinutes(5);

    private final SimulatedNode node;
    private final String version;
    private final Clock clock;
    private final Log log;
    private final ApiClient client;
    private final EventRecorder events;
    private final NodeAddresses addresses;
    private final Informer pods;
    private final ReconcileLoop<String> loop;
    private final Map<String, Instant> deletions = new ConcurrentHashMap<>();
    private final CompletableFuture<Void> ready = new CompletableFuture<>();
    private final Thread thread;

    NodeAgent(SimulatedNode node, String version, Clock clock, Log log) throws IOException {
        this.node = node;
        this.version = version;
        this.clock = clock;
        this.log = log.with("node", node.name());
        this.client = ApiClient.connect(node.kubeconfig(), "kubelet/" + version + " (jarnetes)");
        this.events =
                new EventRecorder(
                        client, EventRecorder.Style.CORE, "kubelet", node.name(), clock, log);
        this.addresses = new NodeAddresses(node.index());
        this.pods =
                new Informer(
                        client,
                        Resource.PODS,
                        Resource.PODS.path(),
                        "fieldSelector=spec.nodeName%3D" + node.name(),
                        log);
        this.loop = new ReconcileLoop<>("pods-" + node.name(), POD_WORKERS, log, this::reconcile);
        this.thread = Thread.ofVirtual().name("node-" + node.name()).unstarted(this::run);
    }

    void start() {
        thread.start();
    }

    /** Completes when the node is registered and Ready. */
    CompletableFuture<Void> ready() {
        return ready;
    }

    private void run() {
        try {
            KubeObject registered = register();
            ready.complete(null);
            log.info("Successfully registered node");
            pods.handle(new PodHandler());
            pods.start();
            loop.start();
            Heartbeat heartbeat = new Heartbeat(client, registered, clock, log);
            Instant reported = clock.instant();
            while (true) {
                heartbeat.beat();
                if (reported.plus(STATUS_PERIOD).isBefore(clock.instant()) && reported()) {
                    reported = clock.instant();
                }
                Thread.sleep(Heartbeat.PERIOD);
            }
        } catch (InterruptedException | StoppedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private KubeObject register() throws InterruptedException {
        while (true) {
            try {
                return registerOnce();
            } catch (ApiException e) {
                log.debug("Unable to register node with API server", "err", e.getMessage());
                Thread.sleep(RETRY);
            }
        }
    }

    private KubeObject registerOnce() {
        ObjectNode object = NodeObject.registration(node.name());
        object.withObjectProperty("spec").put("podCIDR", addresses.podCidr());
        object.withObjectProperty("spec").withArrayProperty("podCIDRs").add(addresses.podCidr());
        object.set("status", status(clock.instant()));
        try {
            return client.create(Resource.NODES, "", object);
        } catch (ApiException e) {
            if (!e.alreadyExists()) {
                throw e;
            }
            return report();
        }
    }

    private ObjectNode status(Instant since) {
        ObjectNode status =
                NodeObject.status(node.name(), addresses.node(), version, clock.instant());
        status.set("conditions", NodeObject.conditions(since, clock.instant()));
        return status;
    }

    /** Whether the status could be written; an API server that is away is asked again. */
    private boolean reported() {
        try {
            report();
            return true;
        } catch (ApiException e) {
            log.error("Error updating node status, will retry", "err", e.getMessage());
            return false;
        }
    }

    /** Writes the whole status, and the labels in case they were lost. */
    private KubeObject report() {
        KubeObject there = KubeObject.of(client.get(Resource.NODES.path("", node.name())));
        Instant since =
                there.conditionTrue("Ready")
                        ? KubeObject.time(there.condition("Ready").path("lastTransitionTime"))
                                .orElse(clock.instant())
                        : clock.instant();
        return client.patch(
                Resource.NODES.path("", node.name(), "status"),
                ApiClient.Patch.STRATEGIC,
                Json.of("status", status(since)));
    }

    private void reconcile(String key) {
        KubeObject pod = pods.get(key).orElse(null);
        if (pod == null) {
            return;
        }
        Instant now = clock.instant();
        Instant deletionSeen =
                pod.deleting() ? deletions.computeIfAbsent(pod.uid(), uid -> now) : null;
        PodLifecycle.Host host = new PodLifecycle.Host(addresses.node(), address(pod));
        PodLifecycle.Step step = PodLifecycle.step(pod, host, deletionSeen, now);
        try {
            String version = pod.resourceVersion();
            ObjectNode status = step.status();
            if (status != null) {
                version = write(pod, status).resourceVersion();
            }
            if (step.started()) {
                startEvents(pod);
            }
            if (step.remove()) {
                remove(pod);
            }
            log.debug("Pod", "pod", key, "version", version, "phase", pod.text("status", "phase"));
        } catch (ApiException e) {
            if (e.notFound()) {
                return;
            }
            throw e;
        }
        Duration again = step.again();
        if (again != null) {
            loop.addAfter(key, again);
        }
    }

    private String address(KubeObject pod) {
        synchronized (addresses) {
            String known = pod.text("status", "podIP");
            if (!known.isEmpty() && !known.equals(addresses.node())) {
                addresses.keep(pod.uid(), known);
            }
            return addresses.assign(pod.uid());
        }
    }

    private KubeObject write(KubeObject pod, ObjectNode status) {
        return client.patch(
                Resource.PODS.path(pod, "status"),
                ApiClient.Patch.MERGE,
                Json.of(
                        "metadata",
                        Json.of("uid", pod.uid(), "resourceVersion", pod.resourceVersion()),
                        "status",
                        status));
    }

    private void remove(KubeObject pod) {
        ObjectNode options = ApiClient.onlyUid(pod.uid());
        options.put("gracePeriodSeconds", 0);
        client.delete(Resource.PODS.path(pod), options);
    }

    private void startEvents(KubeObject pod) {
        for (JsonNode container : pod.at("spec", "initContainers")) {
            startEvents(pod, "spec.initContainers", container);
        }
        for (JsonNode container : pod.at("spec", "containers")) {
            startEvents(pod, "spec.containers", container);
        }
    }

    private void startEvents(KubeObject pod, String list, JsonNode container) {
        String image = "\"" + Json.text(container, "image") + "\"";
        ObjectNode about =
                EventRecorder.reference(pod, list + "{" + Json.text(container, "name") + "}");
        if (Json.text(container, "imagePullPolicy").equals("Always")) {
            events.record(about, "Normal", "Pulling", "", "Pulling image " + image);
            events.record(
                    about,
                    "Normal",
                    "Pulled",
                    "",
                    "Successfully pulled image "
                            + image
                            + " in 0s (0s including waiting). Image size: 0 bytes.");
        } else {
            events.record(
                    about,
                    "Normal",
                    "Pulled",
                    "",
                    "Container image "
                            + image
                            + " already present on machine and can be accessed by the pod");
        }
        events.record(about, "Normal", "Created", "", "Container created");
        events.record(about, "Normal", "Started", "", "Container started");
    }

    @Override
    public void close() {
        thread.interrupt();
        loop.close();
        pods.close();
        events.close();
        client.close();
    }

    /** Enqueues, and tells of containers that stop. */
    private final class PodHandler implements Informer.Handler {

        @Override
        public void added(KubeObject pod) {
            loop.add(pod.key());
        }

        @Override
        public void updated(KubeObject before, KubeObject after) {
            if (after.deleting() && !before.deleting() && !PodLifecycle.finished(after)) {
                for (JsonNode container : PodLifecycle.containers(after)) {
                    String name = Json.text(container, "name");
                    events.record(
                            EventRecorder.reference(after, "spec.containers{" + name + "}"),
                            "Normal",
                            "Killing",
                            "",
                            "Stopping container " + name);
                }
            }
            loop.add(after.key());
        }

        @Override
        public void deleted(KubeObject pod) {
            deletions.remove(pod.uid());
            synchronized (addresses) {
                addresses.release(pod.uid());
            }
        }
    }
}
