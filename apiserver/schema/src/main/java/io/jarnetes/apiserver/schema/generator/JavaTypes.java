package io.jarnetes.apiserver.schema.generator;

import io.jarnetes.apiserver.schema.FieldSchema.Shape;
import io.jarnetes.apiserver.schema.ScalarType;
import java.util.Map;

/** Types of fields, from a model's Java signature or from a protobuf type name. */
final class JavaTypes {
    private static final String MODELS = "Lio/kubernetes/client/openapi/models/";
    private static final Map<String, ScalarType> JAVA =
            Map.ofEntries(
                    Map.entry("Ljava/lang/String;", ScalarType.STRING),
                    Map.entry("Ljava/lang/Boolean;", ScalarType.BOOLEAN),
                    Map.entry("Ljava/lang/Integer;", ScalarType.INT32),
                    Map.entry("Ljava/lang/Long;", ScalarType.INT64),
                    Map.entry("Ljava/lang/Double;", ScalarType.DOUBLE),
                    Map.entry("[B", ScalarType.BYTES),
                    Map.entry("Ljava/time/OffsetDateTime;", ScalarType.TIME),
                    Map.entry("Ljava/lang/Object;", ScalarType.RAW_OBJECT),
                    Map.entry(
                            "Lio/kubernetes/client/custom/IntOrString;", ScalarType.INT_OR_STRING),
                    Map.entry("Lio/kubernetes/client/custom/Quantity;", ScalarType.QUANTITY));

    private static final String META = ".k8s.io.apimachinery.pkg.apis.meta.v1.";
    private static final String EXTENSIONS =
            ".k8s.io.apiextensions_apiserver.pkg.apis.apiextensions.v1.";
    private static final Map<String, ScalarType> PROTO =
            Map.ofEntries(
                    Map.entry(META + "Time", ScalarType.TIME),
                    Map.entry(META + "MicroTime", ScalarType.MICRO_TIME),
                    Map.entry(META + "Duration", ScalarType.DURATION),
                    Map.entry(META + "FieldsV1", ScalarType.RAW_OBJECT),
                    Map.entry(
                            ".k8s.io.apimachinery.pkg.api.resource.Quantity", ScalarType.QUANTITY),
                    Map.entry(
                            ".k8s.io.apimachinery.pkg.util.intstr.IntOrString",
                            ScalarType.INT_OR_STRING),
                    Map.entry(
                            ".k8s.io.apimachinery.pkg.runtime.RawExtension", ScalarType.RAW_OBJECT),
                    Map.entry(EXTENSIONS + "JSON", ScalarType.ANY),
                    Map.entry(EXTENSIONS + "JSONSchemaPropsOrArray", ScalarType.ANY),
                    Map.entry(EXTENSIONS + "JSONSchemaPropsOrBool", ScalarType.ANY),
                    Map.entry(EXTENSIONS + "JSONSchemaPropsOrStringArray", ScalarType.ANY));

    private JavaTypes() {}

    /** What a field holds; {@code ref} is a model's class name or a protobuf type name. */
    record Typed(Shape shape, ScalarType type, String ref) {}

    static Typed ofSignature(String signature) {
        if (signature.startsWith("Ljava/util/List<")) {
            Typed item = ofSignature(inner(signature, "Ljava/util/List<".length()));
            return new Typed(Shape.LIST, item.type(), item.ref());
        }
        String map = "Ljava/util/Map<Ljava/lang/String;";
        if (signature.startsWith(map)) {
            Typed value = ofSignature(inner(signature, map.length()));
            Shape shape = value.shape() == Shape.LIST ? Shape.MAP_OF_LISTS : Shape.MAP;
            return new Typed(shape, value.type(), value.ref());
        }
        ScalarType scalar = JAVA.get(signature);
        if (scalar != null) {
            return new Typed(Shape.SINGLE, scalar, "");
        }
        if (!signature.startsWith(MODELS)) {
            throw new IllegalStateException("no schema type for " + signature);
        }
        String model = signature.substring(MODELS.length(), signature.length() - 1);
        return new Typed(Shape.SINGLE, ScalarType.OBJECT, model);
    }

    private static String inner(String signature, int start) {
        return signature.substring(start, signature.length() - ">;".length());
    }

    /** The scalar that a protobuf type stands for; {@link ScalarType#OBJECT} for all others. */
    static ScalarType ofMessage(String typeName) {
        return PROTO.getOrDefault(typeName, ScalarType.OBJECT);
    }
}
