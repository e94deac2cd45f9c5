package io.jarnetes.controllermanager.job;

import io.jarnetes.kubeclient.Json;
import io.jarnetes.kubeclient.KubeObject;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** spec.podFailurePolicy: what a failed pod means. The first rule that matches decides. */
final class FailurePolicy {

    /**
     * What to do about a failed pod.
     *
     * @param action of the rule; empty if none matched
     * @param message why the Job fails; null unless the action is FailJob
     */
    record Match(String action, @Nullable String message) {

        private static final Match NONE = new Match("", null);

        /** Whether the failure counts towards a limit. */
        boolean counts() {
            return !action.equals("Ignore");
        }

        boolean failsIndex() {
            return action.equals("FailIndex");
        }
    }

    private FailurePolicy() {}

    static Match match(KubeObject job, KubeObject pod) {
        int index = 0;
        for (JsonNode rule : job.at("spec", "podFailurePolicy", "rules")) {
            String subject = subject(rule, pod);
            if (subject != null) {
                String action = Json.text(rule, "action");
                String message = subject + " matching " + action + " rule at index " + index;
                return new Match(action, action.equals("FailJob") ? message : null);
            }
            index++;
        }
        return Match.NONE;
    }

    /** What it is about the pod that matches; null if nothing does. */
    private static @Nullable String subject(JsonNode rule, KubeObject pod) {
        if (Json.present(rule, "onExitCodes")) {
            JsonNode container = exited(rule.path("onExitCodes"), pod);
            return container == null
                    ? null
                    : "Container %s for pod %s failed with exit code %s"
                            .formatted(
                                    Json.text(container, "name"),
                                    pod.key(),
                                    Json.text(container, "state", "terminated", "exitCode"));
        }
        for (JsonNode condition : pod.at("status", "conditions")) {
            for (JsonNode pattern : rule.path("onPodConditions")) {
                if (Json.text(condition, "type").equals(Json.text(pattern, "type"))
                        && Json.text(condition, "status").equals(Json.text(pattern, "status"))) {
                    return "Pod %s has condition %s"
                            .formatted(pod.key(), Json.text(condition, "type"));
                }
            }
        }
        return null;
    }

    private static @Nullable JsonNode exited(JsonNode wanted, KubeObject pod) {
        List<Integer> values = new ArrayList<>();
        wanted.path("values").forEach(value -> values.add(value.asInt(0)));
        boolean in = Json.text(wanted, "operator").equals("In");
        String name = Json.text(wanted, "containerName");
        for (String field : List.of("containerStatuses", "initContainerStatuses")) {
            for (JsonNode container : pod.at("status", field)) {
                int code = Json.number(0, container, "state", "terminated", "exitCode");
                boolean named = name.isEmpty() || name.equals(Json.text(container, "name"));
                if (named && code != 0 && values.contains(code) == in) {
                    return container;
                }
            }
        }
        return null;
    }
}
