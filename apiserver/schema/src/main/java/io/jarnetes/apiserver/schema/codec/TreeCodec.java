package io.jarnetes.apiserver.schema.codec;

import io.jarnetes.apiserver.schema.GroupVersionKind;
import io.jarnetes.apiserver.schema.Schema;
import tools.jackson.databind.node.ObjectNode;

/** Reads and writes objects in every encoding. */
public interface TreeCodec {

    /** The codec of a schema. */
    static TreeCodec of(Schema schema) {
        return new SchemaCodec(schema);
    }

    /**
     * Reads one object by Go's rules: unknown fields are dropped and reported, values are checked
     * against their types, {@code null}s and omitted zero values are gone, quantities and times are
     * in canonical form, fields in Go's order. A type that the schema does not know (a custom
     * resource) keeps every field.
     *
     * @param body the bytes, in the encoding {@code type}
     * @param expected what {@code kind} and {@code apiVersion} are taken to be where the body is
     *     silent
     * @throws DecodeException if it is malformed or a value has the wrong type
     */
    Decoded decode(byte[] body, MediaType type, GroupVersionKind expected) throws DecodeException;

    /** {@link #decode} of a tree that exists already, such as the outcome of a patch. */
    Decoded decode(ObjectNode tree, GroupVersionKind expected) throws DecodeException;

    /** The object in Go's field order with Go's zero values; {@code object} is left alone. */
    ObjectNode canonical(ObjectNode object);

    /**
     * Writes an object by its {@code kind} and {@code apiVersion}, in Go's field order. JSON is
     * compact and ends with a line feed, as upstream's does.
     *
     * @throws IllegalArgumentException for {@link MediaType#PROTOBUF} of a type that has no
     *     protobuf form (apiregistration.k8s.io and custom resources)
     */
    byte[] encode(ObjectNode object, MediaType type);

    /**
     * One event of a protobuf watch ({@code application/vnd.kubernetes.protobuf;stream=watch}):
     * four bytes of length, then a WatchEvent.
     *
     * @param eventType {@code ADDED}, {@code BOOKMARK} …
     * @param object in its protobuf envelope
     */
    byte[] watchFrame(String eventType, byte[] object);

    /** Whether a kind has a protobuf form. */
    boolean hasProtobuf(GroupVersionKind kind);
}
