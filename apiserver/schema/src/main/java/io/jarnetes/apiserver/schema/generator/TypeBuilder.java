package io.jarnetes.apiserver.schema.generator;

import com.google.protobuf.DescriptorProtos.DescriptorProto;
import com.google.protobuf.DescriptorProtos.FieldDescriptorProto;
import com.google.protobuf.DescriptorProtos.FieldDescriptorProto.Label;
import com.google.protobuf.DescriptorProtos.FieldDescriptorProto.Type;
import io.jarnetes.apiserver.schema.FieldSchema;
import io.jarnetes.apiserver.schema.FieldSchema.Presence;
import io.jarnetes.apiserver.schema.FieldSchema.Shape;
import io.jarnetes.apiserver.schema.ScalarType;
import io.jarnetes.apiserver.schema.generator.CommentReader.Comments;
import io.jarnetes.apiserver.schema.generator.JavaTypes.Typed;
import io.jarnetes.apiserver.schema.generator.ModelReader.Model;
import io.jarnetes.apiserver.schema.generator.ModelReader.ModelField;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Puts the fields of one type together from message, model, comments and shapes. */
final class TypeBuilder {
    private static final Set<String> STRUCTS_BY_VALUE = Set.of("metadata", "spec", "status");

    private final Join join;
    private final Map<String, Comments> comments;
    private final Shapes shapes;

    /**
     * A type as it goes into the resource.
     *
     * @param inlines protobuf number to definition name of embedded structs
     * @param published whether OpenAPI has it
     * @param texts descriptions of the fields by JSON name
     */
    record Built(
            String name,
            boolean atomic,
            boolean protobuf,
            boolean published,
            Map<Integer, String> inlines,
            Map<String, FieldSchema> fields,
            String description,
            Map<String, String> texts) {}

    TypeBuilder(Join join, Map<String, Comments> protoComments, Shapes shapes) {
        this.join = join;
        this.shapes = shapes;
        this.comments = new TreeMap<>();
        protoComments.forEach((name, c) -> comments.put(Join.definition(name), c));
    }

    Built build(String name) {
        DescriptorProto message = join.messages.get(name);
        Model model = join.models.get(name);
        Map<Integer, String> inlines = new TreeMap<>();
        Map<String, FieldSchema> fields = new LinkedHashMap<>();
        Map<String, String> texts = new TreeMap<>();
        if (model != null && message != null) {
            addTypeMeta(name, message, model, fields);
        }
        if (message != null) {
            if (model == null && match(message, "metadata")) {
                for (String field : List.of("kind", "apiVersion")) {
                    fields.put(
                            field,
                            field(
                                    name,
                                    field,
                                    Shape.SINGLE,
                                    ScalarType.STRING,
                                    "",
                                    0,
                                    false,
                                    List.of()));
                }
            }
            addMessage(name, message, model, inlines, fields, texts);
        }
        if (model != null) {
            addModelOnly(name, model, fields);
        }
        Comments own = comments.getOrDefault(name, Comments.none());
        if (model != null) {
            model.fields().values().forEach(f -> texts.putIfAbsent(f.name(), f.description()));
        }
        String text = model == null ? "" : Text.merge(Text.of(own.type()), model.description());
        return new Built(
                name,
                Marks.of(own.type(), "").atomic(),
                message != null,
                model != null,
                inlines,
                fields,
                text,
                texts);
    }

    /** A type that is one JSON value. */
    Built value(String name) {
        String text = Text.of(comments.getOrDefault(name, Comments.none()).type());
        return new Built(name, false, false, true, Map.of(), Map.of(), text, Map.of());
    }

    /** Go embeds TypeMeta first; protobuf leaves it to the envelope. */
    private void addTypeMeta(
            String name, DescriptorProto message, Model model, Map<String, FieldSchema> fields) {
        for (String field : List.of("kind", "apiVersion")) {
            ModelField found = model.fields().get(field);
            boolean own = message.getFieldList().stream().anyMatch(f -> f.getName().equals(field));
            if (found != null && !own) {
                fields.put(field, ofModel(name, found));
            }
        }
    }

