package io.jarnetes.apiserver.server.registry.kinds;

import io.jarnetes.apiserver.server.registry.AdmissionHook;
import io.jarnetes.apiserver.server.registry.ApiException;
import io.jarnetes.apiserver.server.registry.ApiStatus;
import io.jarnetes.apiserver.server.registry.DeleteOptions;
import io.jarnetes.apiserver.server.registry.DeleteOptionsReader;
import io.jarnetes.apiserver.server.registry.GenericStore;
import io.jarnetes.apiserver.server.registry.GroupResource;
import io.jarnetes.apiserver.server.registry.Meta;
import io.jarnetes.apiserver.server.registry.RequestContext;
import io.jarnetes.apiserver.server.registry.Store;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** {@code pods/eviction}: deletes a pod if its disruption budget lets it go. */
final class EvictionStore implements Store {

    /** Pods of these phases do no work that a budget could guard. */
    private static final Set<String> UNGUARDED = Set.of("Succeeded", "Failed", "Pending");

    private static final int MAX_ATTEMPTS = 20;

    private final GenericStore pods;
    private final DisruptionBudgets budgets;

    EvictionStore(GenericStore pods, DisruptionBudgets budgets) {
        this.pods = pods;
        this.budgets = budgets;
    }

    @Override
    public GroupResource resource() {
        return pods.resource();
    }

    @Override
    public ObjectNode create(
            RequestContext context, String name, ObjectNode eviction, AdmissionHook admission) {
        if (!name.equals(Meta.name(eviction))) {
            throw ApiException.badRequest("name in URL does not match name in Eviction object");
        }
        admission.mutate(eviction, null);
        admission.validate(eviction, null);
        DeleteOptions options =
                eviction.get("deleteOptions") instanceof ObjectNode given
                        ? DeleteOptionsReader.read(given)
                        : DeleteOptions.DEFAULT;
        evict(context, name, options);
        return new ApiStatus(201, "", "", null).toTree();
    }

    private void evict(RequestContext context, String name, DeleteOptions options) {
        for (int attempt = 1; ; attempt++) {
            ObjectNode pod = pods.get(context, name, "").tree();
            if (!unguarded(pod)) {
                evictGuarded(context, pod, options);
                return;
            }
            boolean mayBecomeReady =
                    pod.path("status").path("phase").asString("").equals("Pending")
                            && !Meta.deleting(pod);
            try {
                remove(context, name, mayBecomeReady ? unchanged(options, pod) : options);
                return;
            } catch (ApiException e) {
                // Somebody else wrote; the pod may be under its budget by now.
                if (!e.is("Conflict") || isSet(options) || attempt == MAX_ATTEMPTS) {
                    throw e;
                }
            }
        }
    }

    private static boolean unguarded(ObjectNode pod) {
        return Meta.deleting(pod)
                || UNGUARDED.contains(pod.path("status").path("phase").asString(""));
    }

    private void evictGuarded(RequestContext context, ObjectNode pod, DeleteOptions options) {
        String name = Meta.name(pod);
        Optional<ObjectNode> budget = budgets.of(pod);
        if (budget.isPresent() && !ready(pod) && DisruptionBudgets.sparesUnready(budget.get())) {
            try {
                remove(context, name, unchanged(options, pod));
            } catch (ApiException e) {
                // It may have become ready; who asked is to ask again.
                if (e.is("Conflict") && !isSet(options)) {
                    throw DisruptionBudgets.stillProcessed(Meta.name(budget.get()));
                }
                throw e;
            }
            return;
        }
        if (budget.isPresent()) {
            budgets.take(budget.get(), name, pods.now(), context.dryRun());
        }
        remove(context, name, options);
    }

    private static boolean ready(ObjectNode pod) {
        for (JsonNode each : pod.path("status").path("conditions")) {
            if (each.path("type").asString("").equals("Ready")) {
                return each.path("status").asString("").equals("True");
            }
        }
        return false;
    }

    private static boolean isSet(DeleteOptions options) {
        return options.resourceVersion() != null;
    }

    private static DeleteOptions unchanged(DeleteOptions options, ObjectNode pod) {
        return isSet(options) ? options : at(options, Meta.resourceVersion(pod));
    }

    private static DeleteOptions at(DeleteOptions options, String resourceVersion) {
        return new DeleteOptions(
                options.gracePeriodSeconds(),
                options.propagationPolicy(),
                options.uid(),
                resourceVersion,
                options.orphanDependents());
    }

    /** Says on the pod why it goes, then deletes it. */
    private void remove(RequestContext context, String name, DeleteOptions options) {
        DeleteOptions left = options;
        if (!context.dryRun()) {
            ObjectNode marked =
                    pods.rawUpdate(context, name, pod -> marked(pod, options, pods.now()));
            left = isSet(options) ? at(options, Meta.resourceVersion(marked)) : options;
        }
        pods.delete(context, name, left, AdmissionHook.NONE);
    }

    private static ObjectNode marked(ObjectNode pod, DeleteOptions options, String now) {
        precondition("UID", options.uid(), Meta.uid(pod), pod);
        precondition("ResourceVersion", options.resourceVersion(), Meta.resourceVersion(pod), pod);
        ObjectNode status = Meta.child(pod, "status");
        ArrayNode conditions =
                status.get("conditions") instanceof ArrayNode present
                        ? present
                        : status.putArray("conditions");
        String since = now;
        for (int i = conditions.size() - 1; i >= 0; i--) {
            JsonNode each = conditions.get(i);
            if (each.path("type").asString("").equals("DisruptionTarget")) {
                if (each.path("status").asString("").equals("True")) {
                    since = each.path("lastTransitionTime").asString(now);
                }
                conditions.remove(i);
            }
        }
        ObjectNode condition = conditions.addObject();
        condition.put("type", "DisruptionTarget");
        condition.put("observedGeneration", pod.path("metadata").path("generation").asLong(0));
        condition.put("status", "True");
        condition.putNull("lastProbeTime");
        condition.put("lastTransitionTime", since);
        condition.put("reason", "EvictionByEvictionAPI");
        condition.put("message", "Eviction API: evicting");
        return pod;
    }

    private static void precondition(
            String what, @Nullable String wanted, String found, ObjectNode pod) {
        if (wanted == null || wanted.isEmpty() || wanted.equals(found)) {
            return;
        }
        String happened =
                what.equals("UID")
                        ? "The object might have been deleted and then recreated"
                        : "The object might have been modified";
        throw ApiException.conflict(
                new GroupResource("", "Pod"),
                Meta.name(pod),
                "the %s in the precondition (%s) does not match the %s in record (%s). %s"
                        .formatted(what, wanted, what, found, happened));
    }
}
