package io.jarnetes.apiserver.server.patch;

import tools.jackson.databind.JsonNode;

/** Equality of trees by value: 1 is 1, whatever kind of number node holds it. */
final class Same {
    private Same() {}

    static boolean equal(JsonNode a, JsonNode b) {
        return a.equals(Same::compare, b);
    }

    private static int compare(JsonNode a, JsonNode b) {
        if (a.isNumber() && b.isNumber()) {
            return a.decimalValue().compareTo(b.decimalValue());
        }
        return a.equals(b) ? 0 : 1;
    }
}
