package io.jarnetes.apiserver.schema.conversion;

import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * HorizontalPodAutoscalers between v2 and v1. v1 knows one metric, the CPU's utilization; what else
 * v2 has travels in annotations.
 */
final class Autoscalers {
    private static final String PREFIX = "autoscaling.alpha.kubernetes.io/";
    private static final JsonMapper MAPPER =
            JsonMapper.builder().enable(DeserializationFeature.USE_LONG_FOR_INTS).build();

    private Autoscalers() {}

    static void toV1(ObjectNode object) {
        ObjectNode spec = child(object, "spec");
        ArrayNode others = JsonNodeFactory.instance.arrayNode();
        JsonNode metrics = spec.remove("metrics");
        if (metrics != null) {
            for (JsonNode metric : metrics) {
                JsonNode target = metric.at("/resource/target/averageUtilization");
                boolean cpu = metric.at("/resource/name").asString("").equals("cpu");
                if (cpu && target.isNumber()) {
                    spec.set("targetCPUUtilizationPercentage", target);
                } else {
                    others.add(metric);
                }
            }
        }
        annotate(object, "metrics", others.isEmpty() ? null : others);
        annotate(object, "behavior", spec.remove("behavior"));
        if (object.get("status") instanceof ObjectNode status) {
            currentToV1(object, status);
        }
    }

    private static void currentToV1(ObjectNode object, ObjectNode status) {
        JsonNode current = status.remove("currentMetrics");
        ArrayNode others = JsonNodeFactory.instance.arrayNode();
        if (current != null) {
            for (JsonNode metric : current) {
                JsonNode value = metric.at("/resource/current/averageUtilization");
                boolean cpu = metric.at("/resource/name").asString("").equals("cpu");
                if (cpu && value.isNumber()) {
                    status.set("currentCPUUtilizationPercentage", value);
                }
                others.add(metric);
            }
        }
        annotate(object, "current-metrics", others.isEmpty() ? null : others);
        annotate(object, "conditions", status.remove("conditions"));
    }

    static void toV2(ObjectNode object) {
        ObjectNode spec = child(object, "spec");
        ArrayNode metrics = JsonNodeFactory.instance.arrayNode();
        if (take(object, "metrics") instanceof ArrayNode others) {
            metrics.addAll(others);
        }
        JsonNode cpu = spec.remove("targetCPUUtilizationPercentage");
        if (cpu != null && cpu.isNumber()) {
            ObjectNode metric = metrics.addObject().put("type", "Resource");
            ObjectNode resource = metric.putObject("resource").put("name", "cpu");
            resource.putObject("target").put("type", "Utilization").set("averageUtilization", cpu);
        }
        if (!metrics.isEmpty()) {
            spec.set("metrics", metrics);
        }
        JsonNode behavior = take(object, "behavior");
        if (behavior != null) {
            spec.set("behavior", behavior);
        }
        JsonNode current = take(object, "current-metrics");
        JsonNode conditions = take(object, "conditions");
        if (object.get("status") instanceof ObjectNode status) {
            status.remove("currentCPUUtilizationPercentage");
            if (current != null) {
                status.set("currentMetrics", current);
            }
            if (conditions != null) {
                status.set("conditions", conditions);
            }
        }
    }

    private static ObjectNode child(ObjectNode object, String field) {
        return object.get(field) instanceof ObjectNode child ? child : object.putObject(field);
    }

    private static void annotate(ObjectNode object, String name, @Nullable JsonNode value) {
        if (value != null && !value.isNull()) {
            child(child(object, "metadata"), "annotations").put(PREFIX + name, value.toString());
        }
    }

    /** An annotation's content, which leaves the object; null if it is none or no JSON. */
    private static @Nullable JsonNode take(ObjectNode object, String name) {
        JsonNode text =
                object.at("/metadata/annotations") instanceof ObjectNode annotations
                        ? annotations.remove(PREFIX + name)
                        : null;
        try {
            return text == null ? null : MAPPER.readTree(text.asString(""));
        } catch (JacksonException e) {
            return null;
        }
    }
}
