package io.jarnetes.apiserver.server.registry;

import io.jarnetes.apiserver.server.storage.Listing;
import io.jarnetes.apiserver.server.storage.StoredObject;
import io.jarnetes.apiserver.server.storage.WatchStream;
import tools.jackson.databind.node.ObjectNode;

/**
 * One resource or subresource. A method that is not overridden refuses with 405, so that a virtual
 * resource (a review, a binding) implements what it has.
 *
 * <p>The namespace is the context's. All methods throw {@link ApiException} and nothing else that
 * is expected.
 */
public interface Store {

    GroupResource resource();

    /**
     * @param name from the path, for subresources that are created on an object; else empty
     * @param object the caller gives it away
     * @return what is stored now, or what a virtual resource answers
     */
    default ObjectNode create(
            RequestContext context, String name, ObjectNode object, AdmissionHook admission) {
        throw ApiException.methodNotSupported(resource(), "create");
    }

    /**
     * @param resourceVersion empty for the newest, {@code "0"} for any that is cached, else not
     *     older than that
     */
    default StoredObject get(RequestContext context, String name, String resourceVersion) {
        throw ApiException.methodNotSupported(resource(), "get");
    }

    default Listing list(RequestContext context, ListOptions options) {
        throw ApiException.methodNotSupported(resource(), "list");
    }

    default WatchStream watch(RequestContext context, ListOptions options) {
        throw ApiException.methodNotSupported(resource(), "watch");
    }

    /**
     * Reads, lets {@code change} make the new object, writes if nobody else did, else tries again.
     *
     * @param mayCreate call {@code change} with null when there is no object
     */
    default Updated update(
            RequestContext context,
            String name,
            UpdateFunction change,
            boolean mayCreate,
            AdmissionHook admission) {
        throw ApiException.methodNotSupported(resource(), "update");
    }

    default Deletion delete(
            RequestContext context, String name, DeleteOptions options, AdmissionHook admission) {
        throw ApiException.methodNotSupported(resource(), "delete");
    }

    /** Deletes what the options choose; gives what was deleted. */
    default Listing deleteCollection(
            RequestContext context,
            DeleteOptions options,
            ListOptions which,
            AdmissionHook admission) {
        throw ApiException.methodNotSupported(resource(), "deletecollection");
    }
}
