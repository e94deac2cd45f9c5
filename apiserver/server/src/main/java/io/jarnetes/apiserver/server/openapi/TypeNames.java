package io.jarnetes.apiserver.server.openapi;

import io.jarnetes.apiserver.schema.FieldSchema;

/** Definition names of the types that are one JSON value, and of those every operation needs. */
final class TypeNames {
    static final String META = "io.k8s.apimachinery.pkg.apis.meta.v1.";
    static final String PATCH = META + "Patch";
    static final String STATUS = META + "Status";
    static final String DELETE_OPTIONS = META + "DeleteOptions";
    static final String WATCH_EVENT = META + "WatchEvent";
    static final String RAW = "io.k8s.apimachinery.pkg.runtime.RawExtension";
    static final String QUANTITY = "io.k8s.apimachinery.pkg.api.resource.Quantity";
    static final String INT_OR_STRING = "io.k8s.apimachinery.pkg.util.intstr.IntOrString";
    static final String TIME = META + "Time";
    static final String MICRO_TIME = META + "MicroTime";
    static final String FIELDS_V1 = META + "FieldsV1";
    private static final String EXTENSIONS =
            "io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.JSON";

    private TypeNames() {}

    /** The definition that a field refers to; empty for plain values. */
    static String of(FieldSchema field) {
        return switch (field.type()) {
            case OBJECT -> field.ref();
            case QUANTITY -> QUANTITY;
            case TIME -> TIME;
            case MICRO_TIME -> MICRO_TIME;
            case INT_OR_STRING -> INT_OR_STRING;
            case RAW_OBJECT -> field.name().equals("fieldsV1") ? FIELDS_V1 : RAW;
            case ANY -> EXTENSIONS + anySuffix(field);
            case STRING, BOOLEAN, INT32, INT64, DOUBLE, BYTES, DURATION -> "";
        };
    }

    private static String anySuffix(FieldSchema field) {
        if (field.ref().isEmpty()) {
            return "";
        }
        return switch (field.name()) {
            case "items" -> "SchemaPropsOrArray";
            case "dependencies" -> "SchemaPropsOrStringArray";
            default -> "SchemaPropsOrBool";
        };
    }
}
