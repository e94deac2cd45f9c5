package io.jarnetes.apiserver.server.registry;

import io.jarnetes.apiserver.server.registry.DeleteOptions.Propagation;
import io.jarnetes.apiserver.server.storage.ResourceStorage;
import io.jarnetes.apiserver.server.storage.UpdateResult;
import io.jarnetes.apiserver.server.storage.UpdateStep;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/**
 * The way out: grace periods, finalizers, propagation policies, then removal (upstream's {@code
 * Store.Delete} and {@code rest.BeforeDelete}). One conditional write does it all.
 */
final class Deleter {

    private static final String ORPHAN = "orphan";
    private static final String FOREGROUND = "foregroundDeletion";

    private final ResourceInfo info;
    private final Strategy strategy;
    private final Environment environment;
    private final ResourceStorage storage;

    Deleter(
            ResourceInfo info,
            Strategy strategy,
            Environment environment,
            ResourceStorage storage) {
        this.info = info;
        this.strategy = strategy;
        this.environment = environment;
        this.storage = storage;
    }

    /** How the write went; {@code marked} tells that the answer is the object in any case. */
    private static final class Progress {
        private boolean marked;
    }

    Deletion delete(
            RequestContext context,
            String key,
            String name,
            DeleteOptions options,
            AdmissionHook admission) {
        if (options.propagationPolicy() == null && options.orphanDependents() == null) {
            strategy.warningsOnDelete(options).forEach(context.warnings());
        }
        Progress progress = new Progress();
        UpdateResult result =
                storage.update(
                        key,
                        stored -> {
                            if (stored == null) {
                                throw ApiException.notFound(info.resource(), name);
                            }
                            progress.marked = false;
                            ObjectNode object = stored.tree();
                            Conditions.checkDelete(info, object, options);
                            admission.validate(null, object);
                            UpdateStep.Decision decision = decide(object, options, progress);
                            return context.dryRun() ? dry(decision) : decision;
                        });
        boolean gone = result.removed() || (context.dryRun() && !progress.marked);
        if (result.removed()) {
            strategy.released(result.object());
        }
        return new Deletion(answer(result.object(), gone, progress), gone);
    }

    private static UpdateStep.Decision dry(UpdateStep.Decision decision) {
        return switch (decision) {
            case UpdateStep.Write write -> new UpdateStep.Keep(write.object());
            case UpdateStep.Remove remove -> new UpdateStep.Keep(remove.last());
            case UpdateStep.Keep keep -> keep;
        };
    }

    private UpdateStep.Decision decide(
            ObjectNode object, DeleteOptions options, Progress progress) {
        if (Meta.deleting(object) && Meta.deletionGracePeriod(object) != null) {
            UpdateStep.Decision pending = alreadyGraceful(object, options, progress);
            if (pending != null) {
                return pending;
            }
        } else if (!Meta.deleting(object)) {
            Long seconds = strategy.gracePeriodSeconds(object, options.gracePeriodSeconds());
            if (seconds != null) {
                return graceful(object, seconds, options, progress);
            }
        }
        List<String> finalizers = finalizers(object, options);
        boolean held = !finalizers.isEmpty() || strategy.hasOwnFinalizers(object);
        Meta.setFinalizers(object, finalizers);
        if (held || (strategy.deletesInTwoSteps() && !Meta.deleting(object))) {
            return mark(object, progress);
        }
        return new UpdateStep.Remove(object, false);
    }

    /** The object is on its way out already: a delete may only make it faster. */
    private UpdateStep.@Nullable Decision alreadyGraceful(
            ObjectNode object, DeleteOptions options, Progress progress) {
        long pending = Meta.deletionGracePeriod(object) instanceof Long left ? left : 0;
        boolean gracefulKind = strategy.gracePeriodSeconds(object, null) != null;
        if (!gracefulKind) {
            return null;
        }
        Long wanted = strategy.gracePeriodSeconds(object, options.gracePeriodSeconds());
        boolean shorter =
                options.gracePeriodSeconds() != null && wanted != null && wanted < pending;
        if (!shorter || wanted == null) {
            progress.marked = true;
            return new UpdateStep.Keep(object);
        }
        if (wanted > 0 || !Meta.finalizers(object).isEmpty()) {
            setDeletion(object, deletionStart(object, pending), wanted);
            progress.marked = true;
            return new UpdateStep.Write(object, 0);
        }
        setDeletion(object, deletionStart(object, pending), 0);
        return new UpdateStep.Remove(object, false);
    }

