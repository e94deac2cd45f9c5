package io.jarnetes.kubeclient;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** The apiserver refused a request, or could not be reached ({@link #code} 0). */
public final class ApiException extends RuntimeException {

    private static final long serialVersionUID = 1;

    private final int code;
    private final String reason;
    private final transient JsonNode status;

    private ApiException(int code, String reason, String message, JsonNode status) {
        super(message);
        this.code = code;
        this.reason = reason;
        this.status = status;
    }

    /** From a metav1.Status. */
    public static ApiException of(int code, ObjectNode status) {
        String message = Json.text(status, "message");
        return new ApiException(
                code,
                Json.text(status, "reason"),
                message.isEmpty() ? "the server answered with status " + code : message,
                status);
    }

    /** No answer, or none that is an API object. */
    public static ApiException unreachable(String what, Throwable cause) {
        String detail = cause.getMessage();
        ApiException failure =
                new ApiException(
                        0,
                        "",
                        what + ": " + (detail == null ? cause.getClass().getSimpleName() : detail),
                        Json.object());
        failure.initCause(cause);
        return failure;
    }

    /** The HTTP status, or 0 where no answer came. */
    public int code() {
        return code;
    }

    /** Reason of the Status, such as {@code AlreadyExists}; may be empty. */
    public String reason() {
        return reason;
    }

    /** The Status as it came; empty where there was none. */
    public JsonNode status() {
        return status;
    }

    public boolean notFound() {
        return code == 404;
    }

    public boolean conflict() {
        return code == 409 && !alreadyExists();
    }

    public boolean alreadyExists() {
        return reason.equals("AlreadyExists");
    }

    public boolean gone() {
        return code == 410;
    }

    public boolean forbidden() {
        return code == 403;
    }

    /** Whether the namespace is going away, so that creating there is of no use. */
    public boolean namespaceTerminating() {
        if (code != 403) {
            return false;
        }
        for (JsonNode cause : Json.at(status, "details", "causes")) {
            if (Json.text(cause, "reason").equals("NamespaceTerminating")) {
                return true;
            }
        }
        return false;
    }
}
