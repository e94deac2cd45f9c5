package io.jarnetes.apiserver.server.registry;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.SequencedSet;

/**
 * A refusal or failure that becomes one {@code metav1.Status}. The factories give upstream's codes,
 * reasons and texts ({@code k8s.io/apimachinery/pkg/api/errors}).
 */
public final class ApiException extends RuntimeException {

    private static final long serialVersionUID = 1;

    /**
     * What upstream says after "Operation cannot be fulfilled on …" for a stale resourceVersion.
     */
    public static final String OBJECT_MODIFIED =
            "the object has been modified; please apply your changes to the latest version and try"
                    + " again";

    private final transient ApiStatus status;

    public ApiException(ApiStatus status) {
        super(status.message(), null, false, false);
        this.status = status;
    }

    public ApiStatus status() {
        return status;
    }

    public int code() {
        return status.code();
    }

    public boolean is(String reason) {
        return status.reason().equals(reason);
    }

    public static ApiException notFound(GroupResource resource, String name) {
        return of(404, "NotFound", resource, name, resource + " " + Quote.go(name) + " not found");
    }

    /** For a path that names no resource that is served. */
    public static ApiException noSuchResource() {
        return new ApiException(
                new ApiStatus(
                        404,
                        "NotFound",
                        "the server could not find the requested resource",
                        new StatusDetails("", "", "", "", List.of(), 0)));
    }

    public static ApiException alreadyExists(GroupResource resource, String name) {
        String message = resource + " " + Quote.go(name) + " already exists";
        return of(409, "AlreadyExists", resource, name, message);
    }

    /** All tries of {@code generateName} met names that are taken. */
    public static ApiException generateNameConflict(
            GroupResource resource, String name, int retryAfterSeconds) {
        String message =
                resource
                        + " "
                        + Quote.go(name)
                        + " already exists, the server was not able to generate a unique name for"
                        + " the object";
        StatusDetails details = StatusDetails.of(resource, name).retryAfter(retryAfterSeconds);
        return new ApiException(new ApiStatus(409, "AlreadyExists", message, details));
    }

    public static ApiException conflict(GroupResource resource, String name, String why) {
        String message =
                "Operation cannot be fulfilled on " + resource + " " + Quote.go(name) + ": " + why;
        return of(409, "Conflict", resource, name, message);
    }

    /** A server-side apply that other managers' fields stand against. */
    public static ApiException applyConflict(String message, List<StatusCause> causes) {
        return new ApiException(
                new ApiStatus(409, "Conflict", message, StatusDetails.ofCauses(causes)));
    }

    /**
     * Says which fields are wrong; {@code kind} is the Kind, not the plural.
     *
     * @param group of the kind, empty for the core group
     */
    public static ApiException invalid(
            String group, String kind, String name, List<FieldError> errors) {
        SequencedSet<String> texts = new LinkedHashSet<>();
        errors.forEach(error -> texts.add(error.toString()));
        String what = kind + (group.isEmpty() ? "" : "." + group) + " " + Quote.go(name);
        String why = texts.size() == 1 ? texts.getFirst() : "[" + String.join(", ", texts) + "]";
        List<StatusCause> causes = errors.stream().map(FieldError::cause).toList();
        return new ApiException(
                new ApiStatus(
                        422,
                        "Invalid",
                        what + " is invalid" + (texts.isEmpty() ? "" : ": " + why),
                        new StatusDetails(name, group, kind, "", causes, 0)));
    }

    public static ApiException badRequest(String message) {
        return plain(400, "BadRequest", message);
    }

    public static ApiException unauthorized() {
        return plain(401, "Unauthorized", "Unauthorized");
    }

    /** A policy's refusal: {@code pods "x" is forbidden: why}. */
    public static ApiException forbidden(GroupResource resource, String name, String why) {
        String what = resource + (name.isEmpty() ? "" : " " + Quote.go(name));
        return of(403, "Forbidden", resource, name, what + " is forbidden: " + why);
    }

    /** The revision that was asked for is compacted; the client lists anew. */
    public static ApiException expired(String message) {
        return plain(410, "Expired", message);
    }

    public static ApiException gone(String message) {
        return plain(410, "Gone", message);
    }

