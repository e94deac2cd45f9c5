package io.jarnetes.controllermanager.serviceaccount;

import io.jarnetes.controllermanager.framework.Controller;
import io.jarnetes.controllermanager.framework.ControllerContext;
import io.jarnetes.kubeclient.ApiClient;
import io.jarnetes.kubeclient.ApiException;
import io.jarnetes.kubeclient.Informer;
import io.jarnetes.kubeclient.Json;
import io.jarnetes.kubeclient.KubeObject;
import io.jarnetes.kubeclient.ReconcileLoop;
import io.jarnetes.kubeclient.Resource;

/** Makes the account {@code default} in every active namespace, again when it is deleted. */
public final class ServiceAccountController implements Controller {

    private static final String ACCOUNT = "service-account-controller";
    private static final String NAME = "default";
    private static final int WORKERS = 5;

    private final ApiClient client;
    private final Informer namespaces;
    private final Informer accounts;
    private final ReconcileLoop<String> loop;

    private ServiceAccountController(ControllerContext context) {
        this.client = context.client(ACCOUNT);
        this.namespaces = context.informer(Resource.NAMESPACES);
        this.accounts = context.informer(Resource.SERVICE_ACCOUNTS);
        this.loop = new ReconcileLoop<>("serviceaccounts", WORKERS, context.log(), this::reconcile);
        namespaces.handle(Informer.Handler.of(namespace -> loop.add(namespace.name())));
        accounts.handle(
                Informer.Handler.of(account -> {
                    if (account.name().equals(NAME)) {
                        loop.add(account.namespace());
                    }
                }));
    }

    public static Controller start(ControllerContext context) {
        ServiceAccountController controller = new ServiceAccountController(context);
        controller.loop.start();
        return controller;
    }

    private void reconcile(String name) {
        namespaces.awaitSynced();
        accounts.awaitSynced();
        KubeObject namespace = namespaces.get(name).orElse(null);
        if (namespace == null
                || !namespace.text("status", "phase").equals("Active")
                || accounts.get(name, NAME).isPresent()) {
            return;
        }
        try {
            client.create(
                    Resource.SERVICE_ACCOUNTS,
                    name,
                    Json.of("metadata", Json.of("name", NAME, "namespace", name)));
        } catch (ApiException e) {
            if (!e.alreadyExists() && !e.namespaceTerminating() && !e.notFound()) {
                throw e;
            }
        }
    }

    @Override
    public void close() {
        loop.close();
    }
}
