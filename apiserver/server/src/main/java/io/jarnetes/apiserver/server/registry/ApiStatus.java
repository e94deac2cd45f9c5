package io.jarnetes.apiserver.server.registry;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * A {@code metav1.Status}: the body of every error.
 *
 * @param code the HTTP status; 0 for a success that tells none
 * @param reason such as {@code NotFound}, empty for none
 * @param continueToken of {@code metadata.continue}, empty for none
 */
public record ApiStatus(
        int code,
        String reason,
        String message,
        @Nullable StatusDetails details,
        String continueToken) {

    public ApiStatus(int code, String reason, String message, @Nullable StatusDetails details) {
        this(code, reason, message, details, "");
    }

    /** The object as it goes over the wire, its fields in upstream's order. */
    public ObjectNode toTree() {
        ObjectNode status = JsonNodeFactory.instance.objectNode();
        status.put("kind", "Status");
        status.put("apiVersion", "v1");
        putText(status.putObject("metadata"), "continue", continueToken);
        status.put("status", code == 0 || (code >= 200 && code < 300) ? "Success" : "Failure");
        putText(status, "message", message);
        putText(status, "reason", reason);
        if (details != null) {
            status.set("details", detailsTree(details));
        }
        if (code != 0) {
            status.put("code", code);
        }
        return status;
    }

    private static ObjectNode detailsTree(StatusDetails details) {
        ObjectNode tree = JsonNodeFactory.instance.objectNode();
        putText(tree, "name", details.name());
        putText(tree, "group", details.group());
        putText(tree, "kind", details.kind());
        putText(tree, "uid", details.uid());
        if (!details.causes().isEmpty()) {
            var causes = tree.putArray("causes");
            for (StatusCause cause : details.causes()) {
                ObjectNode node = causes.addObject();
                putText(node, "reason", cause.reason());
                putText(node, "message", cause.message());
                putText(node, "field", cause.field());
            }
        }
        if (details.retryAfterSeconds() > 0) {
            tree.put("retryAfterSeconds", details.retryAfterSeconds());
        }
        return tree;
    }

    private static void putText(ObjectNode node, String field, String text) {
        if (!text.isEmpty()) {
            node.put(field, text);
        }
    }
}
