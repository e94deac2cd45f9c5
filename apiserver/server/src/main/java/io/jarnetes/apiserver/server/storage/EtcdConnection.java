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

    private final EtcdKv kv;
    private final Runnable onClose;

    private EtcdConnection(EtcdKv kv, Runnable onClose) {
        this.kv = kv;
        this.onClose = onClose;
    }

    /** To what is there already, and stays when this is closed. */
    public static EtcdConnection to(EtcdKv kv) {
        return new EtcdConnection(kv, () -> {});
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
        EtcdClient client = new EtcdClient(EtcdClientConfig.of(urls, tls), loops);
        return new EtcdConnection(new EtcdClientKv(client), client::close);
    }

    public EtcdKv kv() {
        return kv;
    }

    @Override
    public void close() {
        onClose.run();
    }
}
