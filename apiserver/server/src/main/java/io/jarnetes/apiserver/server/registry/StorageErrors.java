package io.jarnetes.apiserver.server.registry;

import io.jarnetes.apiserver.server.storage.StorageException;
import io.jarnetes.apiserver.server.storage.StoredObject;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a failure of storage is to a client. */
final class StorageErrors {

    private static final String CONTINUE_EXPIRED =
            "The provided continue parameter is too old to display a consistent list result. You"
                    + " can start a new list without the continue parameter, or use the continue"
                    + " token in this response to retrieve the remainder of the results. Continuing"
                    + " with the provided token results in an inconsistent list - objects that were"
                    + " created, modified, or deleted between the time the first chunk was returned"
                    + " and now may show up in the list.";

    private static final String LIST_EXPIRED =
            "The resourceVersion for the provided list is too old.";

    private StorageErrors() {}

    static ApiException translate(StorageException e, GroupResource resource, String name) {
        String message = String.valueOf(e.getMessage());
        return switch (e.kind()) {
            case NOT_FOUND -> ApiException.notFound(resource, name);
            case EXISTS -> ApiException.alreadyExists(resource, name);
            case CONFLICT -> ApiException.conflict(resource, name, message);
            case EXPIRED -> expired(e, message);
            case TOO_LARGE_REVISION ->
                    new ApiException(
                            new ApiStatus(
                                    504,
                                    "Timeout",
                                    "Timeout: " + message,
                                    StatusDetails.ofCauses(
                                                    List.of(
                                                            new StatusCause(
                                                                    "ResourceVersionTooLarge",
                                                                    "Too large resource version",
                                                                    "")))
                                            .retryAfter(1)));
            case INVALID -> ApiException.badRequest(message);
            case TIMEOUT ->
                    ApiException.timeout("request did not complete within the allotted timeout", 0);
            case UNAVAILABLE, CORRUPT -> ApiException.internalError(message);
        };
    }

    /**
     * What a create is told.
     *
     * @param existing what has the name; null if it is gone again
     */
    static ApiException exists(
            GroupResource resource, String name, @Nullable StoredObject existing) {
        ApiException plain = ApiException.alreadyExists(resource, name);
        if (existing == null || !Meta.deleting(existing.tree())) {
            return plain;
        }
        ApiStatus status = plain.status();
        return new ApiException(
                new ApiStatus(
                        status.code(),
                        status.reason(),
                        "object is being deleted: " + status.message(),
                        status.details()));
    }

    private static ApiException expired(StorageException e, String message) {
        if (!e.continueToken().isEmpty()) {
            return new ApiException(
                    new ApiStatus(410, "Expired", CONTINUE_EXPIRED, null, e.continueToken()));
        }
        return ApiException.expired(message.startsWith("too old") ? message : LIST_EXPIRED);
    }
}
