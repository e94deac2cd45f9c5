package io.jarnetes.apiserver.server.registry.rules;

import io.jarnetes.apiserver.server.registry.Meta;
import io.jarnetes.apiserver.server.registry.pods.PodParts;
import io.jarnetes.apiserver.server.registry.validation.InternalForm;
import io.jarnetes.apiserver.server.registry.validation.MetaValidation;
import io.jarnetes.apiserver.server.registry.validation.NameRules;
import io.jarnetes.apiserver.server.registry.validation.NodeLabels;
import io.jarnetes.apiserver.server.registry.validation.SelectorRules;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Priority classes, leases, runtime classes, disruption budgets. */
final class SmallKinds {

    private static final long HIGHEST_PRIORITY = 1_000_000_000;
    private static final Map<String, Long> SYSTEM_PRIORITIES =
            Map.of(
                    "system-node-critical",
                    2_000_001_000L,
                    "system-cluster-critical",
                    2_000_000_000L);
    private static final String PERCENT =
            NameRules.regex(
                    "a valid percent string must be a numeric string followed by an ending '%'",
                    "[0-9]+%", "1%", "93%");

    private SmallKinds() {}

    /** Why a class of this name stays; null if it needn't. */
    static @Nullable String systemPriorityClass(String name) {
        return SYSTEM_PRIORITIES.containsKey(name)
                ? "this is a system priority class and cannot be deleted"
                : null;
    }

    static void priorityClass(Field object) {
        Field name = object.at("metadata").at("name");
        if (name.text().startsWith("system-")) {
            String wrong = systemPriority(name.text(), object);
            if (!wrong.isEmpty()) {
                name.forbidden(
                        "priority class names with 'system-' prefix are reserved for system use"
                                + " only. error: "
                                + wrong);
            }
        } else if (object.at("value").number() > HIGHEST_PRIORITY) {
            object.at("value")
                    .forbidden(
                            "maximum allowed value of a user defined priority is "
                                    + HIGHEST_PRIORITY);
        }
        object.at("preemptionPolicy").supported(List.of("PreemptLowerPriority", "Never"));
    }

    private static String systemPriority(String name, Field object) {
        Long value = SYSTEM_PRIORITIES.get(name);
        if (value == null) {
            return name + " is not a known system priority class";
        }
        if (object.at("value").number() != value) {
            return "value of " + name + " PriorityClass must be " + value;
        }
        return object.at("globalDefault").flag()
                ? "globalDefault of " + name + " PriorityClass must be false"
                : "";
    }

    static void priorityClassUpdate(Field object, JsonNode old) {
        if (object.at("value").number() != old.path("value").asLong(0)) {
            object.at("value").forbidden("may not be changed in an update.");
        }
        object.at("preemptionPolicy").unchanged(old.path("preemptionPolicy"));
    }

    static void lease(Field object) {
        Field spec = object.at("spec");
        Field seconds = spec.at("leaseDurationSeconds");
        if (seconds.set() && seconds.number() <= 0) {
            seconds.invalid("must be greater than 0");
        }
        spec.at("leaseTransitions").nonNegative();
        Field strategy = spec.at("strategy");
        if (strategy.set()) {
            Field at = strategy.at("strategy");
            if (strategy.text().contains("/")) {
                at.errors()
                        .invalid(
                                at.path(),
                                strategy.text(),
                                NameRules.qualifiedName(strategy.text()));
            } else if (!strategy.text().equals("OldestEmulationVersion")) {
                at.errors()
                        .notSupported(
                                at.path(), strategy.text(), List.of("OldestEmulationVersion"));
            }
        }
        if (!spec.at("preferredHolder").empty() && strategy.empty()) {
            spec.at("preferredHolder").forbidden("may only be specified if `strategy` is defined");
        }
    }

    static void runtimeClass(Field object) {
        object.at("handler").needed(NameRules::dns1123Label);
        Field overhead = object.at("overhead");
        if (overhead.set()) {
            ObjectNode resources = Meta.object();
            resources.set("limits", overhead.at("podFixed").value());
            PodParts.resources(resources, overhead.path(), object.errors());
        }
        Field scheduling = object.at("scheduling");
        MetaValidation.labels(
                Meta.stringMap(scheduling.at("nodeSelector").value()),
                scheduling.path() + ".nodeSelector",
                object.errors());
        Field tolerations = scheduling.at("tolerations");
        PodParts.tolerations(tolerations.value(), tolerations.path(), object.errors());
        Set<List<String>> seen = new HashSet<>();
        for (Field each : tolerations.items()) {
            List<String> key =
                    List.of(
                            each.at("key").text(),
                            each.at("operator").text(),
                            each.at("value").text(),
                            each.at("effect").text());
            if (!seen.add(key)) {
                each.errors().duplicate(each.path(), InternalForm.of("Toleration", each.value()));
            }
        }
    }

    static List<String> runtimeClassWarnings(JsonNode object) {
        List<String> warnings = new ArrayList<>();
        JsonNode selector = object.path("scheduling").path("nodeSelector");
        for (String label : new TreeSet<>(selector.propertyNames())) {
            String message = NodeLabels.deprecation(label);
            if (!message.isEmpty()) {
                warnings.add("scheduling.nodeSelector: " + message);
            }
        }
        return warnings;
    }

    static void disruptionBudget(Field object) {
        Field spec = object.at("spec");
        Field least = spec.at("minAvailable");
        Field most = spec.at("maxUnavailable");
        if (least.set() && most.set()) {
            spec.errors()
                    .invalid(
                            spec.path(),
                            InternalForm.of("PodDisruptionBudgetSpec", spec.value()),
                            "minAvailable and maxUnavailable cannot be both set");
        }
        share(least);
        share(most);
        if (spec.at("selector").set()) {
            SelectorRules.validate(
                    spec.at("selector").value(), spec.path() + ".selector", object.errors());
        }
        spec.at("unhealthyPodEvictionPolicy").supported(List.of("AlwaysAllow", "IfHealthyBudget"));
    }

    /** A number or a percentage, of at most all. */
    private static void share(Field share) {
        if (share.value().isString()) {
            String text = share.text();
            if (!text.matches("[0-9]+%")) {
                share.invalid(PERCENT);
            } else if (text.length() > 4
                    || Integer.parseInt(text.substring(0, text.length() - 1)) > 100) {
                share.invalid("must not be greater than 100%");
            }
        } else if (share.set()) {
            share.nonNegative();
        }
    }

    static void disruptionBudgetStatus(Field object, JsonNode old) {
        for (String field :
                List.of("disruptionsAllowed", "currentHealthy", "desiredHealthy", "expectedPods")) {
            object.at("status").at(field).nonNegative();
        }
    }
}
