package io.jarnetes.apiserver.server.endpoints;

import io.jarnetes.apiserver.schema.GroupVersionKind;
import io.jarnetes.apiserver.schema.ResourceDefinition;
import io.jarnetes.apiserver.schema.codec.MediaType;
import io.jarnetes.apiserver.schema.codec.TreeCodec;
import io.jarnetes.apiserver.server.storage.StoredObject;
import io.jarnetes.apiserver.server.storage.VersionConverter;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import tools.jackson.databind.node.ObjectNode;

/**
 * Objects of one resource in the version of a request. Where that is the hub version the cached
 * bytes are the answer; other forms are made once an object and shared.
 */
final class Versions {

    private final TreeCodec codec;
    private final VersionConverter converter;
    private final GroupVersionKind hub;
    private final GroupVersionKind asked;
    private final byte[] head;

    Versions(
            TreeCodec codec,
            VersionConverter converter,
            GroupVersionKind hub,
            ResourceDefinition definition) {
        this.codec = codec;
        this.converter = converter;
        this.hub = hub;
        this.asked = definition.gvk();
        String text =
                "{\"kind\":\"" + asked.kind() + "\",\"apiVersion\":\"" + asked.apiVersion() + "\",";
        this.head = text.getBytes(StandardCharsets.UTF_8);
    }

    GroupVersionKind asked() {
        return asked;
    }

    private boolean same() {
        return hub.equals(asked);
    }

    /** From a request's version to the store's. */
    ObjectNode toHub(ObjectNode object) {
        return same() ? object : converter.convert(object, hub);
    }

    /** From the store's version to the request's; a Status stays what it is. */
    ObjectNode toAsked(ObjectNode object) {
        return same() || !GroupVersionKind.of(object).equals(hub)
                ? object
                : converter.convert(object, asked);
    }

    ObjectNode tree(StoredObject object) {
        return toAsked(object.tree());
    }

    /** The whole object, without an end of line. */
    byte[] encode(StoredObject object, MediaType type) {
        if (type == MediaType.JSON) {
            return same()
                    ? object.json()
                    : object.encoding(asked.apiVersion(), o -> line(codec.encode(tree(o), type)));
        }
        return object.encoding(
                asked.apiVersion() + type, o -> codec.encode(codec.canonical(tree(o)), type));
    }

    private static byte[] line(byte[] json) {
        return json[json.length - 1] == '\n' ? Arrays.copyOf(json, json.length - 1) : json;
    }

    /** As it stands in a list: Go leaves kind and apiVersion out there. */
    byte[] item(StoredObject object) {
        byte[] json = encode(object, MediaType.JSON);
        boolean usual =
                json.length > head.length
                        && Arrays.equals(json, 0, head.length, head, 0, head.length);
        if (!usual) {
            return json;
        }
        byte[] item = new byte[json.length - head.length + 1];
        item[0] = '{';
        System.arraycopy(json, head.length, item, 1, json.length - head.length);
        return item;
    }
}
