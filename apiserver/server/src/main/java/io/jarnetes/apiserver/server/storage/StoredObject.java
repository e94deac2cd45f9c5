package io.jarnetes.apiserver.server.storage;

import java.nio.charset.StandardCharsets;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * One object at one revision, in the resource's hub version, with its resourceVersion in place.
 * Immutable; a cache and all its watchers share it.
 */
public final class StoredObject {

    private static final JsonMapper MAPPER = JsonMapper.builder().build();

    private final String key;
    private final long revision;
    private final byte[] json;

    /**
     * @param key the whole etcd key
     * @param revision the etcd revision of the object's last write
     * @param json compact JSON; not copied, never changed
     */
    public StoredObject(String key, long revision, byte[] json) {
        this.key = key;
        this.revision = revision;
        this.json = json;
    }

    public String key() {
        return key;
    }

    public long revision() {
        return revision;
    }

    /** Compact JSON, shared: not to be changed. */
    public byte[] json() {
        return json;
    }

    /** A tree of the caller's own. */
    public ObjectNode tree() {
        return (ObjectNode) MAPPER.readTree(json);
    }

    @Override
    public String toString() {
        return key + "@" + revision + " " + new String(json, StandardCharsets.UTF_8);
    }
}
