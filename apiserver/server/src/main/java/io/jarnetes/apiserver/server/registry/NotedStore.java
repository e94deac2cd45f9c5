package io.jarnetes.apiserver.server.registry;

import tools.jackson.databind.node.ObjectNode;

/** A store of reviews, which exist in their answers only: these too say who wrote what. */
public final class NotedStore implements Store {

    private final Store store;
    private final String subresource;
    private final Environment environment;

    /**
     * @param subresource empty for none
     */
    public NotedStore(Store store, String subresource, Environment environment) {
        this.store = store;
        this.subresource = subresource;
        this.environment = environment;
    }

    @Override
    public GroupResource resource() {
        return store.resource();
    }

    @Override
    public ObjectNode create(
            RequestContext context, String name, ObjectNode object, AdmissionHook admission) {
        if (!context.fieldManager().isEmpty()) {
            environment
                    .fieldManager()
                    .noteUpdate(
                            object, null, context.fieldManager(), subresource, environment.now());
        }
        return store.create(context, name, object, admission);
    }
}
