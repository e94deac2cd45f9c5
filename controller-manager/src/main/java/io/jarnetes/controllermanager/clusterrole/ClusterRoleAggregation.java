package io.jarnetes.controllermanager.clusterrole;

import io.jarnetes.controllermanager.framework.Controller;
import io.jarnetes.controllermanager.framework.ControllerContext;
import io.jarnetes.kubeclient.ApiClient;
import io.jarnetes.kubeclient.ApiException;
import io.jarnetes.kubeclient.Informer;
import io.jarnetes.kubeclient.Json;
import io.jarnetes.kubeclient.KubeObject;
import io.jarnetes.kubeclient.ReconcileLoop;
import io.jarnetes.kubeclient.Resource;
import io.jarnetes.kubeclient.Selector;
import java.util.Comparator;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Writes the union of the selected roles' rules by server-side apply as {@value #MANAGER}, which is
 * how the fields are owned upstream; by an update where the server has no apply.
 */
public final class ClusterRoleAggregation implements Controller {

    private static final String ACCOUNT = "clusterrole-aggregation-controller";
    private static final String MANAGER = "clusterrole-aggregation-controller";
    private static final int WORKERS = 5;

    private final ApiClient client;
    private final Informer roles;
    private final ReconcileLoop<String> loop;

    private ClusterRoleAggregation(ControllerContext context) {
        this.client = context.client(ACCOUNT);
        this.roles = context.informer(Resource.CLUSTER_ROLES);
        this.loop = new ReconcileLoop<>("clusterroles", WORKERS, context.log(), this::reconcile);
        roles.handle(Informer.Handler.of(role -> enqueueAll()));
    }

    public static Controller start(ControllerContext context) {
        ClusterRoleAggregation controller = new ClusterRoleAggregation(context);
        controller.loop.start();
        return controller;
    }

    /** Any role may be part of any aggregate. */
    private void enqueueAll() {
        for (KubeObject role : roles.list()) {
            if (role.present("aggregationRule")) {
                loop.add(role.name());
            }
        }
    }

    private void reconcile(String name) {
        roles.awaitSynced();
        KubeObject role = roles.get(name).orElse(null);
        if (role == null || !role.present("aggregationRule")) {
            return;
        }
        ArrayNode rules = union(role, roles.list());
        if (Json.same(rules, role.at("rules")) || rules.isEmpty() && !role.present("rules")) {
            return;
        }
        try {
            apply(name, rules);
        } catch (ApiException e) {
            // 415: no apply here.
            if (e.code() != 415) {
                throw e;
            }
            ObjectNode tree = role.copy();
            tree.set("rules", rules);
            client.update(Resource.CLUSTER_ROLES, tree);
        }
    }

    private void apply(String name, ArrayNode rules) {
        client.patch(
                Resource.CLUSTER_ROLES.path("", name) + "?fieldManager=" + MANAGER + "&force=true",
                ApiClient.Patch.APPLY,
                Json.of(
                        "apiVersion",
                        Resource.CLUSTER_ROLES.apiVersion(),
                        "kind",
                        Resource.CLUSTER_ROLES.kind(),
                        "metadata",
                        Json.of("name", name),
                        "rules",
                        rules));
    }

    /**
     * The rules of all selected roles, in the order of the selectors and of the names, each once.
     */
    static ArrayNode union(KubeObject role, List<KubeObject> all) {
        ArrayNode rules = Json.array();
        List<KubeObject> sorted =
                all.stream().sorted(Comparator.comparing(KubeObject::name)).toList();
        for (JsonNode selector : role.at("aggregationRule", "clusterRoleSelectors")) {
            Selector wanted = Selector.of(selector);
            for (KubeObject part : sorted) {
                if (part.name().equals(role.name()) || !wanted.matches(part)) {
                    continue;
                }
                for (JsonNode rule : part.at("rules")) {
                    if (!contains(rules, rule)) {
                        rules.add(rule);
                    }
                }
            }
        }
        return rules;
    }

    private static boolean contains(ArrayNode rules, JsonNode rule) {
        for (JsonNode there : rules) {
            if (Json.same(there, rule)) {
                return true;
            }
        }
        return false;
    }

    @Override
    public void close() {
        loop.close();
    }
}
