package io.jarnetes.apiserver.schema.defaults;

import io.jarnetes.apiserver.schema.FieldSchema;
import io.jarnetes.apiserver.schema.FieldSchema.Presence;
import io.jarnetes.apiserver.schema.FieldSchema.Shape;
import io.jarnetes.apiserver.schema.GroupVersionKind;
import io.jarnetes.apiserver.schema.ScalarType;
import io.jarnetes.apiserver.schema.Schema;
import io.jarnetes.apiserver.schema.TypeSchema;
import io.jarnetes.apiserver.schema.codec.DecodeException;
import io.jarnetes.apiserver.schema.codec.Quantity;
import java.math.RoundingMode;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.databind.node.StringNode;

/**
 * Upstream's defaults for every built-in type: rules in code for a type first, then the values of
 * {@code defaults.txt} and of {@code +default} markers, then the same for what the object contains.
 * Objects must come from the codec; unknown kinds are left alone.
 */
public final class Defaults implements Defaulting {
    private static final int MILLI_DIGITS = 3;

    private final Schema schema;
    private final Map<String, Map<String, JsonNode>> values = DefaultTable.read();
    private final Map<String, Consumer<ObjectNode>> rules = new HashMap<>();

    /**
     * @param clock for the few defaults that are the time of the request
     */
    public Defaults(Schema schema, InstantSource clock) {
        this.schema = schema;
        CoreRules.addTo(rules);
        GroupRules.addTo(rules, clock);
    }

    @Override
    public void apply(ObjectNode object) {
        Optional<TypeSchema> type = schema.type(GroupVersionKind.of(object));
        type.ifPresent(t -> struct(t, object));
    }

    private void struct(TypeSchema type, ObjectNode object) {
        @Nullable Consumer<ObjectNode> rule = rules.get(type.name());
        if (rule != null) {
            rule.accept(object);
        }
        Map<String, JsonNode> own = values.getOrDefault(type.name(), Map.of());
        for (FieldSchema field : type.fields()) {
            @Nullable JsonNode wanted = own.get(field.name());
            if (wanted == null && field.defaultValue() != null) {
                wanted = DefaultTable.json(field.defaultValue());
            }
            @Nullable JsonNode value = object.get(field.name());
            if (wanted != null && isUnset(field, value)) {
                value = wanted.deepCopy();
                object.set(field.name(), value);
            }
            if (value != null) {
                descend(field, value);
            }
        }
    }

    private static boolean isUnset(FieldSchema field, @Nullable JsonNode value) {
        return field.presence() == Presence.POINTER && field.shape() == Shape.SINGLE
                ? value == null
                : Trees.unset(value);
    }

    private void descend(FieldSchema field, JsonNode value) {
        if (field.type() == ScalarType.QUANTITY && value instanceof ObjectNode list) {
            roundUp(list);
        }
        if (field.type() != ScalarType.OBJECT || value.isNull()) {
            return;
        }
        TypeSchema type = schema.require(field.ref());
        switch (field.shape()) {
            case SINGLE -> struct(type, (ObjectNode) value);
            case LIST, MAP -> value.forEach(item -> struct(type, (ObjectNode) item));
            case MAP_OF_LISTS -> {}
        }
    }

    /** Resource lists hold thousandths at best. */
    private static void roundUp(ObjectNode list) {
        for (Map.Entry<String, JsonNode> entry : list.properties()) {
            String text = entry.getValue().asString("");
            if (text.endsWith("n") || text.endsWith("u")) {
                entry.setValue(StringNode.valueOf(rounded(text)));
            }
        }
    }

    private static String rounded(String text) {
        try {
            Quantity given = Quantity.parse(text);
            return Quantity.of(
                            given.value().setScale(MILLI_DIGITS, RoundingMode.UP), given.format())
                    .text();
        } catch (DecodeException e) {
            return text;
        }
    }
}
