package io.jarnetes.controllermanager.volume;

import io.jarnetes.controllermanager.framework.Controller;
import io.jarnetes.controllermanager.framework.ControllerContext;
import io.jarnetes.controllermanager.framework.Keyed;
import io.jarnetes.kubeclient.ApiClient;
import io.jarnetes.kubeclient.ApiException;
import io.jarnetes.kubeclient.EventRecorder;
import io.jarnetes.kubeclient.Informer;
import io.jarnetes.kubeclient.Json;
import io.jarnetes.kubeclient.KubeObject;
import io.jarnetes.kubeclient.OwnerReference;
import io.jarnetes.kubeclient.Resource;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Makes the claims of pods with ephemeral volumes; they go with the pod, which owns them. */
public final class EphemeralVolumes implements Controller {

    private static final String ACCOUNT = "ephemeral-volume-controller";
    private static final String COMPONENT = "ephemeral_volume";
    private static final int WORKERS = 5;

    private final ApiClient client;
    private final EventRecorder events;
    private final Informer pods;
    private final Informer claims;
    private final Keyed loop;

    private EphemeralVolumes(ControllerContext context) {
        this.client = context.client(ACCOUNT);
        this.events = context.events(COMPONENT, ACCOUNT);
        this.pods = context.informer(Resource.PODS);
        this.claims = context.informer(Resource.PERSISTENT_VOLUME_CLAIMS);
        this.loop =
                new Keyed(context, "ephemeral-volumes", WORKERS, this::reconcile)
                        .watch(pods, EphemeralVolumes::concerned)
                        .watch(claims, EphemeralVolumes::owner);
    }

    public static Controller start(ControllerContext context) {
        EphemeralVolumes controller = new EphemeralVolumes(context);
        controller.loop.start();
        return controller;
    }

    private static List<String> concerned(KubeObject pod) {
        for (JsonNode volume : pod.at("spec", "volumes")) {
            if (Json.present(volume, "ephemeral")) {
                return List.of(pod.key());
            }
        }
        return List.of();
    }

    /** A claim that is deleted under a pod comes again. */
    private static List<String> owner(KubeObject claim) {
        OwnerReference controller = claim.controller();
        return controller != null && controller.kind().equals("Pod")
                ? List.of(KubeObject.key(claim.namespace(), controller.name()))
                : List.of();
    }

    private void reconcile(String key) {
        KubeObject pod = pods.get(key).orElse(null);
        if (pod == null || pod.deleting()) {
            return;
        }
        for (JsonNode volume : pod.at("spec", "volumes")) {
            if (Json.present(volume, "ephemeral")) {
                make(pod, volume);
            }
        }
    }

    private void make(KubeObject pod, JsonNode volume) {
        String name = pod.name() + "-" + Json.text(volume, "name");
        KubeObject there = claims.get(pod.namespace(), name).orElse(null);
        if (there != null && there.controlledBy(pod.uid())) {
            return;
        }
        try {
            if (there != null) {
                throw new IllegalStateException(
                        "PVC %s/%s was not created for pod %s/%s (pod is not owner)"
                                .formatted(pod.namespace(), name, pod.namespace(), pod.name()));
            }
            client.create(
                    Resource.PERSISTENT_VOLUME_CLAIMS,
                    pod.namespace(),
                    claim(pod, name, Json.at(volume, "ephemeral", "volumeClaimTemplate")));
        } catch (ApiException e) {
            if (e.alreadyExists() || e.namespaceTerminating()) {
                return;
            }
            failed(pod, volume, "create PVC " + name + ": " + e.getMessage());
            throw e;
        } catch (IllegalStateException e) {
            failed(pod, volume, String.valueOf(e.getMessage()));
            throw e;
        }
    }

    private void failed(KubeObject pod, JsonNode volume, String why) {
        events.warning(
                pod, "FailedBinding", "ephemeral volume " + Json.text(volume, "name") + ": " + why);
    }

    private static ObjectNode claim(KubeObject pod, String name, JsonNode template) {
        ObjectNode metadata = Json.of("name", name, "namespace", pod.namespace());
        for (String field : List.of("annotations", "labels")) {
            JsonNode given = Json.at(template, "metadata", field);
            if (!given.isEmpty()) {
                metadata.set(field, given.deepCopy());
            }
        }
        metadata.withArrayProperty("ownerReferences")
                .add(OwnerReference.controllerOf(Resource.PODS, pod).tree());
        return Json.of("metadata", metadata, "spec", template.path("spec").deepCopy());
    }

    @Override
    public void close() {
        loop.close();
    }
}
