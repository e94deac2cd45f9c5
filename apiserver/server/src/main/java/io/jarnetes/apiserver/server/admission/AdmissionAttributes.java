package io.jarnetes.apiserver.server.admission;

import io.jarnetes.apiserver.server.authentication.UserInfo;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/**
 * One write on its way. Mutating plugins change {@link #object()} in place; nothing else changes.
 *
 * @param operation patch and update are UPDATE, a patch that creates is CREATE; deletecollection is
 *     one DELETE for each object
 * @param group the API group of the request's resource, empty for core
 * @param version the API version of the request
 * @param kind the kind of the object in the request ({@code Binding} for pods/binding)
 * @param resource the plural
 * @param subresource empty for none
 * @param namespace empty for cluster-scoped resources
 * @param name empty for a create with generateName
 * @param object the new object in the request's version; null on DELETE; on CONNECT the options
 * @param oldObject the stored object in the request's version; null on CREATE and CONNECT
 * @param options CreateOptions, UpdateOptions, PatchOptions or DeleteOptions; null if none came
 */
public record AdmissionAttributes(
        Operation operation,
        String group,
        String version,
        String kind,
        String resource,
        String subresource,
        String namespace,
        String name,
        @Nullable ObjectNode object,
        @Nullable ObjectNode oldObject,
        @Nullable ObjectNode options,
        boolean dryRun,
        UserInfo user) {

    /** Whether it is about this resource itself and not about a subresource. */
    public boolean isResource(String otherGroup, String otherResource) {
        return isResource(otherGroup, otherResource, "");
    }

    public boolean isResource(String otherGroup, String otherResource, String otherSubresource) {
        return group.equals(otherGroup)
                && resource.equals(otherResource)
                && subresource.equals(otherSubresource);
    }

    /** {@code pods} or {@code deployments.apps}, as messages name a resource. */
    public String groupResource() {
        return group.isEmpty() ? resource : resource + '.' + group;
    }
}
