package io.jarnetes.apiserver.server.storage;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/**
 * The objects of one resource in etcd and in the cache.
 *
 * <p>Writes compare the key's revision; {@link #update} starts from the cached object, which saves
 * a round trip, and reads anew whenever that turns out to be old.
 */
public final class ResourceStorage {

    private static final int MAX_TRIES = 1_000;

    private final EtcdKv kv;
    private final String prefix;
    private final StorageCodec codec;
    private final Transformer transformer;
    private final EventLeases leases;
    private final Creations creations;
    private final Cacher cacher;
    private final Lister lister;

    ResourceStorage(
            EtcdKv kv,
            String prefix,
            StorageCodec codec,
            Transformer transformer,
            EventLeases leases,
            Creations creations,
            CacherFactory cachers) {
        this.kv = kv;
        this.prefix = prefix;
        this.codec = codec;
        this.transformer = transformer;
        this.leases = leases;
        this.creations = creations;
        this.cacher = cachers.create(prefix, this::decode);
        this.lister = new Lister(kv, prefix, cacher, this::decode);
    }

    /** Makes the cacher of a prefix. */
    @FunctionalInterface
    interface CacherFactory {
        Cacher create(String prefix, ObjectDecoder decoder);
    }

    /** Of all keys of the resource, with a slash at its end. */
    public String prefix() {
        return prefix;
    }

    /**
     * @param namespace empty for cluster-scoped resources
     */
    public String key(String namespace, String name) {
        return namespace.isEmpty() ? prefix + name : prefix + namespace + "/" + name;
    }

    /** Of all keys of a namespace; of all keys for none. */
    public String prefix(String namespace) {
        return namespace.isEmpty() ? prefix : prefix + namespace + "/";
    }

    public Lister lister() {
        return lister;
    }

    /** As etcd has it now; null for nothing. */
    public @Nullable StoredObject get(String key) {
        EtcdKv.Kv found = kv.get(key).kv();
        return found == null ? null : decode(found);
    }

    /** From the cache where it is loaded, else from etcd; may be old. */
    public @Nullable StoredObject cached(String key) {
        return cacher.ready() ? cacher.peek(key) : get(key);
    }

    /** From the cache, which is loaded if need be, not older than that revision. */
    public @Nullable StoredObject notOlderThan(String key, long revision) {
        return cacher.view(revision).objects().get(key);
    }

    /**
     * Writes a new key.
     *
     * @param ttlSeconds 0 for no end
     * @throws StorageException EXISTS
     */
    public ObjectNode create(String key, ObjectNode object, long ttlSeconds) {
        byte[] value = transformer.toStorage(codec.encode(object), key);
        EtcdKv.Outcome outcome =
                creations.create(new EtcdKv.Creation(key, value, leases.lease(ttlSeconds)));
        if (!outcome.succeeded()) {
            throw new StorageException(StorageException.Kind.EXISTS, key + " exists");
        }
        return withRevision(object, outcome.revision());
    }

    /**
     * Applies {@code step} to the present state until nobody interferes.
     *
     * @throws StorageException CONFLICT after very many tries
     */
    public UpdateResult update(String key, UpdateStep step) {
        StoredObject cached = cacher.ready() ? cacher.peek(key) : null;
        boolean fresh = cached == null;
        Current current = fresh ? read(kv.get(key).kv()) : new Current(cached, null);
        for (int i = 0; i < MAX_TRIES; i++) {
            UpdateStep.Decision decision;
            try {
                decision = step.decide(current.object());
            } catch (RuntimeException e) {
                if (fresh) {
                    throw e;
                }
                // What was decided on an old object may not hold for the present one.
                current = read(kv.get(key).kv());
                fresh = true;
                continue;
            }
            Attempt attempt = attempt(key, current, fresh, decision);
            if (attempt.result() != null) {
                return attempt.result();
            }
            current = attempt.next();
            fresh = true;
        }
        throw new StorageException(
                StorageException.Kind.CONFLICT, key + " changed " + MAX_TRIES + " times meanwhile");
    }

    /**
     * @param stored the value as etcd holds it, null when it came from the cache
     */
    private record Current(@Nullable StoredObject object, byte @Nullable [] stored) {
        long revision() {
            return object == null ? 0 : object.revision();
        }
    }

    private record Attempt(@Nullable UpdateResult result, Current next) {}

    private Attempt attempt(
            String key, Current current, boolean fresh, UpdateStep.Decision decision) {
        return switch (decision) {
            case UpdateStep.Keep keep -> {
                if (!fresh) {
                    yield new Attempt(null, read(kv.get(key).kv()));
                }
                yield done(keep.object(), current, false);
            }
            case UpdateStep.Write write -> write(key, current, fresh, write);
            case UpdateStep.Remove remove -> {
                EtcdKv.Outcome outcome = kv.deleteIf(key, current.revision());
                yield outcome.succeeded()
                        ? done(
                                withRevision(
                                        remove.last(),
                                        remove.keepsVersion()
                                                ? current.revision()
                                                : outcome.revision()),
                                current,
                                true)
                        : new Attempt(null, read(outcome.current()));
            }
        };
    }

    private Attempt write(String key, Current current, boolean fresh, UpdateStep.Write write) {
        byte[] plain = codec.encode(write.object());
        StoredObject object = current.object();
        if (object != null && unchanged(key, current, plain)) {
            return fresh
                    ? done(withRevision(write.object(), object.revision()), current, false)
                    : new Attempt(null, read(kv.get(key).kv()));
        }
        byte[] value = transformer.toStorage(plain, key);
        long lease = leases.lease(write.ttlSeconds());
        EtcdKv.Outcome outcome = kv.putIf(key, value, current.revision(), lease);
        return outcome.succeeded()
                ? done(withRevision(write.object(), outcome.revision()), current, false)
                : new Attempt(null, read(outcome.current()));
    }

    /** A write that would change nothing is left out, unless the value is to be re-encrypted. */
    private boolean unchanged(String key, Current current, byte[] plain) {
        byte[] stored = current.stored();
        if (stored == null) {
            StoredObject object = current.object();
            byte[] json = codec.decodeToJson(plain);
            return object != null
                    && Arrays.equals(
                            StoredJson.withRevision(json, object.revision()), object.json());
        }
        Transformer.Plain before = transformer.fromStorage(stored, key);
        return !before.stale() && Arrays.equals(before.bytes(), plain);
    }

    private static Attempt done(ObjectNode object, Current current, boolean removed) {
        boolean created = current.object() == null;
        return new Attempt(new UpdateResult(object, created, removed), current);
    }

    private Current read(EtcdKv.@Nullable Kv found) {
        return found == null ? new Current(null, null) : new Current(decode(found), found.value());
    }

    private StoredObject decode(EtcdKv.Kv found) {
        return decode(found.key(), found.value(), found.modRevision());
    }

    private StoredObject decode(String key, byte[] value, long revision) {
        byte[] json = codec.decodeToJson(transformer.fromStorage(value, key).bytes());
        return new StoredObject(key, revision, StoredJson.withRevision(json, revision));
    }

    private static ObjectNode withRevision(ObjectNode object, long revision) {
        if (object.get("metadata") instanceof ObjectNode metadata) {
            metadata.put("resourceVersion", Long.toString(revision));
        }
        return object;
    }
}
