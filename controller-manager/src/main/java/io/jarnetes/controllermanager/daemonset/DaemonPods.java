package io.jarnetes.controllermanager.daemonset;

import io.jarnetes.controllermanager.framework.Pods;
import io.jarnetes.controllermanager.framework.Revisions;
import io.jarnetes.kubeclient.Json;
import io.jarnetes.kubeclient.KubeObject;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Questions about the pods of one set, and its bounds. */
final class DaemonPods {

    private static final String GENERATION = "deprecated.daemonset.template.generation";
    static final String GENERATION_LABEL = "pod-template-generation";

    private final KubeObject set;
    private final String hash;
    private final Instant now;

    DaemonPods(KubeObject set, String hash, Instant now) {
        this.set = set;
        this.hash = hash;
        this.now = now;
    }

    KubeObject set() {
        return set;
    }

    boolean rolling() {
        return !set.text("spec", "updateStrategy", "type").equals("OnDelete");
    }

    private JsonNode bound(String field) {
        return set.at("spec", "updateStrategy", "rollingUpdate", field);
    }

    boolean surges() {
        return rolling() && scaled(bound("maxSurge"), 1, 0) > 0;
    }

    int maxSurge(int desired) {
        return scaled(bound("maxSurge"), desired, 0);
    }

    /** With both bounds at 0 no update could go on. */
    int maxUnavailable(int desired) {
        int most = scaled(bound("maxUnavailable"), desired, 1);
        return most == 0 && maxSurge(desired) == 0 ? 1 : most;
    }

    /** An IntOrString; percentages are rounded up. */
    private static int scaled(JsonNode value, int total, int otherwise) {
        String text = Json.text(value);
        if (!text.endsWith("%")) {
            return value.asInt(otherwise);
        }
        int percent = Integer.parseInt(text.substring(0, text.length() - 1));
        return (int) Math.ceil(percent * total / 100.0);
    }

    boolean available(KubeObject pod) {
        return Pods.available(pod, set.number(0, "spec", "minReadySeconds"), now);
    }

    boolean hasHash(KubeObject pod) {
        return pod.label(Revisions.HASH_LABEL).equals(hash);
    }

    /** Whether the pod is of today's template: by hash, or by the generation of old. */
    boolean updated(KubeObject pod) {
        Long generation = generation(set);
        return hasHash(pod)
                || generation != null && generation.toString().equals(pod.label(GENERATION_LABEL));
    }

    /** Which template the set says it has, as the API server counts them; null if it doesn't. */
    static @Nullable Long generation(KubeObject set) {
        try {
            return Long.valueOf(set.annotation(GENERATION));
        } catch (NumberFormatException e) {
            return null;
        }
    }
}
