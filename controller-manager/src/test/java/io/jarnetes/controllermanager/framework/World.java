package io.jarnetes.controllermanager.framework;

import io.jarnetes.base.Eventually;
import io.jarnetes.base.log.Log;
import io.jarnetes.kubeclient.ApiClient;
import io.jarnetes.kubeclient.FakeApiServer;
import io.jarnetes.kubeclient.FakeStore;
import io.jarnetes.kubeclient.Informers;
import io.jarnetes.kubeclient.Json;
import io.jarnetes.kubeclient.KubeObject;
import io.jarnetes.kubeclient.ManualClock;
import io.jarnetes.kubeclient.Resource;
import io.jarnetes.kubeclient.Transcripts;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import tools.jackson.databind.node.ObjectNode;

/**
 * Real controllers before an imaginary apiserver, with a clock that stands still, and a kubelet
 * that works when it is told to.
 */
public final class World implements AutoCloseable {

    public static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

    private static final List<Resource> SERVED =
            List.of(
                    Resource.PODS,
                    Resource.NODES,
                    Resource.NAMESPACES,
                    Resource.SERVICES,
                    Resource.CONFIG_MAPS,
                    Resource.SECRETS,
                    Resource.SERVICE_ACCOUNTS,
                    Resource.ENDPOINTS,
                    Resource.EVENTS,
                    Resource.RESOURCE_QUOTAS,
                    Resource.REPLICATION_CONTROLLERS,
                    Resource.PERSISTENT_VOLUMES,
                    Resource.PERSISTENT_VOLUME_CLAIMS,
                    Resource.DEPLOYMENTS,
                    Resource.REPLICA_SETS,
                    Resource.STATEFUL_SETS,
                    Resource.DAEMON_SETS,
                    Resource.CONTROLLER_REVISIONS,
                    Resource.JOBS,
                    Resource.CRON_JOBS,
                    Resource.LEASES,
                    Resource.ENDPOINT_SLICES,
                    Resource.POD_DISRUPTION_BUDGETS,
                    Resource.CLUSTER_ROLES,
                    Resource.SERVICE_CIDRS,
                    Resource.IP_ADDRESSES,
                    Resource.STORAGE_CLASSES);

    private final ManualClock clock = new ManualClock(START);
    private final FakeStore store;
    private final FakeApiServer server;
    private final ApiClient client;
    private final Informers informers;
    private final ControllerContext context;
    private final List<Controller> controllers = new ArrayList<>();

    public World() {
        this(1);
    }

    public World(long seed) {
        this(seed, SETTINGS);
    }

    public World(long seed, Settings settings) {
        store = new FakeStore(clock, seed);
        server = new FakeApiServer(store, SERVED);
        client = server.client();
        informers = server.informers(client);
        context =
                new ControllerContext(
                        account -> client, client, informers, settings, clock, Log.none());
    }

    public static final Settings SETTINGS =
            new Settings(
                    null,
                    null,
                    null,
                    Duration.ofDays(365),
                    null,
                    List.of(),
                    false,
                    Duration.ofSeconds(50),
                    12_500);

    public World start(Controller.Starter... starters) {
        for (Controller.Starter starter : starters) {
            controllers.add(starter.start(context));
        }
        return this;
    }

    public FakeStore store() {
        return store;
    }

    public FakeApiServer server() {
        return server;
    }

    public ManualClock clock() {
        return clock;
    }

    public Informers informers() {
        return informers;
    }

    /** Waits, and fails with what an observer of the store saw. */
    public void until(String what, Callable<Boolean> condition) {
        Eventually.until(what, () -> !store.failures().isEmpty() || condition.call());
        check();
    }

    /** Fails with what an observer of the store saw. */
    public void check() {
        if (!store.failures().isEmpty()) {
            throw store.failures().getFirst();
        }
    }