    private UpdateStep.Decision graceful(
            ObjectNode object, long seconds, DeleteOptions options, Progress progress) {
        List<String> finalizers = finalizers(object, options);
        Meta.setFinalizers(object, finalizers);
        raiseGeneration(object);
        setDeletion(object, environment.clock().instant(), seconds);
        strategy.markDeleting(object);
        if (seconds > 0 || !finalizers.isEmpty()) {
            progress.marked = true;
            return new UpdateStep.Write(object, 0);
        }
        return new UpdateStep.Remove(object, false);
    }

    private UpdateStep.Decision mark(ObjectNode object, Progress progress) {
        progress.marked = true;
        if (!Meta.deleting(object)) {
            raiseGeneration(object);
            if (strategy.deletesInTwoSteps()) {
                Meta.of(object).put("deletionTimestamp", environment.now());
            } else {
                setDeletion(object, environment.clock().instant(), 0);
            }
        }
        strategy.markDeleting(object);
        return new UpdateStep.Write(object, 0);
    }

    private static void raiseGeneration(ObjectNode object) {
        if (Meta.generation(object) > 0) {
            Meta.of(object).put("generation", Meta.generation(object) + 1);
        }
    }

    private static Instant deletionStart(ObjectNode object, long pendingSeconds) {
        return Instant.parse(Meta.text(object, "deletionTimestamp")).minusSeconds(pendingSeconds);
    }

    private static void setDeletion(ObjectNode object, Instant start, long seconds) {
        ObjectNode metadata = Meta.of(object);
        metadata.put("deletionTimestamp", Environment.time(start.plusSeconds(seconds)));
        metadata.put("deletionGracePeriodSeconds", seconds);
    }

    /** The object's finalizers with those that the policy asks of the garbage collector. */
    private List<String> finalizers(ObjectNode object, DeleteOptions options) {
        List<String> present = Meta.finalizers(object);
        boolean orphan = orphans(present, options);
        boolean foreground = !orphan && foreground(present, options);
        List<String> wanted = new ArrayList<>(present);
        wanted.removeIf(each -> each.equals(ORPHAN) || each.equals(FOREGROUND));
        if (orphan) {
            wanted.add(ORPHAN);
        }
        if (foreground) {
            wanted.add(FOREGROUND);
        }
        boolean same = wanted.size() == present.size() && wanted.containsAll(present);
        return same ? present : wanted;
    }

    private boolean orphans(List<String> present, DeleteOptions options) {
        if (options.orphanDependents() != null) {
            return options.orphanDependents();
        }
        if (options.propagationPolicy() != null) {
            return options.propagationPolicy() == Propagation.ORPHAN;
        }
        if (present.contains(ORPHAN)) {
            return true;
        }
        return !present.contains(FOREGROUND) && strategy.defaultPropagation() == Propagation.ORPHAN;
    }

    private static boolean foreground(List<String> present, DeleteOptions options) {
        if (options.orphanDependents() != null) {
            return false;
        }
        return options.propagationPolicy() == null
                ? present.contains(FOREGROUND)
                : options.propagationPolicy() == Propagation.FOREGROUND;
    }

    private ObjectNode answer(ObjectNode object, boolean gone, Progress progress) {
        if (info.traits().returnsDeleted() || (!gone && progress.marked)) {
            return object;
        }
        return new ApiStatus(
                        0,
                        "",
                        "",
                        new StatusDetails(
                                Meta.name(object),
                                info.resource().group(),
                                info.resource().resource(),
                                Meta.uid(object),
                                List.of(),
                                0))
                .toTree();
    }
}
