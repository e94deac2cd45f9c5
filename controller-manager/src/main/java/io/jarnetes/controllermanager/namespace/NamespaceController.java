package io.jarnetes.controllermanager.namespace;

import io.jarnetes.controllermanager.framework.Controller;
import io.jarnetes.controllermanager.framework.ControllerContext;
import io.jarnetes.kubeclient.ApiClient;
import io.jarnetes.kubeclient.ApiException;
import io.jarnetes.kubeclient.Discovery;
import io.jarnetes.kubeclient.Informer;
import io.jarnetes.kubeclient.Json;
import io.jarnetes.kubeclient.KubeObject;
import io.jarnetes.kubeclient.ReconcileLoop;
import io.jarnetes.kubeclient.Resource;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Watches namespaces; what is left in one goes to its status ({@link Contents}). */
public final class NamespaceController implements Controller {

    private static final String ACCOUNT = "namespace-controller";
    private static final String FINALIZER = "kubernetes";
    private static final int WORKERS = 10;

    /** Upstream's, which gives other API servers the time to see that the namespace is going. */
    private static final Duration GRACE = Duration.ofSeconds(5);

    private static final Duration FIRST_LOOK_AGAIN = Duration.ofMillis(200);
    private static final Duration LAST_LOOK_AGAIN = Duration.ofSeconds(15);

    private final Clock clock;
    private final ApiClient client;
    private final Discovery discovery;
    private final Informer namespaces;
    private final ReconcileLoop<String> loop;

    private NamespaceController(ControllerContext context) {
        this.clock = context.clock();
        this.client = context.client(ACCOUNT);
        this.discovery = new Discovery(client);
        this.namespaces = context.informer(Resource.NAMESPACES);
        this.loop = new ReconcileLoop<>("namespaces", WORKERS, context.log(), this::reconcile);
        namespaces.handle(
                Informer.Handler.of(namespace -> {
                    if (namespace.deleting()) {
                        loop.addAfter(namespace.name(), GRACE);
                    }
                }));
    }

    public static Controller start(ControllerContext context) {
        NamespaceController controller = new NamespaceController(context);
        controller.loop.start();
        return controller;
    }

    private void reconcile(String name) {
        // The informer may lag behind our own writes, and finalizing twice is an error.
        KubeObject namespace = client.find(Resource.NAMESPACES, "", name).orElse(null);
        if (namespace == null || !namespace.deleting()) {
            return;
        }
        if (!Json.list(namespace.tree(), "spec", "finalizers").contains(FINALIZER)) {
            return;
        }
        Contents contents = empty(name);
        KubeObject updated = writeStatus(namespace, contents);
        if (contents.done()) {
            finalizeNamespace(updated);
        } else {
            loop.addAfter(name, lookAgain(namespace));
        }
    }

    /** Soon at first; rarer the longer it takes. */
    private Duration lookAgain(KubeObject namespace) {
        Duration age =
                Duration.between(
                        namespace.deletionTimestamp().orElse(clock.instant()), clock.instant());
        Duration delay = FIRST_LOOK_AGAIN.plus(age.dividedBy(8));
        return delay.compareTo(LAST_LOOK_AGAIN) < 0 ? delay : LAST_LOOK_AGAIN;
    }

    /** Deletes everything in the namespace; other things wait until its pods are gone. */
    private Contents empty(String namespace) {
        Contents contents = new Contents();
        Discovery.Answer answer = discovery.all();
        contents.discovered(answer.failures());
        List<Resource> resources = new ArrayList<>();
        for (Discovery.Served served : answer.preferred()) {
            boolean podsOfOwn = served.resource().equals(Resource.PODS);
            if (served.resource().namespaced() && served.can("delete", "list") && !podsOfOwn) {
                resources.add(served.resource());
            }
        }
        empty(Resource.PODS, namespace, contents);
        if (contents.remaining()) {
            return contents;
        }
        for (Resource resource : resources) {
            empty(resource, namespace, contents);
        }
        return contents;
    }

    private void empty(Resource resource, String namespace, Contents contents) {
        String path = resource.path(namespace);
        try {
            List<KubeObject> items = items(resource, path);
            if (items.isEmpty()) {
                return;
            }
            deleteAll(path, items);
            items = items(resource, path);
            contents.left(resource, items);
        } catch (ApiException e) {
            // A resource that went away meanwhile, or can't be deleted in bulk.
            if (!e.notFound() && e.code() != 405) {
                contents.failed(e);
            }
        }
    }

    private List<KubeObject> items(Resource resource, String path) {
        List<KubeObject> items = new ArrayList<>();
        for (var item : client.get(path).path("items")) {
            if (item instanceof ObjectNode object) {
                items.add(KubeObject.of(object));
            }
        }
        return items;
    }

    private void deleteAll(String path, List<KubeObject> items) {
        ObjectNode options =
                Json.of(
                        "apiVersion", "v1",
                        "kind", "DeleteOptions",
                        "propagationPolicy", "Background");
        try {
            client.delete(path, options);
        } catch (ApiException e) {
            if (e.code() != 405) {
                throw e;
            }
            for (KubeObject item : items) {
                client.delete(path + "/" + item.name(), options);
            }
        }
    }

    private KubeObject writeStatus(KubeObject namespace, Contents contents) {
        ObjectNode tree = namespace.copy();
        ObjectNode status = tree.withObjectProperty("status");
        status.put("phase", "Terminating");
        contents.conditions(status, clock.instant());
        if (Json.same(tree, namespace.tree())) {
            return namespace;
        }
        return client.update(Resource.NAMESPACES, tree, "status");
    }

    private void finalizeNamespace(KubeObject namespace) {
        ObjectNode tree = namespace.copy();
        ArrayNode finalizers = tree.withObjectProperty("spec").withArrayProperty("finalizers");
        for (int i = finalizers.size() - 1; i >= 0; i--) {
            if (Json.text(finalizers.path(i)).equals(FINALIZER)) {
                finalizers.remove(i);
            }
        }
        try {
            client.update(Resource.NAMESPACES, tree, "finalize");
        } catch (ApiException e) {
            if (!e.notFound()) {
                throw e;
            }
        }
    }

    @Override
    public void close() {
        loop.close();
    }
}
