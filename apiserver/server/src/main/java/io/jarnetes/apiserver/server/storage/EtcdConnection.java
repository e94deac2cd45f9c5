package io.jarnetes.apiserver.server.storage;

import io.jarnetes.etcd.client.EtcdClient;
import io.jarnetes.etcd.client.EtcdClientConfig;
import io.netty.channel.EventLoopGroup;
import io.netty.handler.ssl.SslContext;
import java.net.URI;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A connection to etcd's members, for whoever wires an apiserver. */
public final class EtcdConnection implements AutoCloseable {

    private final EtcdClient client;
    private final EtcdKv kv;

    private EtcdConnection(EtcdClient client) {
        this.client = client;
        this.kv = new EtcdClientKv(client);
    }

    /**
     * Does not wait for an answer.
     *
     * @param endpoints URLs of members
     * @param tls null for plain http
     * @throws IllegalArgumentException for an endpoint that is no such URL
     */
    public static EtcdConnection open(
            List<String> endpoints, @Nullable SslContext tls, EventLoopGroup loops) {
        List<URI> urls = endpoints.stream().map(URI::create).toList();
        return new EtcdConnection(new EtcdClient(EtcdClientConfig.of(urls, tls), loops));
    }

    public EtcdKv kv() {
        return kv;
    }

    @Override
    public void close() {
        client.close();
    }
}