    /** Waits until the informers show all that is stored. */
    public void caughtUp(Resource... resources) {
        for (Resource resource : resources) {
            until(
                    "the informer of " + resource.plural(),
                    () -> {
                        List<String> shown =
                                informers.of(resource).list().stream()
                                        .map(KubeObject::resourceVersion)
                                        .sorted()
                                        .toList();
                        return shown.equals(
                                store.list(resource, "").stream()
                                        .map(KubeObject::resourceVersion)
                                        .sorted()
                                        .toList());
                    });
        }
    }

    /** Makes an object of YAML in flow style, as it is. */
    public KubeObject put(Resource resource, String yaml) {
        return store.put(resource, KubeObject.of(Transcripts.yaml(yaml)));
    }

    /** Lays YAML over the object. */
    public KubeObject edit(Resource resource, String name, String yaml) {
        return store.patch(
                resource,
                resource.namespaced() ? "ns" : "",
                name,
                "",
                Transcripts.yaml(yaml),
                false);
    }

    public KubeObject status(Resource resource, String name, String yaml) {
        return store.patch(
                resource,
                resource.namespaced() ? "ns" : "",
                name,
                "status",
                Transcripts.yaml(yaml),
                true);
    }

    public KubeObject get(Resource resource, String name) {
        return store.get(resource, resource.namespaced() ? "ns" : "", name);
    }

    public boolean gone(Resource resource, String name) {
        return store.find(resource, resource.namespaced() ? "ns" : "", name).isEmpty();
    }

    public void delete(Resource resource, String name) {
        delete(resource, name, "Background");
    }

    public void delete(Resource resource, String name, String policy) {
        store.delete(
                resource,
                resource.namespaced() ? "ns" : "",
                name,
                Json.of("propagationPolicy", policy));
    }

    public List<KubeObject> pods() {
        return store.list(Resource.PODS, "ns");
    }

    public List<String> names(Resource resource) {
        return store.list(resource, "").stream().map(KubeObject::name).toList();
    }

    /** Messages of the events so far, {@code Reason: message}. */
    public List<String> events() {
        return store.list(Resource.EVENTS, "").stream()
                .map(event -> event.text("reason") + ": " + event.text("message"))
                .toList();
    }

    /** A kubelet's whole work on one pod: it is given a node, runs and is ready, or goes. */
    public void work(KubeObject pod) {
        if (pod.deleting()) {
            stop(pod);
        } else if (Pods.phase(pod).equals("Pending")) {
            run(pod);
        }
    }

    /** On all pods as they are now. */
    public void work() {
        pods().forEach(this::work);
    }

    public void run(KubeObject pod) {
        ObjectNode tree = pod.copy();
        ObjectNode spec = tree.withObjectProperty("spec");
        if (Json.text(spec, "nodeName").isEmpty()) {
            spec.put("nodeName", "node-0");
        }
        tree.set("status", Json.of("phase", "Running", "conditions", List.of(ready("True"))));
        store.put(Resource.PODS, KubeObject.of(tree));
    }

    /** Its containers end. */
    public void end(KubeObject pod, String phase) {
        ObjectNode tree = pod.copy();
        tree.set("status", Json.of("phase", phase, "conditions", List.of(ready("False"))));
        store.put(Resource.PODS, KubeObject.of(tree));
    }

    private ObjectNode ready(String status) {
        return Json.of(
                "type",
                "Ready",
                "status",
                status,
                "lastTransitionTime",
                KubeObject.time(clock.instant()));
    }

    /** The last word of a kubelet about a deleted pod: its containers have ended, and it may go. */
    private void stop(KubeObject pod) {
        if (!Pods.finished(pod)) {
            end(pod, "Failed");
        }
        store.delete(Resource.PODS, pod.namespace(), pod.name(), Json.of("gracePeriodSeconds", 0));
    }

    @Override
    public void close() {
        controllers.forEach(Controller::close);
        informers.close();
        context.close();
        client.close();
        server.close();
    }
}
