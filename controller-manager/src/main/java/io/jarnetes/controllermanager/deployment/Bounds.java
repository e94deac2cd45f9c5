package io.jarnetes.controllermanager.deployment;

import io.jarnetes.kubeclient.Json;
import io.jarnetes.kubeclient.KubeObject;
import tools.jackson.databind.JsonNode;

/**
 * How many pods a rolling update may have too many and too few.
 *
 * @param replicas what the Deployment asks for
 * @param surge pods over it; 0 for Recreate
 * @param unavailable pods that may be missing
 */
record Bounds(int replicas, int surge, int unavailable) {

    static Bounds of(KubeObject deployment) {
        int replicas = deployment.number(1, "spec", "replicas");
        if (!rolling(deployment) || replicas == 0) {
            return new Bounds(
                    replicas,
                    rolling(deployment)
                            ? scaled(update(deployment, "maxSurge"), replicas, true)
                            : 0,
                    0);
        }
        int surge = scaled(update(deployment, "maxSurge"), replicas, true);
        int unavailable = scaled(update(deployment, "maxUnavailable"), replicas, false);
        // With both at 0 no rollout could ever go on; percentages can round to that.
        if (surge == 0 && unavailable == 0) {
            unavailable = 1;
        }
        return new Bounds(replicas, surge, Math.min(unavailable, replicas));
    }

    static boolean rolling(KubeObject deployment) {
        return !deployment.text("spec", "strategy", "type").equals("Recreate");
    }

    private static JsonNode update(KubeObject deployment, String field) {
        return deployment.at("spec", "strategy", "rollingUpdate", field);
    }

    /** An IntOrString: a number, or a percentage of the total. */
    static int scaled(JsonNode value, int total, boolean up) {
        String text = Json.text(value);
        if (!text.endsWith("%")) {
            return value.asInt(0);
        }
        double share = Integer.parseInt(text.substring(0, text.length() - 1)) * total / 100.0;
        return (int) (up ? Math.ceil(share) : Math.floor(share));
    }

    /** Pods that may exist at a time. */
    int most() {
        return replicas + surge;
    }

    /** Pods that must be available. */
    int least() {
        return replicas - unavailable;
    }
}
