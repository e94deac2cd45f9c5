package io.jarnetes.apiserver.schema;

/** What a value is, in the sense of Go's types and their JSON forms. */
public enum ScalarType {
    STRING,
    BOOLEAN,
    INT32,
    INT64,
    DOUBLE,
    /** A base64 string in JSON. */
    BYTES,
    /** {@code resource.Quantity}: canonical string. */
    QUANTITY,
    /** {@code metav1.Time}: RFC 3339 in whole seconds, UTC. */
    TIME,
    /** {@code metav1.MicroTime}: RFC 3339 with six digits, UTC. */
    MICRO_TIME,
    /** {@code metav1.Duration}: Go's {@code 1h2m3s}. */
    DURATION,
    INT_OR_STRING,
    /** Any JSON object: RawExtension, FieldsV1. */
    RAW_OBJECT,
    /** Any JSON value: apiextensions' JSON and the JSONSchemaPropsOr… types. */
    ANY,
    /** A struct; {@link FieldSchema#ref()} names its definition. */
    OBJECT
}
