package io.jarnetes.apiserver.server.endpoints;

/**
 * Answers a request; called on a virtual thread and may block. Whatever it throws before {@link
 * ApiResponse#start} is answered by the caller as a {@code metav1.Status}: the status of an {@code
 * ApiException}, else an InternalError.
 */
@FunctionalInterface
public interface ApiHandler {

    void handle(ApiRequest request, ApiResponse response) throws Exception;
}
