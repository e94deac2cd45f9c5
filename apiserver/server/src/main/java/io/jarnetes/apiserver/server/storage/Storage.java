package io.jarnetes.apiserver.server.storage;

import io.jarnetes.apiserver.schema.GroupVersionKind;
import io.jarnetes.apiserver.schema.codec.MediaType;
import io.jarnetes.apiserver.schema.codec.TreeCodec;
import io.jarnetes.base.log.Log;
import java.time.Clock;

/** The whole store of an apiserver: one etcd watch, and a {@link ResourceStorage} a resource. */
public final class Storage implements AutoCloseable {

    private final EtcdKv kv;
    private final String prefix;
    private final TreeCodec codec;
    private final MediaType mediaType;
    private final EncryptionConfig encryption;
    private final EtcdFeed feed;
    private final EventLeases leases;
    private final Creations creations;
    private final Log log;

    /**
     * @param prefix {@code --etcd-prefix}, {@code /registry} by default
     * @param mediaType {@code --storage-media-type}
     */
    public Storage(
            EtcdKv kv,
            String prefix,
            TreeCodec codec,
            MediaType mediaType,
            EncryptionConfig encryption,
            Clock clock,
            Log log) {
        this.kv = kv;
        this.prefix = "/" + prefix.replaceAll("^/+|/+$", "") + "/";
        this.codec = codec;
        this.mediaType = mediaType;
        this.encryption = encryption;
        this.feed = new EtcdFeed(kv, this.prefix, log);
        this.leases = new EventLeases(kv, clock);
        this.creations = new Creations(kv);
        this.log = log;
    }

    /** Begins to follow etcd; throws {@link StorageException} when it does not answer. */
    public void start() {
        feed.start();
    }

    /**
     * @param group and {@code resource} choose the encryption
     * @param storagePrefix such as {@code pods} or {@code services/specs}
     * @param hub the version that trees are in
     * @param stored the version that etcd holds
     */
    public ResourceStorage resource(
            String group,
            String resource,
            String storagePrefix,
            GroupVersionKind hub,
            GroupVersionKind stored,
            VersionConverter converter) {
        return new ResourceStorage(
                kv,
                prefix + storagePrefix + "/",
                new StorageCodec(codec, hub, stored, converter, mediaType),
                encryption.transformer(group, resource),
                leases,
                creations,
                (keys, decoder) -> new Cacher(kv, feed, keys, decoder, log));
    }

    /**
     * Whether new objects that come at the same time share a transaction of etcd, and with it a
     * resourceVersion: for the beginning, when hundreds are made at once.
     */
    public void createTogether(boolean on) {
        creations.together(on);
    }

    /** For keys that are no API objects, and for health checks. */
    public EtcdKv kv() {
        return kv;
    }

    /** {@code /registry/}. */
    public String prefix() {
        return prefix;
    }

    @Override
    public void close() {
        feed.close();
    }
}
