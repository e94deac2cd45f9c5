package io.jarnetes.apiserver.server.registry;

import io.jarnetes.apiserver.server.authentication.UserInfo;
import java.time.Instant;
import java.util.function.Consumer;

/**
 * What a store needs to know of a request.
 *
 * @param namespace empty for cluster-scoped resources and for all namespaces
 * @param dryRun nothing is stored
 * @param fieldManager who is named in managedFields; empty when the object brings its own
 * @param deadline when the client stops waiting
 * @param warnings takes texts for {@code Warning} headers
 */
public record RequestContext(
        UserInfo user,
        String namespace,
        boolean dryRun,
        String fieldManager,
        FieldValidation fieldValidation,
        Instant deadline,
        Consumer<String> warnings) {

    /** How long a request may take when nobody says otherwise, as upstream's --request-timeout. */
    public static final int DEFAULT_TIMEOUT_SECONDS = 60;

    /** A request of the apiserver's own, with no deadline that it would notice. */
    public static RequestContext internal(String namespace) {
        return new RequestContext(
                UserInfo.loopback(),
                namespace,
                false,
                "kube-apiserver",
                FieldValidation.IGNORE,
                Instant.MAX,
                warning -> {});
    }

    public RequestContext inNamespace(String other) {
        return new RequestContext(
                user, other, dryRun, fieldManager, fieldValidation, deadline, warnings);
    }

    /** The same, storing nothing. */
    public RequestContext dry() {
        return new RequestContext(
                user, namespace, true, fieldManager, fieldValidation, deadline, warnings);
    }

    public RequestContext managedBy(String manager) {
        return new RequestContext(
                user, namespace, dryRun, manager, fieldValidation, deadline, warnings);
    }
}
