package io.jarnetes.apiserver.server.registry.rules;

import io.jarnetes.apiserver.schema.codec.Quantity;
import io.jarnetes.apiserver.server.registry.validation.NameRules;
import java.util.List;
import tools.jackson.databind.JsonNode;

/** HorizontalPodAutoscalers, as {@code autoscaling/v2} has them. */
final class AutoscalerRules {

    private static final int MAX_WINDOW_SECONDS = 3600;
    private static final int MAX_PERIOD_SECONDS = 1800;
    private static final List<String> METRICS =
            List.of("ContainerResource", "External", "Object", "Pods", "Resource");

    /** The sources of a metric, in the order in which they are looked at. */
    private static final List<String> SOURCES =
            List.of("object", "external", "pods", "resource", "containerResource");

    private AutoscalerRules() {}

    static void validate(Field autoscaler) {
        Field spec = autoscaler.at("spec");
        Field least = spec.at("minReplicas");
        Field most = spec.at("maxReplicas");
        if (least.set() && least.number() < 1) {
            least.invalid("must be greater than or equal to 1");
        }
        if (most.number() == 0) {
            most.required("must be set and greater than 0");
        } else if (most.number() < 0) {
            most.invalid("must be greater than or equal to 1");
        }
        if (least.set() && most.number() < least.number()) {
            most.errors()
                    .invalid(
                            most.path(),
                            most.number(),
                            "must be greater than or equal to `minReplicas`");
        }
        reference(spec.at("scaleTargetRef"), false);
        spec.at("metrics").items().forEach(AutoscalerRules::metric);
        boolean scalesFromOutside =
                spec.at("metrics").items().stream()
                        .map(each -> each.at("type").text())
                        .anyMatch(type -> type.equals("Object") || type.equals("External"));
        if (least.set() && least.number() == 0 && !scalesFromOutside) {
            spec.at("metrics")
                    .forbidden(
                            "must specify at least one Object or External metric to support scaling"
                                    + " to zero replicas");
        }
        scaling(spec.at("behavior").at("scaleUp"));
        scaling(spec.at("behavior").at("scaleDown"));
    }

    static void status(Field autoscaler, JsonNode old) {
        autoscaler.at("status").at("currentReplicas").nonNegative();
        autoscaler.at("status").at("desiredReplicas").nonNegative();
    }

    private static void reference(Field reference, boolean groupMayBeEmpty) {
        reference.at("kind").needed(text -> NameRules.pathSegment(text, false));
        reference.at("name").needed(text -> NameRules.pathSegment(text, false));
        Field version = reference.at("apiVersion");
        String[] parts = version.text().split("/", -1);
        if (parts.length > 2) {
            version.invalid("unexpected GroupVersion string: " + version.text());
        } else if (!groupMayBeEmpty && (parts.length < 2 || parts[0].isEmpty())) {
            version.errors()
                    .invalid(version.path(), version.text(), "apiVersion must specify API group");
        }
    }

    private static void metric(Field metric) {
        Field type = metric.at("type");
        if (type.empty()) {
            type.required("must specify a metric source type");
        }
        String expected =
                METRICS.contains(type.text())
                        ? Character.toLowerCase(type.text().charAt(0)) + type.text().substring(1)
                        : "";
        if (expected.isEmpty()) {
            type.errors().notSupported(type.path(), type.text(), METRICS);
        }
        List<String> present = SOURCES.stream().filter(source -> metric.at(source).set()).toList();
        if (!present.isEmpty()) {
            source(present.getFirst(), metric.at(present.getFirst()));
        }
        if (!expected.isEmpty() && !present.contains(expected)) {
            metric.at(expected).required("must populate information for the given metric source");
        }
        if (expected.isEmpty()) {
            // Upstream asks twice.
            type.errors().notSupported(type.path(), type.text(), METRICS);
        }
        if (present.size() != 1) {
            present.stream()
                    .filter(source -> !source.equals(expected))
                    .forEach(source ->
                            metric.at(source)
                                    .forbidden("must populate the given metric source only"));
        }
    }

