package io.jarnetes.node;

import io.jarnetes.base.log.Log;
import io.jarnetes.kubeclient.ApiClient;
import io.jarnetes.kubeclient.ApiException;
import io.jarnetes.kubeclient.Json;
import io.jarnetes.kubeclient.KubeObject;
import io.jarnetes.kubeclient.Resource;
import java.time.Clock;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/** Renews a node's Lease in kube-node-lease; one thread. */
final class Heartbeat {

    private static final String NAMESPACE = "kube-node-lease";
    private static final int LEASE_SECONDS = 40;

    /** A quarter of the lease, as kubelets do. */
    static final Duration PERIOD = Duration.ofSeconds(10);

    private final ApiClient client;
    private final KubeObject node;
    private final Clock clock;
    private final Log log;
    private @Nullable KubeObject lease;

    Heartbeat(ApiClient client, KubeObject node, Clock clock, Log log) {
        this.client = client;
        this.node = node;
        this.clock = clock;
        this.log = log;
    }

    /** A failure is left to the next beat. */
    void beat() {
        try {
            KubeObject current = lease;
            if (current == null) {
                current = client.find(Resource.LEASES, NAMESPACE, node.name()).orElse(null);
            }
            lease =
                    current == null
                            ? client.create(Resource.LEASES, NAMESPACE, fresh())
                            : client.update(Resource.LEASES, renewed(current));
        } catch (ApiException e) {
            lease = null;
            log.debug("Failed to update lease", "node", node.name(), "err", e.getMessage());
        }
    }

    private ObjectNode fresh() {
        ObjectNode metadata = Json.of("name", node.name(), "namespace", NAMESPACE);
        metadata.withArrayProperty("ownerReferences")
                .add(
                        Json.of(
                                "apiVersion",
                                "v1",
                                "kind",
                                "Node",
                                "name",
                                node.name(),
                                "uid",
                                node.uid()));
        return Json.of(
                "metadata",
                metadata,
                "spec",
                Json.of(
                        "holderIdentity", node.name(),
                        "leaseDurationSeconds", LEASE_SECONDS,
                        "renewTime", KubeObject.microTime(clock.instant())));
    }

    private ObjectNode renewed(KubeObject current) {
        ObjectNode tree = current.copy();
        tree.withObjectProperty("spec")
                .put("holderIdentity", node.name())
                .put("leaseDurationSeconds", LEASE_SECONDS)
                .put("renewTime", KubeObject.microTime(clock.instant()));
        return tree;
    }
}
