package io.jarnetes.apiserver.server.authorization;

import io.jarnetes.apiserver.server.registry.AdmissionHook;
import io.jarnetes.apiserver.server.registry.DeleteOptions;
import io.jarnetes.apiserver.server.registry.Deletion;
import io.jarnetes.apiserver.server.registry.GroupResource;
import io.jarnetes.apiserver.server.registry.ListOptions;
import io.jarnetes.apiserver.server.registry.RequestContext;
import io.jarnetes.apiserver.server.registry.Store;
import io.jarnetes.apiserver.server.registry.UpdateFunction;
import io.jarnetes.apiserver.server.registry.Updated;
import io.jarnetes.apiserver.server.storage.Listing;
import io.jarnetes.apiserver.server.storage.StoredObject;
import io.jarnetes.apiserver.server.storage.WatchStream;
import io.jarnetes.apiserver.server.tree.Trees;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** The store of an RBAC resource behind {@link EscalationCheck}. */
public final class PolicyStore implements Store {

    private final Store store;
    private final EscalationCheck check;

    public PolicyStore(Store store, EscalationCheck check) {
        this.store = store;
        this.check = check;
    }

    @Override
    public GroupResource resource() {
        return store.resource();
    }

    private void confirm(RequestContext context, String name, ObjectNode object) {
        if (resource().resource().endsWith("bindings")) {
            check.binding(context.user(), resource(), context.namespace(), object);
        } else {
            check.role(context.user(), resource(), context.namespace(), name, object);
        }
    }

    @Override
    public ObjectNode create(
            RequestContext context, String name, ObjectNode object, AdmissionHook admission) {
        confirm(context, "", object);
        return store.create(context, name, object, admission);
    }

    @Override
    public Updated update(
            RequestContext context,
            String name,
            UpdateFunction change,
            boolean mayCreate,
            AdmissionHook admission) {
        UpdateFunction checked =
                current -> {
                    ObjectNode before = current == null ? null : current.deepCopy();
                    ObjectNode after = change.apply(current);
                    if (before == null || !onlyCollectorFields(before, after)) {
                        confirm(context, name, after);
                    }
                    return after;
                };
        UpdateFunction same = change.replaces() ? UpdateFunction.replacing(checked) : checked;
        return store.update(context, name, same, mayCreate, admission);
    }

    /** Whether only what the garbage collector needs is changed: owners and finalizers. */
    private static boolean onlyCollectorFields(ObjectNode before, ObjectNode after) {
        return stripped(before).equals(stripped(after));
    }

    private static JsonNode stripped(ObjectNode object) {
        ObjectNode copy = object.deepCopy();
        Trees.child(copy, "metadata")
                .remove(List.of("ownerReferences", "finalizers", "managedFields"));
        return copy;
    }

    @Override
    public StoredObject get(RequestContext context, String name, String resourceVersion) {
        return store.get(context, name, resourceVersion);
    }

    @Override
    public Listing list(RequestContext context, ListOptions options) {
        return store.list(context, options);
    }

    @Override
    public WatchStream watch(RequestContext context, ListOptions options) {
        return store.watch(context, options);
    }

    @Override
    public Deletion delete(
            RequestContext context, String name, DeleteOptions options, AdmissionHook admission) {
        return store.delete(context, name, options, admission);
    }

    @Override
    public Listing deleteCollection(
            RequestContext context,
            DeleteOptions options,
            ListOptions which,
            AdmissionHook admission) {
        return store.deleteCollection(context, options, which, admission);
    }
}
