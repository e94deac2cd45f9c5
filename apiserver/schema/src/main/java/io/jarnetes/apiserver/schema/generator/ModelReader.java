package io.jarnetes.apiserver.schema.generator;

import java.io.IOException;
import java.lang.classfile.Annotation;
import java.lang.classfile.AnnotationElement;
import java.lang.classfile.AnnotationValue;
import java.lang.classfile.Attributes;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.FieldModel;
import java.lang.classfile.MethodModel;
import java.lang.classfile.attribute.RuntimeVisibleAnnotationsAttribute;
import java.lang.classfile.attribute.SignatureAttribute;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;

/** Reads client-java's model classes: OpenAPI's fields, types, requirements and descriptions. */
final class ModelReader {
    private static final String FOLDER = "io/kubernetes/client/openapi/models/";

    private ModelReader() {}

    /**
     * One OpenAPI definition.
     *
     * @param description on one line
     * @param fields by JSON name
     */
    record Model(String description, Map<String, ModelField> fields) {}

    /**
     * One property.
     *
     * @param signature the Java type, such as {@code Ljava/util/List<Ljava/lang/String;>;}
     */
    record ModelField(String name, String signature, boolean required, String description) {}

    /** Models by class name, such as {@code V1Pod}. */
    static Map<String, Model> read(JarFile jar) throws IOException {
        Map<String, Model> models = new TreeMap<>();
        for (JarEntry entry : jar.stream().toList()) {
            String name = entry.getName();
            if (name.startsWith(FOLDER) && name.endsWith(".class") && !name.contains("$")) {
                ClassModel parsed = ClassFile.of().parse(jar.getInputStream(entry).readAllBytes());
                models.put(
                        name.substring(FOLDER.length(), name.length() - ".class".length()),
                        model(parsed));
            }
        }
        models.remove("AbstractOpenApiSchema");
        return models;
    }

    private static Model model(ClassModel parsed) {
        Map<String, ModelField> fields = new LinkedHashMap<>();
        for (FieldModel field : parsed.fields()) {
            annotation(
                            field.findAttribute(Attributes.runtimeVisibleAnnotations()),
                            "SerializedName")
                    .ifPresent(a -> add(fields, parsed, field, text(a, "value")));
        }
        String description =
                annotation(parsed.findAttribute(Attributes.runtimeVisibleAnnotations()), "ApiModel")
                        .map(a -> text(a, "description"))
                        .orElse("");
        return new Model(description, fields);
    }

    private static void add(
            Map<String, ModelField> fields, ClassModel parsed, FieldModel field, String name) {
        String signature =
                field.findAttribute(Attributes.signature())
                        .map(SignatureAttribute::signature)
                        .orElse(field.fieldType())
                        .stringValue();
        String getter = "get" + capital(field.fieldName().stringValue());
        Optional<Annotation> property =
                parsed.methods().stream()
                        .filter(m -> m.methodName().equalsString(getter))
                        .filter(m -> m.methodTypeSymbol().parameterCount() == 0)
                        .findFirst()
                        .flatMap(ModelReader::property);
        boolean required = property.map(a -> text(a, "required").equals("1")).orElse(false);
        String description = property.map(a -> text(a, "value")).orElse("");
        fields.put(name, new ModelField(name, signature, required, description));
    }

    private static Optional<Annotation> property(MethodModel method) {
        return annotation(
                method.findAttribute(Attributes.runtimeVisibleAnnotations()), "ApiModelProperty");
    }

    private static Optional<Annotation> annotation(
            Optional<RuntimeVisibleAnnotationsAttribute> attribute, String simpleName) {
        return attribute
                .map(RuntimeVisibleAnnotationsAttribute::annotations)
                .orElse(List.of())
                .stream()
                .filter(a -> a.className().stringValue().endsWith("/" + simpleName + ";"))
                .findFirst();
    }

    private static String text(Annotation annotation, String element) {
        return annotation.elements().stream()
                .filter(e -> e.name().equalsString(element))
                .findFirst()
                .map(AnnotationElement::value)
                .map(ModelReader::text)
                .orElse("");
    }

    private static String text(AnnotationValue value) {
        return switch (value) {
            case AnnotationValue.OfString string -> string.stringValue();
            case AnnotationValue.OfBoolean flag -> flag.booleanValue() ? "1" : "0";
            default -> "";
        };
    }

    static String capital(String name) {
        return Character.toUpperCase(name.charAt(0)) + name.substring(1);
    }
}
