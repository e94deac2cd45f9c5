package io.jarnetes.apiserver.server.registry;

import io.jarnetes.apiserver.server.registry.validation.MetaValidation;
import io.jarnetes.apiserver.server.storage.StoredObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import tools.jackson.databind.node.ObjectNode;

/**
 * A subresource that writes some parts of the object and leaves the others as they are: {@code
 * status}, {@code finalize}, {@code approval}.
 */
public final class StatusStore implements Store {

    /** Decides what of the new object counts. */
    @FunctionalInterface
    public interface Restriction {
        void apply(RequestContext context, ObjectNode object, ObjectNode old);
    }

    private static final Set<String> NOT_BODY = Set.of("kind", "apiVersion", "metadata", "status");

    private final GenericStore store;
    private final String subresource;
    private final Restriction restriction;

    public StatusStore(GenericStore store, String subresource, Restriction restriction) {
        this.store = store;
        this.subresource = subresource;
        this.restriction = restriction;
    }

    /** {@code status}: everything but metadata and status is the stored object's. */
    public static StatusStore status(GenericStore store) {
        return new StatusStore(store, "status", (context, object, old) -> keepBody(object, old));
    }

    /** Puts all fields but metadata and status back as they were. */
    public static void keepBody(ObjectNode object, ObjectNode old) {
        List<String> names = new ArrayList<>(object.propertyNames());
        names.stream().filter(name -> !NOT_BODY.contains(name)).forEach(object::remove);
        for (String name : old.propertyNames()) {
            if (!NOT_BODY.contains(name)) {
                Meta.copyField(old, object, name);
            }
        }
    }

    @Override
    public GroupResource resource() {
        return store.resource();
    }

    @Override
    public StoredObject get(RequestContext context, String name, String resourceVersion) {
        return store.get(context, name, resourceVersion);
    }

    @Override
    public Updated update(
            RequestContext context,
            String name,
            UpdateFunction change,
            boolean mayCreate,
            AdmissionHook admission) {
        return store.updateWith(context, name, change, false, admission, this::before, subresource);
    }

    private void before(RequestContext context, ObjectNode object, ObjectNode old) {
        ObjectNode metadata = Meta.of(object);
        ObjectNode before = Meta.of(old);
        Meta.copyField(before, metadata, "generation");
        restriction.apply(context, object, old);
        Preparation.keepSystemFields(metadata, before);
        FieldErrors errors = new FieldErrors();
        MetaValidation.validateUpdate(object, old, errors);
        if (subresource.equals("status")) {
            store.strategy().validateStatusUpdate(object, old, errors);
        }
        if (!errors.isEmpty()) {
            throw store.info().invalid(Meta.name(object), errors);
        }
    }
}
