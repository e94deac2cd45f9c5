package io.jarnetes.controllermanager.rootca;

import io.jarnetes.controllermanager.framework.Controller;
import io.jarnetes.controllermanager.framework.ControllerContext;
import io.jarnetes.kubeclient.ApiClient;
import io.jarnetes.kubeclient.ApiException;
import io.jarnetes.kubeclient.Informer;
import io.jarnetes.kubeclient.Json;
import io.jarnetes.kubeclient.KubeObject;
import io.jarnetes.kubeclient.ReconcileLoop;
import io.jarnetes.kubeclient.Resource;
import tools.jackson.databind.node.ObjectNode;

/** Publishes the CA certificate of the apiserver to every active namespace. */
public final class RootCaPublisher implements Controller {

    private static final String ACCOUNT = "root-ca-cert-publisher";
    private static final String NAME = "kube-root-ca.crt";
    private static final String DESCRIPTION_KEY = "kubernetes.io/description";
    private static final String DESCRIPTION =
            "Contains a CA bundle that can be used to verify the kube-apiserver when using internal"
                    + " endpoints such as the internal service IP or kubernetes.default.svc. No other"
                    + " usage is guaranteed across distributions of Kubernetes clusters.";
    private static final int WORKERS = 5;

    private final ApiClient client;
    private final String certificate;
    private final Informer namespaces;
    private final Informer configMaps;
    private final ReconcileLoop<String> loop;

    private RootCaPublisher(ControllerContext context, String certificate) {
        this.client = context.client(ACCOUNT);
        this.certificate = certificate;
        this.namespaces = context.informer(Resource.NAMESPACES);
        this.configMaps = context.informer(Resource.CONFIG_MAPS);
        this.loop = new ReconcileLoop<>("root-ca", WORKERS, context.log(), this::reconcile);
        namespaces.handle(Informer.Handler.of(namespace -> loop.add(namespace.name())));
        configMaps.handle(
                Informer.Handler.of(map -> {
                    if (map.name().equals(NAME)) {
                        loop.add(map.namespace());
                    }
                }));
    }

    /** Without a CA certificate there is nothing to do. */
    public static Controller start(ControllerContext context) {
        String certificate = context.settings().rootCa();
        if (certificate == null) {
            return () -> {};
        }
        RootCaPublisher publisher = new RootCaPublisher(context, certificate);
        publisher.loop.start();
        return publisher;
    }

    private void reconcile(String name) {
        namespaces.awaitSynced();
        configMaps.awaitSynced();
        KubeObject namespace = namespaces.get(name).orElse(null);
        if (namespace == null || !namespace.text("status", "phase").equals("Active")) {
            return;
        }
        KubeObject there = configMaps.get(name, NAME).orElse(null);
        try {
            if (there == null) {
                create(name);
            } else if (!there.text("data", "ca.crt").equals(certificate)
                    || there.at("data").size() != 1
                    || there.annotation(DESCRIPTION_KEY).isEmpty()) {
                update(there);
            }
        } catch (ApiException e) {
            if (!e.alreadyExists() && !e.namespaceTerminating() && !e.notFound()) {
                throw e;
            }
        }
    }

    private void create(String namespace) {
        client.create(
                Resource.CONFIG_MAPS,
                namespace,
                Json.of(
                        "metadata",
                        Json.of(
                                "name", NAME,
                                "namespace", namespace,
                                "annotations", Json.of(DESCRIPTION_KEY, DESCRIPTION)),
                        "data",
                        Json.of("ca.crt", certificate)));
    }

    private void update(KubeObject map) {
        ObjectNode tree = map.copy();
        tree.set("data", Json.of("ca.crt", certificate));
        tree.withObjectProperty("metadata")
                .withObjectProperty("annotations")
                .put(DESCRIPTION_KEY, DESCRIPTION);
        client.update(Resource.CONFIG_MAPS, tree);
    }

    @Override
    public void close() {
        loop.close();
    }
}
