package io.jarnetes.etcd.storage.mvcc;

/**
 * One change that a watcher sees. The pair before it is {@link Mvcc#previous}.
 *
 * @param type put or delete
 * @param kv the pair after it; for a delete only the key and the mod revision
 */
public record Event(Type type, KeyValue kv) {
    /** What happened. */
    public enum Type {
        PUT,
        DELETE
    }
}
