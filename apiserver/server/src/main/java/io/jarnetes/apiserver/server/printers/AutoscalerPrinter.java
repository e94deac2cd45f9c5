package io.jarnetes.apiserver.server.printers;

import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/** The row of a HorizontalPodAutoscaler, in its v1 or v2 form. */
final class AutoscalerPrinter {
    private static final int SHOWN = 2;

    private AutoscalerPrinter() {}

    static void print(Row row) {
        row.name()
                .text(
                        row.str("/spec/scaleTargetRef/kind")
                                + "/"
                                + row.str("/spec/scaleTargetRef/name"))
                .text(targets(row))
                .text(row.str("/spec/minReplicas", Row.UNSET))
                .number(row.num("/spec/maxReplicas"))
                .number(row.num("/status/currentReplicas"))
                .age();
    }

    private static String targets(Row row) {
        List<String> targets = new ArrayList<>();
        String cpu = row.str("/spec/targetCPUUtilizationPercentage");
        if (!cpu.isEmpty()) {
            String current = row.str("/status/currentCPUUtilizationPercentage");
            targets.add(
                    "cpu: " + (current.isEmpty() ? "<unknown>" : current + "%") + "/" + cpu + "%");
        }
        int place = 0;
        for (JsonNode metric : row.items("/spec/metrics")) {
            JsonNode status = row.at("/status/currentMetrics/" + place);
            targets.add(target(metric, status));
            place++;
        }
        return Row.some(targets, SHOWN, ", ", Row.NONE);
    }

    private static String target(JsonNode metric, JsonNode status) {
        String type = metric.path("type").asString("");
        String field =
                switch (type) {
                    case "External" -> "external";
                    case "Pods" -> "pods";
                    case "Object" -> "object";
                    case "Resource" -> "resource";
                    case "ContainerResource" -> "containerResource";
                    default -> "";
                };
        if (field.isEmpty()) {
            return "<unknown type>";
        }
        JsonNode spec = metric.path(field);
        JsonNode current = status.path(field).path("current");
        return switch (type) {
            case "Resource", "ContainerResource" -> resource(spec, current);
            case "Pods" -> pair(current, spec.path("target"), "averageValue");
            default ->
                    spec.at("/target/averageValue").isMissingNode()
                            ? pair(current, spec.path("target"), "value")
                            : pair(current, spec.path("target"), "averageValue") + " (avg)";
        };
    }

    private static String pair(JsonNode current, JsonNode target, String field) {
        JsonNode now = current.path(field);
        return now.asString("<unknown>") + "/" + target.path(field).asString("0");
    }

    private static String resource(JsonNode spec, JsonNode current) {
        String name = spec.path("name").asString("") + ": ";
        if (spec.at("/target").has("averageValue")) {
            return name + pair(current, spec.path("target"), "averageValue");
        }
        return name + percent(current, "<unknown>") + "/" + percent(spec.path("target"), "<auto>");
    }

    private static String percent(JsonNode in, String otherwise) {
        JsonNode value =
                in.isObject()
                        ? in.path("averageUtilization")
                        : JsonNodeFactory.instance.missingNode();
        return value.isNumber() ? value.asLong() + "%" : otherwise;
    }
}
