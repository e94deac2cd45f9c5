package io.jarnetes.controllermanager.endpoints;

import io.jarnetes.controllermanager.framework.Controller;
import io.jarnetes.controllermanager.framework.ControllerContext;
import io.jarnetes.kubeclient.ApiClient;
import io.jarnetes.kubeclient.ApiException;
import io.jarnetes.kubeclient.Informer;
import io.jarnetes.kubeclient.Json;
import io.jarnetes.kubeclient.KubeObject;
import io.jarnetes.kubeclient.ReconcileLoop;
import io.jarnetes.kubeclient.Resource;
import java.util.List;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Keeps the Endpoints of Services that have a selector. */
public final class EndpointsController implements Controller {

    private static final String ACCOUNT = "endpoint-controller";
    private static final String LEADER = "control-plane.alpha.kubernetes.io/leader";
    private static final String MANAGED_BY = "endpoints.kubernetes.io/managed-by";
    private static final int WORKERS = 5;

    private final ApiClient client;
    private final Informer services;
    private final Informer pods;
    private final Informer endpoints;
    private final ReconcileLoop<String> loop;

    private EndpointsController(ControllerContext context) {
        this.client = context.client(ACCOUNT);
        this.services = context.informer(Resource.SERVICES);
        this.pods = context.informer(Resource.PODS);
        this.endpoints = context.informer(Resource.ENDPOINTS);
        this.loop = new ReconcileLoop<>("endpoints", WORKERS, context.log(), this::reconcile);
        ServiceWatch.follow(services, pods, loop::add);
        endpoints.handle(Informer.Handler.of(object -> loop.add(object.key())));
    }

    public static Controller start(ControllerContext context) {
        EndpointsController controller = new EndpointsController(context);
        controller.loop.start();
        return controller;
    }

    private void reconcile(String key) {
        services.awaitSynced();
        pods.awaitSynced();
        endpoints.awaitSynced();
        KubeObject service = services.get(key).orElse(null);
        KubeObject there = endpoints.get(key).orElse(null);
        if (service == null) {
            // Whoever wrote them; but elections of old left Endpoints without a Service.
            if (there != null && !there.annotations().containsKey(LEADER)) {
                delete(there);
            }
            return;
        }
        if (!Backends.selects(service) || service.deleting()) {
            return;
        }
        write(service, there);
    }

    private void write(KubeObject service, @org.jspecify.annotations.Nullable KubeObject there) {
        boolean publish = service.flag("spec", "publishNotReadyAddresses");
        List<Backends.Backend> backends =
                Backends.of(service, pods.list(service.namespace()), publish);
        ArrayNode subsets = Subsets.of(service, backends);
        ObjectNode labels = labels(service);
        if (there != null
                && sameSubsets(there, subsets)
                && Json.same(labels, there.at("metadata", "labels"))) {
            return;
        }
        ObjectNode tree = there == null ? fresh(service) : there.copy();
        ObjectNode metadata = tree.withObjectProperty("metadata");
        metadata.set("labels", labels);
        metadata.withObjectProperty("annotations")
                .put(Backends.TRIGGER_TIME, KubeObject.time(Backends.trigger(service, backends)));
        tree.set("subsets", subsets);
        try {
            if (there == null) {
                client.create(Resource.ENDPOINTS, service.namespace(), tree);
            } else {
                client.update(Resource.ENDPOINTS, tree);
            }
        } catch (ApiException e) {
            if (!e.namespaceTerminating()) {
                throw e;
            }
        }
    }

    private static boolean sameSubsets(KubeObject there, ArrayNode subsets) {
        return subsets.isEmpty()
                ? there.at("subsets").isEmpty()
                : Json.same(subsets, there.at("subsets"));
    }

    private static ObjectNode fresh(KubeObject service) {
        return Json.of(
                "metadata", Json.of("name", service.name(), "namespace", service.namespace()));
    }

    private static ObjectNode labels(KubeObject service) {
        ObjectNode labels = Json.object();
        service.labels().forEach(labels::put);
        if (Backends.headless(service)) {
            labels.put(Backends.HEADLESS, "");
        }
        labels.put(MANAGED_BY, ACCOUNT);
        return labels;
    }

    private void delete(KubeObject object) {
        client.deleteIfThere(Resource.ENDPOINTS.path(object), null);
    }

    @Override
    public void close() {
        loop.close();
    }
}
