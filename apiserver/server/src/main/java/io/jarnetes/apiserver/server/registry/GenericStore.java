package io.jarnetes.apiserver.server.registry;

import io.jarnetes.apiserver.server.storage.Lister;
import io.jarnetes.apiserver.server.storage.Listing;
import io.jarnetes.apiserver.server.storage.ResourceStorage;
import io.jarnetes.apiserver.server.storage.Selection;
import io.jarnetes.apiserver.server.storage.StorageException;
import io.jarnetes.apiserver.server.storage.StoredObject;
import io.jarnetes.apiserver.server.storage.UpdateResult;
import io.jarnetes.apiserver.server.storage.UpdateStep;
import io.jarnetes.apiserver.server.storage.WatchStream;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/** A resource that is stored: every verb, for every kind, with the kind's {@link Strategy}. */
public final class GenericStore implements Store {

    private static final int MAX_GENERATED_NAMES = 8;

    private final ResourceInfo info;
    private final Strategy strategy;
    private final Environment environment;
    private final ResourceStorage storage;
    private final Preparation preparation;
    private final Deleter deleter;
    private final long ttlSeconds;

    /**
     * @param ttlSeconds after which objects vanish; 0 for never
     */
    public GenericStore(
            ResourceInfo info,
            Strategy strategy,
            Environment environment,
            ResourceStorage storage,
            long ttlSeconds) {
        this.info = info;
        this.strategy = strategy;
        this.environment = environment;
        this.storage = storage;
        this.preparation = new Preparation(info, strategy, environment);
        this.deleter = new Deleter(info, strategy, environment, storage);
        this.ttlSeconds = ttlSeconds;
    }

    @Override
    public GroupResource resource() {
        return info.resource();
    }

    public ResourceInfo info() {
        return info;
    }

    Strategy strategy() {
        return strategy;
    }

    Preparation preparation() {
        return preparation;
    }

    Environment environment() {
        return environment;
    }

    @Override
    public ObjectNode create(
            RequestContext context, String name, ObjectNode object, AdmissionHook admission) {
        environment.defaulting().apply(object);
        preparation.matchNamespace(context, object);
        if (!Meta.resourceVersion(object).isEmpty() && !Meta.resourceVersion(object).equals("0")) {
            throw new ApiException(
                    new ApiStatus(
                            500,
                            "",
                            "resourceVersion should not be set on objects to be created",
                            null));
        }
        Meta.of(object).remove("resourceVersion");
        preparation.systemFields(object);
        String base = Meta.text(object, "generateName");
        boolean generated = Meta.name(object).isEmpty() && !base.isEmpty();
        note(context, object, null, "");
        admission.mutate(object, null);
        for (int i = 1; ; i++) {
            if (generated) {
                Meta.of(object).put("name", environment.names().generate(base));
            }
            try {
                return tryCreate(context, object.deepCopy(), admission);
            } catch (ApiException e) {
                if (!generated || !e.is("AlreadyExists")) {
                    throw e;
                }
                if (i == MAX_GENERATED_NAMES) {
                    throw ApiException.generateNameConflict(info.resource(), Meta.name(object), 1);
                }
            }
        }
    }

    private ObjectNode tryCreate(
            RequestContext context, ObjectNode object, AdmissionHook admission) {
        Reservation reservation = strategy.reserve(context, object, null);
        boolean stored = false;
        try {
            preparation.beforeCreate(context, object);
            admission.validate(object, null);
            ObjectNode result = write(context, object);
            stored = !context.dryRun();
            return result;
        } finally {
            reservation.settle(stored);
        }
    }

    private ObjectNode write(RequestContext context, ObjectNode object) {
        String name = Meta.name(object);
        String key = storage.key(Meta.namespace(object), name);
        return guard(
                name,
                () -> {
                    if (context.dryRun()) {
                        StoredObject existing = storage.get(key);
                        if (existing != null) {
                            throw StorageErrors.exists(info.resource(), name, existing);
                        }
                        // As if it were read again, which fills in what is derived.
                        environment.defaulting().apply(object);
                        return object;
                    }
                    try {
                        return storage.create(key, object, ttlSeconds);
                    } catch (StorageException e) {
                        if (e.kind() != StorageException.Kind.EXISTS) {
                            throw e;
                        }
                        throw StorageErrors.exists(info.resource(), name, storage.get(key));
                    }
                });
    }

