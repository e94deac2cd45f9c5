package io.jarnetes.launcher;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Reads the Ready condition of a Node. */
final class NodeStatus {

    private NodeStatus() {}

    static boolean ready(String json) {
        JsonNode node = new JsonMapper().readTree(json);
        for (JsonNode condition : node.path("status").path("conditions")) {
            if (condition.path("type").asString("").equals("Ready")) {
                return condition.path("status").asString("").equals("True");
            }
        }
        return false;
    }
}
