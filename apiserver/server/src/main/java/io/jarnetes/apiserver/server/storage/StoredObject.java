package io.jarnetes.apiserver.server.storage;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * One object at one revision, in the resource's hub version, with its resourceVersion in place.
 * Immutable to its users; a cache and all its watchers share it, and what is derived from its bytes
 * is derived once.
 */
public final class StoredObject {

    private static final JsonMapper MAPPER =
            JsonMapper.builder().enable(DeserializationFeature.USE_LONG_FOR_INTS).build();

    private final String key;
    private final long revision;
    private final byte[] json;
    private volatile @Nullable Map<String, String> labels;
    private volatile @Nullable Map<String, String> fields;
    private volatile @Nullable Map<String, byte[]> encodings;

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

    /** {@code metadata.labels}; empty when there are none. */
    public Map<String, String> labels() {
        Map<String, String> known = labels;
        if (known == null) {
            known = StoredJson.labels(json);
            labels = known;
        }
        return known;
    }

    /**
     * What field selectors may ask of the object.
     *
     * @param extract always the same for a resource: its answer is kept
     */
    public Map<String, String> fields(Function<ObjectNode, Map<String, String>> extract) {
        Map<String, String> known = fields;
        if (known == null) {
            known = extract.apply(tree());
            fields = known;
        }
        return known;
    }

    /**
     * Another form of the object, made at the first call and shared afterwards.
     *
     * @param name of the form: version, media type and the like
     */
    public byte[] encoding(String name, Function<StoredObject, byte[]> encode) {
        Map<String, byte[]> known = encodings;
        if (known == null) {
            synchronized (this) {
                known = encodings;
                if (known == null) {
                    known = new ConcurrentHashMap<>(4);
                    encodings = known;
                }
            }
        }
        byte[] made = known.get(name);
        if (made == null) {
            made = encode.apply(this);
            known.put(name, made);
        }
        return made;
    }

    /** The last state of an object that was deleted at {@code deletion}. */
    StoredObject deletedAt(long deletion) {
        return new StoredObject(key, deletion, StoredJson.replaceRevision(json, deletion));
    }

    @Override
    public String toString() {
        return key + "@" + revision + " " + new String(json, StandardCharsets.UTF_8);
    }
}
