package io.jarnetes.apiserver.server.storage;

import io.jarnetes.apiserver.schema.GroupVersionKind;
import io.jarnetes.apiserver.schema.codec.DecodeException;
import io.jarnetes.apiserver.schema.codec.MediaType;
import io.jarnetes.apiserver.schema.codec.TreeCodec;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * Between trees in the hub version and the plain value in etcd. Reads JSON and protobuf, whoever
 * wrote them; writes one of them.
 */
final class StorageCodec {

    private static final byte[] PROTOBUF_MAGIC = {'k', '8', 's', 0};
    private static final JsonMapper MAPPER =
            JsonMapper.builder().enable(DeserializationFeature.USE_LONG_FOR_INTS).build();

    private final TreeCodec codec;
    private final GroupVersionKind hub;
    private final GroupVersionKind stored;
    private final VersionConverter converter;
    private final MediaType mediaType;
    private final byte[] hubHead;

    /**
     * @param hub the version of trees on our side
     * @param stored what is written to etcd
     * @param mediaType of what is written; JSON where the kind has no protobuf form
     */
    StorageCodec(
            TreeCodec codec,
            GroupVersionKind hub,
            GroupVersionKind stored,
            VersionConverter converter,
            MediaType mediaType) {
        this.codec = codec;
        this.hub = hub;
        this.stored = stored;
        this.converter = converter;
        this.mediaType =
                mediaType == MediaType.PROTOBUF && codec.hasProtobuf(stored)
                        ? MediaType.PROTOBUF
                        : MediaType.JSON;
        String head =
                "{\"kind\":\"" + hub.kind() + "\",\"apiVersion\":\"" + hub.apiVersion() + "\",";
        this.hubHead = head.getBytes(StandardCharsets.UTF_8);
    }

    /** The value to store; resourceVersion and selfLink, which are not stored, are taken off. */
    byte[] encode(ObjectNode object) {
        ObjectNode copy = object.deepCopy();
        if (copy.get("metadata") instanceof ObjectNode metadata) {
            metadata.remove("resourceVersion");
            metadata.remove("selfLink");
        }
        ObjectNode written = converter.convert(copy, stored);
        byte[] bytes = codec.encode(written, mediaType);
        return mediaType == MediaType.JSON ? withNewline(bytes) : bytes;
    }

    /** Compact JSON in the hub version, without resourceVersion. */
    byte[] decodeToJson(byte[] value) {
        if (startsWith(value, PROTOBUF_MAGIC)) {
            return decodeProtobuf(value);
        }
        if (startsWith(value, hubHead)) {
            return withoutNewline(value);
        }
        try {
            ObjectNode tree = (ObjectNode) MAPPER.readTree(value);
            if (tree.get("metadata") == null) {
                tree.putObject("metadata");
            }
            return withoutNewline(codec.encode(converter.convert(tree, hub), MediaType.JSON));
        } catch (JacksonException | ClassCastException e) {
            throw new StorageException(
                    StorageException.Kind.CORRUPT, "a stored object is no JSON", e);
        }
    }

    private byte[] decodeProtobuf(byte[] value) {
        try {
            ObjectNode tree = codec.decode(value, MediaType.PROTOBUF, stored).object();
            return withoutNewline(codec.encode(converter.convert(tree, hub), MediaType.JSON));
        } catch (DecodeException e) {
            throw new StorageException(
                    StorageException.Kind.CORRUPT, "a stored object is no protobuf", e);
        }
    }

    private static boolean startsWith(byte[] value, byte[] head) {
        return value.length >= head.length
                && Arrays.equals(value, 0, head.length, head, 0, head.length);
    }

    private static byte[] withNewline(byte[] json) {
        if (json.length > 0 && json[json.length - 1] == '\n') {
            return json;
        }
        byte[] out = Arrays.copyOf(json, json.length + 1);
        out[json.length] = '\n';
        return out;
    }

    private static byte[] withoutNewline(byte[] json) {
        int end = json.length;
        while (end > 0 && json[end - 1] <= ' ') {
            end--;
        }
        return end == json.length ? json : Arrays.copyOf(json, end);
    }
}