    private void addMessage(
            String name,
            DescriptorProto message,
            @Nullable Model model,
            Map<Integer, String> inlines,
            Map<String, FieldSchema> fields,
            Map<String, String> texts) {
        for (FieldDescriptorProto field : message.getFieldList()) {
            ModelField match = model == null ? null : match(model, field.getName());
            if (model == null) {
                fields.put(field.getName(), ofMessage(name, message, field, null));
                texts.put(field.getName(), Text.of(comment(name, field.getNumber())));
            } else if (match != null) {
                fields.put(match.name(), ofMessage(name, message, field, match));
                texts.put(match.name(), text(field, comment(name, field.getNumber()), match));
            } else if (isInline(field, model)) {
                String ref = Join.definition(field.getTypeName());
                inlines.put(field.getNumber(), ref);
                DescriptorProto inner = join.messages.get(ref);
                if (inner != null) {
                    Map<String, FieldSchema> flat = new LinkedHashMap<>();
                    addMessage(ref, inner, model, new TreeMap<>(), flat, texts);
                    flat.forEach((k, f) -> fields.put(k, withoutNumber(f)));
                }
            }
        }
    }

    /** The models give a value type's own text to fields that have none. */
    private static String text(FieldDescriptorProto field, List<String> comment, ModelField model) {
        String lines = Text.of(comment);
        boolean value = JavaTypes.ofMessage(field.getTypeName()) != ScalarType.OBJECT;
        return value && lines.isEmpty() ? "" : Text.merge(lines, model.description());
    }

    private static FieldSchema withoutNumber(FieldSchema f) {
        return new FieldSchema(
                f.name(),
                f.shape(),
                f.type(),
                f.ref(),
                0,
                f.required(),
                f.presence(),
                f.listType(),
                f.mapKeys(),
                f.atomic(),
                f.patchStrategy(),
                f.patchMergeKey(),
                f.defaultValue());
    }

    private boolean isInline(FieldDescriptorProto field, Model model) {
        DescriptorProto inner =
                field.getType() == Type.TYPE_MESSAGE && field.getLabel() == Label.LABEL_OPTIONAL
                        ? join.messages.get(Join.definition(field.getTypeName()))
                        : null;
        return inner != null
                && inner.getFieldList().stream()
                        .anyMatch(f -> match(model, f.getName()) != null || isInline(f, model));
    }

    private static boolean match(DescriptorProto message, String field) {
        return message.getFieldList().stream().anyMatch(f -> f.getName().equals(field));
    }

    private static @Nullable ModelField match(Model model, String protoName) {
        ModelField exact = model.fields().get(protoName);
        if (exact != null) {
            return exact;
        }
        String plain = Join.plain(protoName);
        return model.fields().values().stream()
                .filter(f -> Join.plain(f.name()).equals(plain))
                .findFirst()
                .orElse(null);
    }

    private void addModelOnly(String name, Model model, Map<String, FieldSchema> fields) {
        List<String> order = new ArrayList<>(List.of("kind", "apiVersion"));
        order.addAll(shapes.order(name));
        DescriptorProto sibling = join.messages.get(Shapes.likeV1(name));
        if (sibling != null) {
            sibling.getFieldList().forEach(f -> order.add(f.getName()));
        }
        order.addAll(model.fields().keySet());
        for (String field : order) {
            ModelField found = model.fields().get(field);
            if (found != null && !fields.containsKey(field)) {
                fields.put(field, ofModel(name, found));
            }
        }
    }

    private FieldSchema ofModel(String name, ModelField field) {
        Typed typed = JavaTypes.ofSignature(field.signature());
        String ref =
                typed.ref().isEmpty() ? "" : Objects.requireNonNull(join.byClass.get(typed.ref()));
        List<String> like = likeV1(name, field.name());
        return field(
                name, field.name(), typed.shape(), typed.type(), ref, 0, field.required(), like);
    }

    /** The comment of the field of that name in v1 of the group, for versions without protobuf. */
    private List<String> likeV1(String name, String field) {
        String like = Shapes.likeV1(name);
        DescriptorProto message = join.messages.get(like);
        if (message == null || like.equals(name)) {
            return List.of();
        }
        return message.getFieldList().stream()
                .filter(f -> f.getName().equals(field))
                .findFirst()
                .map(f -> comment(like, f.getNumber()))
                .orElse(List.of());
    }

