package io.jarnetes.apiserver.server.admission;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/**
 * A write that admission refuses. The endpoint answers with a {@code metav1.Status} of these parts.
 */
public final class AdmissionException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final int code;
    private final String reason;
    private final transient @Nullable ObjectNode details;

    /**
     * @param code the HTTP status
     * @param reason the Status reason, {@code Forbidden}
     * @param message the whole message, as the client sees it
     * @param details the Status details, or null for none
     */
    public AdmissionException(
            int code, String reason, String message, @Nullable ObjectNode details) {
        super(message);
        this.code = code;
        this.reason = reason;
        this.details = details;
    }

    public int code() {
        return code;
    }

    public String reason() {
        return reason;
    }

    public @Nullable ObjectNode details() {
        return details;
    }
}
