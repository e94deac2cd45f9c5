package io.jarnetes.apiserver.server.registry.kinds;

import io.jarnetes.apiserver.server.registry.AdmissionHook;
import io.jarnetes.apiserver.server.registry.ApiException;
import io.jarnetes.apiserver.server.registry.ApiStatus;
import io.jarnetes.apiserver.server.registry.DeleteOptions;
import io.jarnetes.apiserver.server.registry.DeleteOptionsReader;
import io.jarnetes.apiserver.server.registry.GenericStore;
import io.jarnetes.apiserver.server.registry.GroupResource;
import io.jarnetes.apiserver.server.registry.Meta;
import io.jarnetes.apiserver.server.registry.RequestContext;
import io.jarnetes.apiserver.server.registry.Store;
import tools.jackson.databind.node.ObjectNode;

/** {@code pods/eviction}: deletes a pod. Disruption budgets are not looked at yet. */
final class EvictionStore implements Store {

    private final GenericStore pods;

    EvictionStore(GenericStore pods) {
        this.pods = pods;
    }

    @Override
    public GroupResource resource() {
        return pods.resource();
    }

    @Override
    public ObjectNode create(
            RequestContext context, String name, ObjectNode eviction, AdmissionHook admission) {
        if (!name.equals(Meta.name(eviction))) {
            throw ApiException.badRequest("name in URL does not match name in Eviction object");
        }
        admission.mutate(eviction, null);
        admission.validate(eviction, null);
        DeleteOptions options =
                eviction.get("deleteOptions") instanceof ObjectNode given
                        ? DeleteOptionsReader.read(given)
                        : DeleteOptions.DEFAULT;
        pods.delete(context, name, options, AdmissionHook.NONE);
        return new ApiStatus(201, "", "", null).toTree();
    }
}