    public static ApiException methodNotSupported(GroupResource resource, String verb) {
        String message = verb + " is not supported on resources of kind \"" + resource + "\"";
        return of(405, "MethodNotAllowed", resource, "", message);
    }

    /** The same for what upstream has and this server hasn't. */
    public static ApiException notThereYet(GroupResource resource, String verb, String why) {
        String message =
                verb + " is not supported on resources of kind \"" + resource + "\": " + why;
        return of(405, "MethodNotAllowed", resource, "", message);
    }

    public static ApiException notAcceptable(List<String> mediaTypes) {
        return new ApiException(
                new ApiStatus(
                        406,
                        "NotAcceptable",
                        "406: Not Acceptable\n\nAvailable representations: "
                                + String.join(", ", mediaTypes),
                        StatusDetails.ofCauses(List.of())));
    }

    /** A form of the object, or a stream, that is not there in what was asked for. */
    public static ApiException onlyAccepted(List<String> mediaTypes) {
        return plain(
                406,
                "NotAcceptable",
                "only the following media types are accepted: " + String.join(", ", mediaTypes));
    }

    /** A Content-Type that a path does not take. */
    public static ApiException mediaTypeOfRoute() {
        return new ApiException(
                new ApiStatus(
                        415,
                        "UnsupportedMediaType",
                        "415: Unsupported Media Type",
                        StatusDetails.ofCauses(List.of())));
    }

    /** A method that a path does not have. */
    public static ApiException methodNotAllowed() {
        return new ApiException(
                new ApiStatus(
                        405,
                        "MethodNotAllowed",
                        "the server does not allow this method on the requested resource",
                        StatusDetails.ofCauses(List.of())));
    }

    public static ApiException unsupportedMediaType(List<String> mediaTypes) {
        return plain(
                415,
                "UnsupportedMediaType",
                "the body of the request was in an unknown format - accepted media types include: "
                        + String.join(", ", mediaTypes));
    }

    public static ApiException requestEntityTooLarge(String message) {
        return plain(413, "RequestEntityTooLarge", "Request entity too large: " + message);
    }

    public static ApiException tooManyRequests(
            String message, int retryAfterSeconds, StatusCause... causes) {
        return new ApiException(
                new ApiStatus(
                        429,
                        "TooManyRequests",
                        message,
                        StatusDetails.ofCauses(List.of(causes)).retryAfter(retryAfterSeconds)));
    }

    public static ApiException timeout(String message, int retryAfterSeconds) {
        return new ApiException(
                new ApiStatus(
                        504,
                        "Timeout",
                        "Timeout: " + message,
                        StatusDetails.ofCauses(List.of()).retryAfter(retryAfterSeconds)));
    }

    /** A resourceVersion that this server has not seen within its waiting time. */
    public static ApiException tooLargeResourceVersion(long asked, long current) {
        StatusCause cause =
                new StatusCause("ResourceVersionTooLarge", "Too large resource version", "");
        return new ApiException(
                new ApiStatus(
                        504,
                        "Timeout",
                        "Timeout: Too large resource version: " + asked + ", current: " + current,
                        StatusDetails.ofCauses(List.of(cause)).retryAfter(1)));
    }

    public static ApiException serverTimeout(
            GroupResource resource, String operation, int retryAfterSeconds) {
        String message =
                "The "
                        + operation
                        + " operation against "
                        + resource
                        + " could not be completed at this time, please try again.";
        StatusDetails details = StatusDetails.of(resource, operation).retryAfter(retryAfterSeconds);
        return new ApiException(new ApiStatus(500, "ServerTimeout", message, details));
    }

    public static ApiException serviceUnavailable(String message) {
        return plain(503, "ServiceUnavailable", message);
    }

    public static ApiException internalError(String message) {
        StatusCause cause = new StatusCause("", message, "");
        return new ApiException(
                new ApiStatus(
                        500,
                        "InternalError",
                        "Internal error occurred: " + message,
                        StatusDetails.ofCauses(List.of(cause))));
    }

    private static ApiException plain(int code, String reason, String message) {
        return new ApiException(new ApiStatus(code, reason, message, null));
    }

    private static ApiException of(
            int code, String reason, GroupResource resource, String name, String message) {
        return new ApiException(
                new ApiStatus(code, reason, message, StatusDetails.of(resource, name)));
    }
}