    @Override
    public StoredObject get(RequestContext context, String name, String resourceVersion) {
        String key = storage.key(scope(context), name);
        StoredObject found =
                guard(
                        name,
                        () ->
                                switch (resourceVersion) {
                                    case "" -> storage.get(key);
                                    case "0" -> storage.cached(key);
                                    default ->
                                            storage.notOlderThan(
                                                    key, ResourceVersions.parse(resourceVersion));
                                });
        if (found == null) {
            throw ApiException.notFound(info.resource(), name);
        }
        return found;
    }

    @Override
    public Listing list(RequestContext context, ListOptions options) {
        Selection selection = Selectors.selection(info, storage, scope(context), options);
        Lister.Query query = ResourceVersions.query(options);
        return guard("", () -> storage.lister().list(selection, query));
    }

    @Override
    public WatchStream watch(RequestContext context, ListOptions options) {
        Selection selection = Selectors.selection(info, storage, scope(context), options);
        long revision = ResourceVersions.watchRevision(options);
        return guard(
                "",
                () ->
                        storage.lister()
                                .watch(
                                        selection,
                                        revision,
                                        options.allowWatchBookmarks(),
                                        options.sendInitialEvents()));
    }

    @Override
    public Updated update(
            RequestContext context,
            String name,
            UpdateFunction change,
            boolean mayCreate,
            AdmissionHook admission) {
        return updateWith(
                context, name, change, mayCreate, admission, preparation::beforeUpdate, "");
    }

    /** What keeps an update within its subresource; upstream's strategies of subresources. */
    @FunctionalInterface
    interface BeforeUpdate {
        void apply(RequestContext context, ObjectNode object, ObjectNode old);
    }

    Updated updateWith(
            RequestContext context,
            String name,
            UpdateFunction change,
            boolean mayCreate,
            AdmissionHook admission,
            BeforeUpdate before,
            String subresource) {
        String key = storage.key(scope(context), name);
        List<Reservation> reservations = new ArrayList<>();
        boolean stored = false;
        try {
            UpdateResult result =
                    guard(
                            name,
                            () ->
                                    storage.update(
                                            key,
                                            current -> {
                                                reservations.forEach(Reservation::rollBack);
                                                reservations.clear();
                                                return current == null
                                                        ? createInstead(
                                                                context,
                                                                name,
                                                                change,
                                                                mayCreate,
                                                                admission,
                                                                reservations)
                                                        : change(
                                                                context,
                                                                current.tree(),
                                                                change,
                                                                admission,
                                                                before,
                                                                subresource,
                                                                reservations);
                                            }));
            stored = !context.dryRun();
            if (result.removed()) {
                strategy.released(result.object());
            }
            return new Updated(result.object(), result.created());
        } finally {
            boolean committed = stored;
            reservations.forEach(each -> each.settle(committed));
        }
    }

    /** A change that passes by admission and strategies, for subresources that do so upstream. */
    public ObjectNode rawUpdate(
            RequestContext context, String name, UnaryOperator<ObjectNode> change) {
        String key = storage.key(scope(context), name);
        return guard(
                name,
                () ->
                        storage.update(
                                        key,
                                        current -> {
                                            if (current == null) {
                                                throw ApiException.notFound(info.resource(), name);
                                            }
                                            ObjectNode changed = change.apply(current.tree());
                                            return context.dryRun()
                                                    ? new UpdateStep.Keep(changed)
                                                    : new UpdateStep.Write(changed, ttlSeconds);
                                        })
                                .object());
    }

    /** The time as objects have it. */
    public String now() {
        return environment.now();
    }

