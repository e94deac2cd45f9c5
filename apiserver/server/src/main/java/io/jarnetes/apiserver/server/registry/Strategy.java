package io.jarnetes.apiserver.server.registry;

import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/**
 * What is particular to a kind on the way of its objects (upstream's {@code RESTCreateStrategy},
 * {@code RESTUpdateStrategy} and {@code RESTDeleteStrategy}). Everything has a default: a kind says
 * only what it does differently. Metadata, status and generation are {@link GenericStore}'s.
 */
public interface Strategy {

    /** A kind with nothing of its own. */
    Strategy PLAIN = new Strategy() {};

    /** Sets what the server decides on a new object. */
    default void prepareForCreate(RequestContext context, ObjectNode object) {}

    /** Puts back what this way of updating may not change. */
    default void prepareForUpdate(RequestContext context, ObjectNode object, ObjectNode old) {}

    /** Complains about the object's own fields; metadata has been looked at. */
    default void validate(ObjectNode object, FieldErrors errors) {}

    /** Complains about a change; {@link #validate} of the new state is asked too. */
    default void validateUpdate(ObjectNode object, ObjectNode old, FieldErrors errors) {}

    /** Complains about a change of the status alone. */
    default void validateStatusUpdate(ObjectNode object, ObjectNode old, FieldErrors errors) {}

    /** Warning headers about what is deprecated or suspicious; {@code old} null on create. */
    default List<String> warnings(ObjectNode object, @Nullable ObjectNode old) {
        return List.of();
    }

    /** Warning headers about a delete without a propagation policy. */
    default List<String> warningsOnDelete(DeleteOptions options) {
        return List.of();
    }

    /** Why the object of this name may not be deleted by its name; null if it may. */
    default @Nullable String deleteRefusal(String name) {
        return null;
    }

    /** What becomes of dependents when nobody says. */
    default DeleteOptions.Propagation defaultPropagation() {
        return DeleteOptions.Propagation.BACKGROUND;
    }

    /**
     * For how many seconds a delete is announced first; null for kinds without such grace.
     *
     * @param requested what the client asked for, null for nothing
     */
    default @Nullable Long gracePeriodSeconds(ObjectNode object, @Nullable Long requested) {
        return null;
    }

    /** Marks what else shows that an object is being deleted. */
    default void markDeleting(ObjectNode object) {}

    /** Whether an object that is marked and has no finalizers has others of its own. */
    default boolean hasOwnFinalizers(ObjectNode object) {
        return false;
    }

    /** Whether a delete first marks the object even if nothing holds it. */
    default boolean deletesInTwoSteps() {
        return false;
    }

    /** Takes what the object needs outside of itself (addresses, ports), and notes it in it. */
    default Reservation reserve(
            RequestContext context, ObjectNode object, @Nullable ObjectNode old) {
        return Reservation.NOTHING;
    }

    /** Gives back what {@link #reserve} took, once the object is gone. */
    default void released(ObjectNode object) {}
}
