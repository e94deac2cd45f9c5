package io.jarnetes.apiserver.server.registry.rules;

import io.jarnetes.apiserver.server.registry.FieldErrors;
import io.jarnetes.apiserver.server.registry.RequestContext;
import io.jarnetes.apiserver.server.registry.Strategy;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * A kind whose objects are only looked at.
 *
 * @param create what is asked of a new object
 * @param update what is asked of a changed one, which gets the old state too
 * @param statusUpdate the same for {@code status}
 * @param warnings about an object, new or changed
 * @param settle makes fields agree that say the same, and drops those of features that are off
 * @param kept why an object of a name may not be deleted; null if it may
 */
record CheckedStrategy(
        Consumer<Field> create,
        BiConsumer<Field, JsonNode> update,
        BiConsumer<Field, JsonNode> statusUpdate,
        Function<JsonNode, List<String>> warnings,
        Consumer<ObjectNode> settle,
        Function<String, @Nullable String> kept)
        implements Strategy {

    /** A change is asked what a new object is. */
    static CheckedStrategy always(Consumer<Field> rules) {
        return of(rules, (object, old) -> rules.accept(object));
    }

    static CheckedStrategy of(Consumer<Field> create, BiConsumer<Field, JsonNode> update) {
        return new CheckedStrategy(
                create,
                update,
                (object, old) -> {},
                object -> List.of(),
                object -> {},
                name -> null);
    }

    CheckedStrategy status(BiConsumer<Field, JsonNode> rules) {
        return new CheckedStrategy(create, update, rules, warnings, settle, kept);
    }

    CheckedStrategy warning(Function<JsonNode, List<String>> about) {
        return new CheckedStrategy(create, update, statusUpdate, about, settle, kept);
    }

    /** Fields of spec go. */
    CheckedStrategy dropping(String... fields) {
        return settling(object -> {
            if (object.path("spec") instanceof ObjectNode spec) {
                spec.remove(List.of(fields));
            }
        });
    }

    CheckedStrategy settling(Consumer<ObjectNode> how) {
        return new CheckedStrategy(create, update, statusUpdate, warnings, how, kept);
    }

    CheckedStrategy keeping(Function<String, @Nullable String> why) {
        return new CheckedStrategy(create, update, statusUpdate, warnings, settle, why);
    }

    @Override
    public @Nullable String deleteRefusal(String name) {
        return kept.apply(name);
    }

    @Override
    public void prepareForCreate(RequestContext context, ObjectNode object) {
        settle.accept(object);
    }

    @Override
    public void prepareForUpdate(RequestContext context, ObjectNode object, ObjectNode old) {
        settle.accept(object);
    }

    @Override
    public void validate(ObjectNode object, FieldErrors errors) {
        create.accept(new Field(object, "", errors));
    }

    @Override
    public void validateUpdate(ObjectNode object, ObjectNode old, FieldErrors errors) {
        update.accept(new Field(object, "", errors), old);
    }

    @Override
    public void validateStatusUpdate(ObjectNode object, ObjectNode old, FieldErrors errors) {
        statusUpdate.accept(new Field(object, "", errors), old);
    }

    @Override
    public List<String> warnings(ObjectNode object, @Nullable ObjectNode old) {
        return warnings.apply(object);
    }
}
