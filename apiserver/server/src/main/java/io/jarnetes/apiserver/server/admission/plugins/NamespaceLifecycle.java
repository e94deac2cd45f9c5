package io.jarnetes.apiserver.server.admission.plugins;

import io.jarnetes.apiserver.server.admission.AdmissionAttributes;
import io.jarnetes.apiserver.server.admission.AdmissionPlugin;
import io.jarnetes.apiserver.server.admission.Listers;
import io.jarnetes.apiserver.server.admission.Operation;
import io.jarnetes.apiserver.server.registry.ApiException;
import io.jarnetes.apiserver.server.registry.ApiStatus;
import io.jarnetes.apiserver.server.registry.GroupResource;
import io.jarnetes.apiserver.server.registry.StatusCause;
import io.jarnetes.apiserver.server.registry.StatusDetails;
import io.jarnetes.apiserver.server.tree.Trees;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.node.ObjectNode;

/** Nothing is made in a namespace that isn't there or is going; three namespaces never go. */
final class NamespaceLifecycle implements AdmissionPlugin {

    private static final Set<String> IMMORTAL = Set.of("default", "kube-system", "kube-public");

    private final Listers listers;

    NamespaceLifecycle(Listers listers) {
        this.listers = listers;
    }

    @Override
    public String name() {
        return "NamespaceLifecycle";
    }

    @Override
    public boolean handles(Operation operation) {
        return operation != Operation.CONNECT;
    }

    @Override
    public void mutate(AdmissionAttributes attributes) {
        boolean namespaces = attributes.isResource("", "namespaces");
        if (attributes.operation() == Operation.DELETE) {
            if (namespaces && IMMORTAL.contains(attributes.name())) {
                throw ApiException.forbidden(
                        Refusals.resource(attributes),
                        attributes.name(),
                        "this namespace may not be deleted");
            }
            return;
        }
        boolean review = attributes.resource().equals("localsubjectaccessreviews");
        if (attributes.namespace().isEmpty()
                || (attributes.group().isEmpty() && attributes.resource().equals("namespaces"))
                || review) {
            return;
        }
        String name = attributes.namespace();
        ObjectNode namespace =
                find(name)
                        .orElseThrow(() ->
                                ApiException.notFound(new GroupResource("", "namespaces"), name));
        boolean creates =
                attributes.operation() == Operation.CREATE && attributes.subresource().isEmpty();
        if (creates && Trees.text(namespace, "status", "phase").equals("Terminating")) {
            throw terminating(attributes, name);
        }
    }

    private Optional<ObjectNode> find(String name) {
        Optional<ObjectNode> cached = listers.get("", "namespaces", "", name);
        return cached.isPresent() ? cached : listers.live("", "namespaces", "", name);
    }

    private static ApiException terminating(AdmissionAttributes attributes, String namespace) {
        String why =
                "unable to create new content in namespace "
                        + namespace
                        + " because it is being terminated";
        ApiStatus plain = Refusals.forbidden(attributes, why).status();
        StatusCause cause =
                new StatusCause(
                        "NamespaceTerminating",
                        "namespace " + namespace + " is being terminated",
                        "metadata.namespace");
        return new ApiException(
                new ApiStatus(
                        plain.code(),
                        plain.reason(),
                        plain.message(),
                        new StatusDetails(
                                Refusals.name(attributes),
                                attributes.group(),
                                attributes.resource(),
                                "",
                                List.of(cause),
                                0)));
    }
}
