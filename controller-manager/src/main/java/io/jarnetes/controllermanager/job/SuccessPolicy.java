package io.jarnetes.controllermanager.job;

import io.jarnetes.kubeclient.Json;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** spec.successPolicy: when an indexed Job has done enough. */
final class SuccessPolicy {

    private SuccessPolicy() {}

    /**
     * @param policy may be missing
     * @return which rule is met; null for none
     */
    static @Nullable String met(JsonNode policy, int completions, Set<Integer> succeeded) {
        int index = 0;
        for (JsonNode rule : policy.path("rules")) {
            if (!succeeded.isEmpty() && met(rule, succeeded, completions)) {
                return "Matched rules at index " + index;
            }
            index++;
        }
        return null;
    }

    private static boolean met(JsonNode rule, Set<Integer> succeeded, int completions) {
        JsonNode count = rule.path("succeededCount");
        if (!Json.present(rule, "succeededIndexes")) {
            return count.isNumber() && succeeded.size() >= count.asInt(0);
        }
        Set<Integer> wanted =
                CompletedIndexes.parse(Json.text(rule, "succeededIndexes"), completions);
        if (wanted.isEmpty()) {
            return false;
        }
        Set<Integer> both = new TreeSet<>(wanted);
        both.retainAll(succeeded);
        return both.size() == wanted.size() || count.isNumber() && both.size() >= count.asInt(0);
    }
}
