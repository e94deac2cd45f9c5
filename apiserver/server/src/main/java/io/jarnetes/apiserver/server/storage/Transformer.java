package io.jarnetes.apiserver.server.storage;

/** Between an object's encoding and the value in etcd: encryption, or nothing. */
interface Transformer {

    /**
     * @param stale the value should be written again: another provider or key comes first now
     */
    record Plain(byte[] bytes, boolean stale) {}

    /**
     * @param key the etcd key, which authenticated encryption binds
     * @throws StorageException CORRUPT when no provider can read it
     */
    Plain fromStorage(byte[] stored, String key);

    byte[] toStorage(byte[] plain, String key);
}
