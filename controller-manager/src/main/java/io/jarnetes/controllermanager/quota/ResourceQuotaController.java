package io.jarnetes.controllermanager.quota;

import io.jarnetes.controllermanager.framework.Controller;
import io.jarnetes.controllermanager.framework.ControllerContext;
import io.jarnetes.controllermanager.framework.Keyed;
import io.jarnetes.controllermanager.framework.Pods;
import io.jarnetes.kubeclient.ApiClient;
import io.jarnetes.kubeclient.Informer;
import io.jarnetes.kubeclient.Json;
import io.jarnetes.kubeclient.KubeObject;
import io.jarnetes.kubeclient.Quantity;
import io.jarnetes.kubeclient.Resource;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/** Writes status.hard and status.used. */
public final class ResourceQuotaController {

    private static final String ACCOUNT = "resourcequota-controller";
    private static final Duration PERIOD = Duration.ofMinutes(5);

    /** What {@code count/<name>} and the short names of old can mean. */
    private static final List<Resource> COUNTED =
            List.of(
                    Resource.PODS,
                    Resource.SERVICES,
                    Resource.SECRETS,
                    Resource.CONFIG_MAPS,
                    Resource.REPLICATION_CONTROLLERS,
                    Resource.RESOURCE_QUOTAS,
                    Resource.PERSISTENT_VOLUME_CLAIMS,
                    Resource.DEPLOYMENTS,
                    Resource.REPLICA_SETS,
                    Resource.STATEFUL_SETS,
                    Resource.DAEMON_SETS,
                    Resource.JOBS,
                    Resource.CRON_JOBS);

    private final ApiClient client;
    private final Informer quotas;
    private final Map<Resource, Informer> counted = new HashMap<>();
    private final Keyed keyed;

    private ResourceQuotaController(ControllerContext context) {
        this.client = context.client(ACCOUNT);
        this.quotas = context.informer(Resource.RESOURCE_QUOTAS);
        this.keyed = new Keyed(context, "resourcequota", 5, this::reconcile).watch(quotas);
        for (Resource resource : COUNTED) {
            Informer informer = context.informer(resource);
            counted.put(resource, informer);
            keyed.needs(informer);
            informer.handle(new Replenishment());
        }
    }

    public static Controller start(ControllerContext context) {
        return new ResourceQuotaController(context).keyed.start();
    }

    /** Objects that go, and pods that finish, give back what they used. */
    private final class Replenishment implements Informer.Handler {

        @Override
        public void added(KubeObject object) {}

        @Override
        public void updated(KubeObject before, KubeObject after) {
            if (after.kind().equals("Pod") && Pods.finished(after) && !Pods.finished(before)) {
                deleted(after);
            }
        }

        @Override
        public void deleted(KubeObject object) {
            quotas.list(object.namespace()).forEach(quota -> keyed.add(quota.key()));
        }
    }

    private void reconcile(String key) {
        KubeObject quota = quotas.get(key).orElse(null);
        if (quota == null) {
            return;
        }
        keyed.addAfter(key, PERIOD);
        ObjectNode used = Json.object();
        for (var entry : quota.at("spec", "hard").properties()) {
            BigDecimal amount = used(quota, entry.getKey());
            if (amount != null) {
                boolean binary = Quantity.isBinary(Json.text(entry.getValue()));
                used.put(entry.getKey(), Quantity.text(amount, binary));
            }
        }
        ObjectNode status = Json.of("hard", quota.at("spec", "hard").deepCopy(), "used", used);
        if (Json.same(status, quota.at("status"))) {
            return;
        }
        ObjectNode tree = quota.copy();
        tree.set("status", status);
        client.update(Resource.RESOURCE_QUOTAS, tree, "status");
    }

    /** Null for a name that nothing is known about. */
    private @Nullable BigDecimal used(KubeObject quota, String name) {
        String namespace = quota.namespace();
        if (name.startsWith("count/")) {
            Resource resource = named(name.substring("count/".length()));
            return resource == null
                    ? null
                    : BigDecimal.valueOf(objects(resource, namespace).size());
        }
        if (name.startsWith("services")) {
            return Usage.services(name, objects(Resource.SERVICES, namespace));
        }
        if (name.endsWith("persistentvolumeclaims") || name.endsWith("requests.storage")) {
            return Usage.claims(name, objects(Resource.PERSISTENT_VOLUME_CLAIMS, namespace));
        }
        Resource resource = named(name);
        if (resource != null && !resource.equals(Resource.PODS)) {
            return BigDecimal.valueOf(objects(resource, namespace).size());
        }
        return Usage.pods(
                name,
                objects(Resource.PODS, namespace).stream()
                        .filter(pod -> Usage.inScope(quota, pod))
                        .toList());
    }

    private static @Nullable Resource named(String groupResource) {
        for (Resource resource : COUNTED) {
            if (resource.groupResource().equals(groupResource)) {
                return resource;
            }
        }
        return null;
    }

    private List<KubeObject> objects(Resource resource, String namespace) {
        Informer informer = counted.get(resource);
        return informer == null ? List.of() : informer.list(namespace);
    }
}
