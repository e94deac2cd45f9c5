package io.jarnetes.controllermanager.endpoints;

import io.jarnetes.controllermanager.framework.Controller;
import io.jarnetes.controllermanager.framework.ControllerContext;
import io.jarnetes.controllermanager.framework.OwnWrites;
import io.jarnetes.kubeclient.ApiClient;
import io.jarnetes.kubeclient.ApiException;
import io.jarnetes.kubeclient.EventRecorder;
import io.jarnetes.kubeclient.Informer;
import io.jarnetes.kubeclient.KubeObject;
import io.jarnetes.kubeclient.ReconcileLoop;
import io.jarnetes.kubeclient.Resource;
import java.util.List;
import tools.jackson.databind.node.ObjectNode;

/** Keeps the EndpointSlices of Services that have a selector. */
public final class EndpointSliceController implements Controller {

    private static final String ACCOUNT = "endpointslice-controller";
    private static final int WORKERS = 5;

    private final ApiClient client;
    private final EventRecorder events;
    private final Informer services;
    private final Informer pods;
    private final Informer nodes;
    private final Informer slices;
    private final OwnWrites writes;
    private final ReconcileLoop<String> loop;

    private EndpointSliceController(ControllerContext context) {
        this.client = context.client(ACCOUNT);
        this.events = context.events(ACCOUNT, ACCOUNT);
        this.services = context.informer(Resource.SERVICES);
        this.pods = context.informer(Resource.PODS);
        this.nodes = context.informer(Resource.NODES);
        this.slices = context.informer(Resource.ENDPOINT_SLICES);
        this.writes = new OwnWrites(slices, context.clock());
        this.loop = new ReconcileLoop<>("endpointslices", WORKERS, context.log(), this::reconcile);
        ServiceWatch.follow(services, pods, loop::add);
        slices.handle(
                Informer.Handler.of(slice -> {
                    if (ours(slice)) {
                        loop.add(
                                KubeObject.key(
                                        slice.namespace(), slice.label(Slices.SERVICE_NAME)));
                    }
                }));
    }

    public static Controller start(ControllerContext context) {
        EndpointSliceController controller = new EndpointSliceController(context);
        controller.loop.start();
        return controller;
    }

    private static boolean ours(KubeObject slice) {
        return slice.label(Slices.MANAGED_BY).equals(Slices.MANAGER);
    }

    private void reconcile(String key) {
        services.awaitSynced();
        pods.awaitSynced();
        nodes.awaitSynced();
        slices.awaitSynced();
        KubeObject service = services.get(key).orElse(null);
        if (service == null) {
            writes.forget(key);
            return;
        }
        if (!Backends.selects(service) || service.deleting() || !writes.settled(key)) {
            return;
        }
        List<KubeObject> existing =
                slices.list(service.namespace()).stream()
                        .filter(slice -> ours(slice) && !slice.deleting())
                        .filter(slice -> slice.label(Slices.SERVICE_NAME).equals(service.name()))
                        .toList();
        Slices.Changes changes =
                new Slices(service, this::zone)
                        .reconcile(
                                Backends.of(service, pods.list(service.namespace()), true),
                                existing);
        try {
            write(service, changes);
        } catch (ApiException e) {
            if (e.namespaceTerminating()) {
                return;
            }
            if (!e.conflict()) {
                events.warning(
                        service,
                        "FailedToUpdateEndpointSlices",
                        "Error updating Endpoint Slices for Service "
                                + service.key()
                                + ": "
                                + e.getMessage());
            }
            throw e;
        }
    }

    private String zone(String node) {
        return nodes.get(node).map(n -> n.label("topology.kubernetes.io/zone")).orElse("");
    }

    private void write(KubeObject service, Slices.Changes changes) {
        for (ObjectNode slice : changes.create()) {
            writes.created(
                    service.key(),
                    client.create(Resource.ENDPOINT_SLICES, service.namespace(), slice));
        }
        for (ObjectNode slice : changes.update()) {
            client.update(Resource.ENDPOINT_SLICES, slice);
        }
        for (KubeObject slice : changes.delete()) {
            client.deleteIfThere(Resource.ENDPOINT_SLICES.path(slice), null);
        }
    }

    @Override
    public void close() {
        loop.close();
    }
}
