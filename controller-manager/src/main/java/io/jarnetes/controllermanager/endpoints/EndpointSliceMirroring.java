package io.jarnetes.controllermanager.endpoints;

import io.jarnetes.controllermanager.framework.Controller;
import io.jarnetes.controllermanager.framework.ControllerContext;
import io.jarnetes.controllermanager.framework.Keyed;
import io.jarnetes.controllermanager.framework.OwnWrites;
import io.jarnetes.kubeclient.ApiClient;
import io.jarnetes.kubeclient.ApiException;
import io.jarnetes.kubeclient.Informer;
import io.jarnetes.kubeclient.Json;
import io.jarnetes.kubeclient.KubeObject;
import io.jarnetes.kubeclient.Resource;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.node.ObjectNode;

/** Keeps EndpointSlices that say what Endpoints say which somebody wrote for a Service by hand. */
public final class EndpointSliceMirroring implements Controller {

    private static final String ACCOUNT = "endpointslicemirroring-controller";
    private static final String SKIP = "endpointslice.kubernetes.io/skip-mirror";
    private static final String LEADER = "control-plane.alpha.kubernetes.io/leader";
    private static final int WORKERS = 5;

    private final ApiClient client;
    private final Informer services;
    private final Informer endpoints;
    private final Informer slices;
    private final OwnWrites writes;
    private final Keyed loop;

    private EndpointSliceMirroring(ControllerContext context) {
        this.client = context.client(ACCOUNT);
        this.services = context.informer(Resource.SERVICES);
        this.endpoints = context.informer(Resource.ENDPOINTS);
        this.slices = context.informer(Resource.ENDPOINT_SLICES);
        this.writes = new OwnWrites(slices, context.clock());
        this.loop =
                new Keyed(context, "endpointslicemirroring", WORKERS, this::reconcile)
                        .watch(services)
                        .watch(endpoints)
                        .watch(slices, EndpointSliceMirroring::mirrored);
    }

    public static Controller start(ControllerContext context) {
        EndpointSliceMirroring controller = new EndpointSliceMirroring(context);
        controller.loop.start();
        return controller;
    }

    private static List<String> mirrored(KubeObject slice) {
        return slice.label(Slices.MANAGED_BY).equals(Mirror.MANAGER)
                ? List.of(KubeObject.key(slice.namespace(), slice.label(Slices.SERVICE_NAME)))
                : List.of();
    }

    private void reconcile(String key) {
        if (!writes.settled(key)) {
            return;
        }
        KubeObject there = endpoints.get(key).orElse(null);
        KubeObject service = services.get(key).orElse(null);
        List<ObjectNode> contents =
                there != null && service != null && wanted(there, service)
                        ? Mirror.of(there)
                        : List.of();
        List<KubeObject> spare = new ArrayList<>(existing(key));
        for (ObjectNode content : contents) {
            KubeObject old = take(spare, content);
            if (old == null) {
                create(key, content);
            } else {
                update(old, content);
            }
        }
        spare.forEach(this::delete);
        if (service == null) {
            writes.forget(key);
        }
    }

    private static boolean wanted(KubeObject endpoints, KubeObject service) {
        return !service.present("spec", "selector")
                && !endpoints.label(SKIP).equals("true")
                && !endpoints.annotations().containsKey(LEADER);
    }

    private static String namespace(String key) {
        return key.substring(0, key.indexOf('/'));
    }

    private List<KubeObject> existing(String key) {
        return slices.list(namespace(key)).stream()
                .filter(slice -> mirrored(slice).contains(key) && !slice.deleting())
                .toList();
    }

    /** The one with the same ports; addresses of a family stay in slices of that family. */
    private static @org.jspecify.annotations.Nullable KubeObject take(
            List<KubeObject> spare, ObjectNode content) {
        for (KubeObject slice : spare) {
            if (slice.text("addressType").equals(Json.text(content, "addressType"))
                    && Json.same(slice.at("ports"), content.path("ports"))) {
                spare.remove(slice);
                return slice;
            }
        }
        return null;
    }

    private void create(String key, ObjectNode content) {
        try {
            writes.created(key, client.create(Resource.ENDPOINT_SLICES, namespace(key), content));
        } catch (ApiException e) {
            if (!e.namespaceTerminating()) {
                throw e;
            }
        }
    }

    private void update(KubeObject old, ObjectNode content) {
        ObjectNode tree = old.copy();
        tree.set("endpoints", content.path("endpoints"));
        ObjectNode metadata = tree.withObjectProperty("metadata");
        for (String field : List.of("labels", "annotations")) {
            metadata.remove(field);
            if (Json.present(content, "metadata", field)) {
                metadata.set(field, Json.at(content, "metadata", field));
            }
        }
        if (!Json.same(tree, old.tree())) {
            client.update(Resource.ENDPOINT_SLICES, tree);
        }
    }

    private void delete(KubeObject slice) {
        client.deleteIfThere(Resource.ENDPOINT_SLICES.path(slice), null);
    }

    @Override
    public void close() {
        loop.close();
    }
}
