package io.jarnetes.controllermanager.framework;

import io.jarnetes.kubeclient.Json;
import io.jarnetes.kubeclient.KubeObject;
import java.time.Instant;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.MissingNode;
import tools.jackson.databind.node.ObjectNode;

/** The list {@code conditions} of a status tree. */
public final class Conditions {

    private Conditions() {}

    public static JsonNode find(JsonNode status, String type) {
        for (JsonNode condition : status.path("conditions")) {
            if (Json.text(condition, "type").equals(type)) {
                return condition;
            }
        }
        return MissingNode.getInstance();
    }

    /**
     * Sets a condition in place, or at the end if it is new. lastTransitionTime only moves when the
     * status does.
     *
     * @return whether anything changed
     */
    public static boolean set(
            ObjectNode status,
            String type,
            String value,
            String reason,
            String message,
            Instant now) {
        ObjectNode condition = Json.of("type", type, "status", value);
        JsonNode before = find(status, type);
        boolean same = Json.text(before, "status").equals(value);
        condition.put(
                "lastTransitionTime",
                same ? Json.text(before, "lastTransitionTime") : KubeObject.time(now));
        if (!reason.isEmpty()) {
            condition.put("reason", reason);
        }
        if (!message.isEmpty()) {
            condition.put("message", message);
        }
        if (same
                && Json.text(before, "reason").equals(reason)
                && Json.text(before, "message").equals(message)) {
            return false;
        }
        ArrayNode conditions = status.withArrayProperty("conditions");
        for (int i = 0; i < conditions.size(); i++) {
            if (Json.text(conditions.path(i), "type").equals(type)) {
                ObjectNode merged = ((ObjectNode) conditions.path(i)).deepCopy();
                merged.setAll(condition);
                conditions.set(i, merged);
                return true;
            }
        }
        conditions.add(condition);
        return true;
    }

    /** Takes a condition away; the list goes with its last element. */
    public static boolean remove(ObjectNode status, String type) {
        if (!(status.path("conditions") instanceof ArrayNode conditions)) {
            return false;
        }
        for (int i = 0; i < conditions.size(); i++) {
            if (Json.text(conditions.path(i), "type").equals(type)) {
                conditions.remove(i);
                if (conditions.isEmpty()) {
                    status.remove("conditions");
                }
                return true;
            }
        }
        return false;
    }
}
