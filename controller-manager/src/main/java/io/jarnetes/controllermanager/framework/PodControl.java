package io.jarnetes.controllermanager.framework;

import io.jarnetes.kubeclient.ApiClient;
import io.jarnetes.kubeclient.ApiException;
import io.jarnetes.kubeclient.EventRecorder;
import io.jarnetes.kubeclient.KubeObject;
import io.jarnetes.kubeclient.Resource;
import java.util.Optional;
import tools.jackson.databind.node.ObjectNode;

/** Makes and deletes the pods of an owner, with the events that upstream writes about it. */
public final class PodControl {

    private final ApiClient client;
    private final EventRecorder events;
    private final OwnWrites writes;

    public PodControl(ApiClient client, EventRecorder events, OwnWrites writes) {
        this.client = client;
        this.events = events;
        this.writes = writes;
    }

    /**
     * @return empty where the namespace is going away
     * @throws ApiException if the pod can't be made
     */
    public Optional<KubeObject> create(KubeObject owner, ObjectNode pod) {
        try {
            KubeObject created = client.create(Resource.PODS, owner.namespace(), pod);
            writes.created(owner.key(), created);
            events.normal(owner, "SuccessfulCreate", "Created pod: " + created.name());
            return Optional.of(created);
        } catch (ApiException e) {
            if (e.namespaceTerminating()) {
                return Optional.empty();
            }
            events.warning(owner, "FailedCreate", "Error creating: " + e.getMessage());
            throw e;
        }
    }

    /** Deletes with the pod's own grace period; one that is gone already is no failure. */
    public void delete(KubeObject owner, KubeObject pod) {
        try {
            client.delete(Resource.PODS.path(pod), null);
            writes.deleted(owner.key(), pod);
            events.normal(owner, "SuccessfulDelete", "Deleted pod: " + pod.name());
        } catch (ApiException e) {
            if (e.notFound()) {
                return;
            }
            events.warning(owner, "FailedDelete", "Error deleting: " + e.getMessage());
            throw e;
        }
    }
}
