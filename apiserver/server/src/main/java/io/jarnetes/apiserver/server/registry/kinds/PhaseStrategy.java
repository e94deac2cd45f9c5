package io.jarnetes.apiserver.server.registry.kinds;

import io.jarnetes.apiserver.server.registry.RequestContext;
import io.jarnetes.apiserver.server.registry.Strategy;
import tools.jackson.databind.node.ObjectNode;

/** PersistentVolumes and their claims, which are born Pending. */
final class PhaseStrategy implements Strategy {

    @Override
    public void prepareForCreate(RequestContext context, ObjectNode object) {
        object.putObject("status").put("phase", "Pending");
    }
}