    private List<String> comment(String name, int number) {
        return comments.getOrDefault(name, Comments.none())
                .fields()
                .getOrDefault(number, List.of());
    }

    private FieldSchema ofMessage(
            String name,
            DescriptorProto message,
            FieldDescriptorProto field,
            @Nullable ModelField model) {
        String jsonName = model == null ? field.getName() : model.name();
        Typed typed = typed(message, field);
        return field(
                name,
                jsonName,
                typed.shape(),
                typed.type(),
                typed.ref(),
                field.getNumber(),
                model != null && model.required(),
                comment(name, field.getNumber()));
    }

    private Typed typed(DescriptorProto message, FieldDescriptorProto field) {
        boolean repeated = field.getLabel() == Label.LABEL_REPEATED;
        if (field.getType() != Type.TYPE_MESSAGE) {
            return new Typed(repeated ? Shape.LIST : Shape.SINGLE, scalar(field.getType()), "");
        }
        for (DescriptorProto nested : message.getNestedTypeList()) {
            if (nested.getOptions().getMapEntry()
                    && field.getTypeName()
                            .endsWith("." + message.getName() + "." + nested.getName())) {
                Typed value = typed(nested, nested.getField(1));
                Shape shape = value.shape() == Shape.LIST ? Shape.MAP_OF_LISTS : Shape.MAP;
                return new Typed(shape, value.type(), value.ref());
            }
        }
        ScalarType special = JavaTypes.ofMessage(field.getTypeName());
        if (special != ScalarType.OBJECT) {
            String ref =
                    field.getTypeName().contains(".JSONSchemaPropsOr")
                            ? "io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.JSONSchemaProps"
                            : "";
            return new Typed(repeated ? Shape.LIST : Shape.SINGLE, special, ref);
        }
        // ExtraValue and Verbs are []string in Go, but messages in protobuf.
        if (field.getTypeName().endsWith(".ExtraValue") || field.getTypeName().endsWith(".Verbs")) {
            return new Typed(Shape.LIST, ScalarType.STRING, "wrapped");
        }
        String ref = Join.definition(field.getTypeName());
        return new Typed(repeated ? Shape.LIST : Shape.SINGLE, ScalarType.OBJECT, ref);
    }

    private static ScalarType scalar(Type type) {
        return switch (type) {
            case TYPE_STRING -> ScalarType.STRING;
            case TYPE_BOOL -> ScalarType.BOOLEAN;
            case TYPE_INT32 -> ScalarType.INT32;
            case TYPE_INT64 -> ScalarType.INT64;
            case TYPE_DOUBLE -> ScalarType.DOUBLE;
            case TYPE_BYTES -> ScalarType.BYTES;
            default -> throw new IllegalStateException("no schema type for " + type);
        };
    }

    private FieldSchema field(
            String type,
            String name,
            Shape shape,
            ScalarType scalar,
            String ref,
            int number,
            boolean required,
            List<String> comment) {
        String shapeMarks = shapes.marks(type, name);
        Marks marks = Marks.of(comment, shapeMarks);
        boolean needed = required || List.of(shapeMarks.split(" ")).contains("R");
        boolean struct = shape == Shape.SINGLE && scalar.ordinal() >= ScalarType.QUANTITY.ordinal();
        return new FieldSchema(
                name,
                shape,
                scalar,
                ref,
                number,
                needed,
                presence(name, struct, required, shapeMarks),
                marks.listType(),
                marks.mapKeys(),
                marks.atomic(),
                marks.patchStrategy(),
                marks.patchMergeKey(),
                marks.defaultValue());
    }

    private static Presence presence(
            String name, boolean struct, boolean required, String shapeMarks) {
        for (String mark : shapeMarks.split(" ")) {
            switch (mark) {
                case "P" -> {
                    return Presence.POINTER;
                }
                case "A" -> {
                    return Presence.ALWAYS;
                }
                case "N" -> {
                    return Presence.NULLABLE;
                }
                case "O", "Z" -> {
                    return Presence.OMIT_ZERO;
                }
                default -> {}
            }
        }
        if (required || struct && STRUCTS_BY_VALUE.contains(name)) {
            return Presence.ALWAYS;
        }
        return struct ? Presence.POINTER : Presence.OMIT_ZERO;
    }
}
