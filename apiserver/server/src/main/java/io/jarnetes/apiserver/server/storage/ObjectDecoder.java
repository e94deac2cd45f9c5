package io.jarnetes.apiserver.server.storage;

/** From what etcd holds to an object. */
@FunctionalInterface
interface ObjectDecoder {

    /**
     * @param revision becomes the resourceVersion
     * @throws StorageException CORRUPT when it cannot be decrypted or decoded
     */
    StoredObject decode(String key, byte[] value, long revision);
}
