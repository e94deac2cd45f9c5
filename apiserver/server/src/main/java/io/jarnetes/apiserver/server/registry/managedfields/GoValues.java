package io.jarnetes.apiserver.server.registry.managedfields;

import java.util.Map;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;

/** Values as structured-merge-diff's errors show them, where that is not {@code %v}. */
final class GoValues {

    private GoValues() {}

    /** {@code %T}. */
    static String typeName(JsonNode node) {
        if (node.isString()) {
            return "string";
        }
        if (node.isBoolean()) {
            return "bool";
        }
        if (node.isIntegralNumber()) {
            return "int64";
        }
        if (node.isNumber()) {
            return "float64";
        }
        return node.isArray() ? "[]interface {}" : "map[string]interface {}";
    }

    /** {@code %#v} of structured-merge-diff's box around a value. */
    static String boxed(JsonNode node) {
        return "&value.valueUnstructured{Value:" + syntax(node) + "}";
    }

    private static String syntax(JsonNode node) {
        if (node.isObject()) {
            return node.propertyStream()
                    .sorted(Map.Entry.comparingByKey())
                    .map(each -> '"' + each.getKey() + "\":" + syntax(each.getValue()))
                    .collect(Collectors.joining(", ", "map[string]interface {}{", "}"));
        }
        if (node.isArray()) {
            return node.valueStream()
                    .map(GoValues::syntax)
                    .collect(Collectors.joining(", ", "[]interface {}{", "}"));
        }
        return node.isNull() ? "interface {}(nil)" : node.toString();
    }
}
