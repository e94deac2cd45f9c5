package io.jarnetes.apiserver.server.registry.kinds;

import io.jarnetes.apiserver.server.registry.AdmissionHook;
import io.jarnetes.apiserver.server.registry.ApiException;
import io.jarnetes.apiserver.server.registry.ApiStatus;
import io.jarnetes.apiserver.server.registry.GroupResource;
import io.jarnetes.apiserver.server.registry.ListOptions;
import io.jarnetes.apiserver.server.registry.Meta;
import io.jarnetes.apiserver.server.registry.Registry;
import io.jarnetes.apiserver.server.registry.RequestContext;
import io.jarnetes.apiserver.server.registry.StatusCause;
import io.jarnetes.apiserver.server.registry.Store;
import io.jarnetes.apiserver.server.registry.selectors.LabelSelector;
import io.jarnetes.apiserver.server.registry.validation.SelectorRules;
import io.jarnetes.apiserver.server.storage.StoredObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * What evictions take from PodDisruptionBudgets: the controller says in {@code
 * status.disruptionsAllowed} how many pods may go, each eviction takes one of them off in the same
 * write in which it looked, and the controller counts anew.
 */
final class DisruptionBudgets {

    private static final GroupResource BUDGETS =
            new GroupResource("policy", "poddisruptionbudgets");
    private static final String DENIED =
            "Cannot evict pod as it would violate the pod's disruption budget.";
    private static final String CONDITION = "DisruptionAllowed";
    private static final int MAX_DISRUPTED_PODS = 2000;
    private static final int RETRY_SECONDS = 10;

    private final Registry registry;

    DisruptionBudgets(Registry registry) {
        this.registry = registry;
    }

    /** The one budget that the pod falls under. */
    Optional<ObjectNode> of(ObjectNode pod) {
        Map<String, String> labels = Meta.stringMap(pod.path("metadata").path("labels"));
        RequestContext context = RequestContext.internal(Meta.namespace(pod));
        List<ObjectNode> found = new ArrayList<>();
        for (StoredObject each :
                registry.store(BUDGETS.group(), BUDGETS.resource())
                        .list(context, ListOptions.ALL)
                        .items()) {
            ObjectNode budget = each.tree();
            LabelSelector selector = SelectorRules.parse(budget.path("spec").path("selector"));
            // Here an empty selector takes nothing, other than in the controller.
            if (selector != null && !selector.isEverything() && selector.matches(labels)) {
                found.add(budget);
            }
        }
        if (found.size() > 1) {
            throw new ApiException(
                    new ApiStatus(
                            500,
                            "",
                            "This pod has more than one PodDisruptionBudget, which the eviction"
                                    + " subresource does not support.",
                            null));
        }
        return found.stream().findFirst();
    }

    /** A pod that isn't ready disturbs nobody when it goes, while enough others are healthy. */
    static boolean sparesUnready(ObjectNode budget) {
        JsonNode status = budget.path("status");
        long desired = status.path("desiredHealthy").asLong(0);
        return budget.path("spec")
                        .path("unhealthyPodEvictionPolicy")
                        .asString("")
                        .equals("AlwaysAllow")
                || (status.path("currentHealthy").asLong(0) >= desired && desired > 0);
    }

    /**
     * Takes one disruption off for the pod.
     *
     * @throws ApiException 429 if none is allowed
     */
    void take(ObjectNode budget, String pod, String now, boolean dryRun) {
        Store statuses = registry.find(BUDGETS, "status").orElseThrow();
        RequestContext context = RequestContext.internal(Meta.namespace(budget));
        statuses.update(
                dryRun ? context.dry() : context,
                Meta.name(budget),
                current -> {
                    if (current == null) {
                        throw ApiException.notFound(BUDGETS, Meta.name(budget));
                    }
                    return taken(current, pod, now);
                },
                false,
                AdmissionHook.NONE);
    }

    private static ObjectNode taken(ObjectNode budget, String pod, String now) {
        check(budget);
        ObjectNode status = Meta.child(budget, "status");
        long left = status.path("disruptionsAllowed").asLong(0) - 1;
        status.put("disruptionsAllowed", left);
        if (left == 0) {
            noneAllowed(status, now);
        }
        Meta.child(status, "disruptedPods").put(pod, now);
        return budget;
    }

    private static void check(ObjectNode budget) {
        String name = Meta.name(budget);
        JsonNode status = budget.path("status");
        if (status.path("observedGeneration").asLong(0)
                < budget.path("metadata").path("generation").asLong(0)) {
            throw stillProcessed(name);
        }
        long allowed = status.path("disruptionsAllowed").asLong(0);
        if (allowed < 0) {
            throw ApiException.forbidden(
                    new GroupResource("policy", "poddisruptionbudget"),
                    name,
                    "pdb disruptions allowed is negative");
        }
        if (status.path("disruptedPods").size() > MAX_DISRUPTED_PODS) {
            throw ApiException.forbidden(
                    new GroupResource("policy", "poddisruptionbudget"),
                    name,
                    "DisruptedPods map too big - too many evictions not confirmed by PDB"
                            + " controller");
        }
        if (allowed == 0) {
            throw ApiException.tooManyRequests(DENIED, 0, cause(why(name, status)));
        }
    }

    private static String why(String name, JsonNode status) {
        JsonNode condition = condition(status);
        if (condition != null
                && condition.path("status").asString("").equals("False")
                && condition.path("reason").asString("").equals("SyncFailed")) {
            return "The disruption budget "
                    + name
                    + " does not allow evicting pods currently because it failed sync: "
                    + condition.path("message").asString("");
        }
        return "The disruption budget "
                + name
                + " needs "
                + status.path("desiredHealthy").asLong(0)
                + " healthy pods and has "
                + status.path("currentHealthy").asLong(0)
                + " currently";
    }

    static ApiException stillProcessed(String budget) {
        return ApiException.tooManyRequests(
                DENIED,
                RETRY_SECONDS,
                cause(
                        "The disruption budget "
                                + budget
                                + " is still being processed by the server."));
    }

    private static StatusCause cause(String message) {
        return new StatusCause("DisruptionBudget", message, "");
    }

    private static @Nullable ObjectNode condition(JsonNode status) {
        for (JsonNode each : status.path("conditions")) {
            if (each.path("type").asString("").equals(CONDITION)) {
                return (ObjectNode) each;
            }
        }
        return null;
    }

    private static void noneAllowed(ObjectNode status, String now) {
        ObjectNode condition = condition(status);
        if (condition == null) {
            ArrayNode conditions =
                    status.get("conditions") instanceof ArrayNode present
                            ? present
                            : status.putArray("conditions");
            condition = conditions.addObject();
            condition.put("type", CONDITION);
        }
        if (!condition.path("status").asString("").equals("False")) {
            condition.put("lastTransitionTime", now);
        }
        condition.put("status", "False");
        condition.put("reason", "InsufficientPods");
        condition.put("message", "");
        condition.put("observedGeneration", status.path("observedGeneration").asLong(0));
    }
}
