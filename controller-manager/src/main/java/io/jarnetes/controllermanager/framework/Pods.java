package io.jarnetes.controllermanager.framework;

import io.jarnetes.kubeclient.Json;
import io.jarnetes.kubeclient.KubeObject;
import io.jarnetes.kubeclient.OwnerReference;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Questions about pods, answered as upstream's controllers answer them. */
public final class Pods {

    private Pods() {}

    public static String phase(KubeObject pod) {
        return pod.text("status", "phase");
    }

    /** Succeeded or Failed. */
    public static boolean finished(KubeObject pod) {
        String phase = phase(pod);
        return phase.equals("Succeeded") || phase.equals("Failed");
    }

    /** Neither finished nor on its way out. */
    public static boolean active(KubeObject pod) {
        return !finished(pod) && !pod.deleting();
    }

    /** Deleted, but not finished yet. */
    public static boolean terminating(KubeObject pod) {
        return !finished(pod) && pod.deleting();
    }

    public static boolean ready(KubeObject pod) {
        return pod.conditionTrue("Ready");
    }

    /** Since when the pod is ready; empty if it isn't. */
    public static Optional<Instant> readySince(KubeObject pod) {
        return ready(pod)
                ? KubeObject.time(pod.condition("Ready").path("lastTransitionTime"))
                : Optional.empty();
    }

    /** Ready for at least so many seconds. */
    public static boolean available(KubeObject pod, int minReadySeconds, Instant now) {
        if (!ready(pod)) {
            return false;
        }
        return minReadySeconds == 0
                || readySince(pod)
                        .map(since -> !since.plusSeconds(minReadySeconds).isAfter(now))
                        .orElse(false);
    }

    /**
     * A pod of a template, with a generated name.
     *
     * @param template a PodTemplateSpec
     * @param parent whose name begins the pod's
     */
    public static ObjectNode fromTemplate(
            JsonNode template, String parent, @Nullable OwnerReference controller) {
        ObjectNode metadata = Json.object();
        for (String field : new String[] {"labels", "annotations", "finalizers"}) {
            JsonNode value = Json.at(template, "metadata", field);
            if (!value.isEmpty()) {
                metadata.set(field, value.deepCopy());
            }
        }
        metadata.put("generateName", parent + "-");
        if (controller != null) {
            metadata.withArrayProperty("ownerReferences").add(controller.tree());
        }
        return Json.of("metadata", metadata, "spec", template.path("spec").deepCopy());
    }

    /** The greatest restart count of a container. */
    static int restarts(KubeObject pod) {
        int most = 0;
        for (JsonNode status : pod.at("status", "containerStatuses")) {
            most = Math.max(most, Json.number(0, status, "restartCount"));
        }
        return most;
    }
}