    private static void source(String kind, Field source) {
        switch (kind) {
            case "object" -> {
                reference(source.at("describedObject"), true);
                measured(source);
                anyOf(source, "value", "must set either a target value or averageValue");
            }
            case "external" -> {
                measured(source);
                anyOf(
                        source,
                        "value",
                        "must set either a target value for metric or a per-pod target");
                notBoth(
                        source,
                        "value",
                        "may not set both a target value for metric and a per-pod target");
            }
            case "pods" -> {
                measured(source);
                if (!source.at("target").at("averageValue").set()) {
                    source.at("target")
                            .at("averageValue")
                            .required("must specify a positive target averageValue");
                }
            }
            default -> resource(kind, source);
        }
    }

    private static void resource(String kind, Field source) {
        if (source.at("name").empty()) {
            source.at("name").required("must specify a resource name");
        }
        if (kind.equals("containerResource")) {
            if (source.at("container").empty()) {
                source.at("container").required("must specify a container");
            } else {
                source.at("container").follows(NameRules::dns1123Label);
            }
        }
        target(source.at("target"));
        Field used = source.at("target").at("averageUtilization");
        Field value = source.at("target").at("averageValue");
        if (!used.set() && !value.set()) {
            used.required("must set either a target raw value or a target utilization");
        } else if (used.set() && value.set()) {
            value.forbidden("may not set both a target raw value and a target utilization");
        }
    }

    private static void measured(Field source) {
        Field name = source.at("metric").at("name");
        if (name.empty()) {
            name.required("must specify a metric name");
        } else {
            name.follows(text -> NameRules.pathSegment(text, false));
        }
        target(source.at("target"));
    }

    private static void anyOf(Field source, String other, String detail) {
        Field average = source.at("target").at("averageValue");
        if (!average.set() && !source.at("target").at(other).set()) {
            average.required(detail);
        }
    }

    private static void notBoth(Field source, String other, String detail) {
        if (source.at("target").at("averageValue").set() && source.at("target").at(other).set()) {
            source.at("target").at(other).forbidden(detail);
        }
    }

    private static void target(Field target) {
        Field type = target.at("type");
        if (type.empty()) {
            type.required("must specify a metric target type");
        }
        if (!List.of("Utilization", "Value", "AverageValue").contains(type.text())) {
            type.errors()
                    .invalid(
                            type.path(),
                            type.text(),
                            "must be either Utilization, Value, or AverageValue");
        }
        positive(target.at("value"));
        positive(target.at("averageValue"));
        Field used = target.at("averageUtilization");
        if (used.set() && used.number() < 1) {
            used.invalid("must be greater than 0");
        }
    }

    private static void positive(Field amount) {
        Quantity quantity = amount.quantity();
        if (quantity != null && quantity.compareTo(Quantity.ZERO) <= 0) {
            amount.invalid("must be positive");
        }
    }

    private static void scaling(Field rules) {
        if (!rules.set()) {
            return;
        }
        Field window = rules.at("stabilizationWindowSeconds");
        if (window.number() < 0) {
            window.invalid("must be greater than or equal to zero");
        } else if (window.number() > MAX_WINDOW_SECONDS) {
            window.invalid("must be less than or equal to " + MAX_WINDOW_SECONDS);
        }
        rules.at("selectPolicy").supported(List.of("Disabled", "Max", "Min"));
        if (rules.at("policies").empty()) {
            rules.at("policies").required("must specify at least one Policy");
        }
        rules.at("policies").items().forEach(AutoscalerRules::policy);
        Quantity tolerance = rules.at("tolerance").quantity();
        if (tolerance != null && tolerance.compareTo(Quantity.ZERO) < 0) {
            rules.at("tolerance").invalid(Field.NEGATIVE);
        }
    }

    private static void policy(Field policy) {
        List<String> types = List.of("Percent", "Pods");
        if (!types.contains(policy.at("type").text())) {
            policy.errors().notSupported(policy.path() + ".type", policy.at("type").text(), types);
        }
        for (String field : List.of("value", "periodSeconds")) {
            Field number = policy.at(field);
            if (number.number() <= 0) {
                number.errors()
                        .invalid(number.path(), number.number(), "must be greater than zero");
            }
        }
        if (policy.at("periodSeconds").number() > MAX_PERIOD_SECONDS) {
            policy.at("periodSeconds")
                    .invalid("must be less than or equal to " + MAX_PERIOD_SECONDS);
        }
    }
}
