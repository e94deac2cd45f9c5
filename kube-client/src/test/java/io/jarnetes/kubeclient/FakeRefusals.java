package io.jarnetes.kubeclient;

import tools.jackson.databind.node.ObjectNode;

/** How an apiserver says no. */
final class FakeRefusals {

    private FakeRefusals() {}

    static ObjectNode status(int code, String reason, String message) {
        return Json.of(
                "kind",
                "Status",
                "apiVersion",
                "v1",
                "status",
                "Failure",
                "message",
                message,
                "reason",
                reason,
                "code",
                code);
    }

    static ApiException refusal(
            int code, String reason, String text, Resource resource, String name) {
        return ApiException.of(
                code, status(code, reason, text.formatted(resource.groupResource(), name)));
    }

    static ApiException conflict(Resource resource, String name) {
        return refusal(
                409,
                "Conflict",
                "Operation cannot be fulfilled on %s \"%s\": the object has been modified; please"
                        + " apply your changes to the latest version and try again",
                resource,
                name);
    }
}