    private UpdateStep.Decision createInstead(
            RequestContext context,
            String name,
            UpdateFunction change,
            boolean mayCreate,
            AdmissionHook admission,
            List<Reservation> reservations) {
        if (!mayCreate && !info.traits().createOnUpdate()) {
            throw ApiException.notFound(info.resource(), name);
        }
        ObjectNode object = change.apply(null);
        environment.defaulting().apply(object);
        preparation.matchNamespace(context, object);
        if (!Meta.uid(object).isEmpty() || !Meta.resourceVersion(object).isEmpty()) {
            throw ApiException.notFound(info.resource(), name);
        }
        preparation.systemFields(object);
        note(context, object, null, "");
        admission.mutate(object, null);
        reservations.add(strategy.reserve(context, object, null));
        preparation.beforeCreate(context, object);
        admission.validate(object, null);
        return context.dryRun()
                ? new UpdateStep.Keep(object)
                : new UpdateStep.Write(object, ttlSeconds);
    }

    private UpdateStep.Decision change(
            RequestContext context,
            ObjectNode old,
            UpdateFunction change,
            AdmissionHook admission,
            BeforeUpdate before,
            String subresource,
            List<Reservation> reservations) {
        ObjectNode object = change.apply(old.deepCopy());
        environment.defaulting().apply(object);
        preparation.matchNamespace(context, object);
        if (change.replaces()) {
            String key = storage.key(Meta.namespace(old), Meta.name(old));
            Conditions.checkUid(info, object, old, key);
        }
        Conditions.checkUpdate(info, object, old);
        note(context, object, old, subresource);
        admission.mutate(object, old);
        if (subresource.isEmpty()) {
            reservations.add(strategy.reserve(context, object, old));
        }
        before.apply(context, object, old);
        admission.validate(object, old);
        if (context.dryRun()) {
            return new UpdateStep.Keep(object);
        }
        return finished(object, old)
                ? new UpdateStep.Remove(object, true)
                : new UpdateStep.Write(object, ttlSeconds);
    }

    /** A marked object whose last finalizer this update takes away goes with it. */
    private boolean finished(ObjectNode object, ObjectNode old) {
        Long grace = Meta.deletionGracePeriod(old);
        return Meta.deleting(old)
                && Meta.finalizers(object).isEmpty()
                && !strategy.hasOwnFinalizers(object)
                && (grace == null || grace == 0);
    }

    @Override
    public Deletion delete(
            RequestContext context, String name, DeleteOptions options, AdmissionHook admission) {
        String refusal = strategy.deleteRefusal(name);
        if (refusal != null) {
            throw ApiException.forbidden(info.resource(), name, refusal);
        }
        return remove(context, name, options, admission);
    }

    private Deletion remove(
            RequestContext context, String name, DeleteOptions options, AdmissionHook admission) {
        String key = storage.key(scope(context), name);
        return guard(name, () -> deleter.delete(context, key, name, options, admission));
    }

    @Override
    public Listing deleteCollection(
            RequestContext context,
            DeleteOptions options,
            ListOptions which,
            AdmissionHook admission) {
        List<StoredObject> deleted = new ArrayList<>();
        Listing found = list(context, which);
        for (StoredObject each : found.items()) {
            ObjectNode object = each.tree();
            try {
                remove(
                        context.inNamespace(Meta.namespace(object)),
                        Meta.name(object),
                        options,
                        admission);
                deleted.add(each);
            } catch (ApiException e) {
                if (!e.is("NotFound")) {
                    throw e;
                }
            }
        }
        return new Listing(
                deleted,
                found.resourceVersion(),
                found.continueToken(),
                found.remainingItemCount());
    }

    /** Who wrote what; a context without a manager brings its managedFields along. */
    private void note(
            RequestContext context,
            ObjectNode object,
            @Nullable ObjectNode old,
            String subresource) {
        if (!context.fieldManager().isEmpty()) {
            environment
                    .fieldManager()
                    .noteUpdate(
                            object, old, context.fieldManager(), subresource, environment.now());
        }
    }

    private String scope(RequestContext context) {
        return info.namespaced() ? context.namespace() : "";
    }

    private <T extends @Nullable Object> T guard(String name, Supplier<T> call) {
        try {
            return call.get();
        } catch (StorageException e) {
            throw StorageErrors.translate(e, info.resource(), name);
        }
    }
}
