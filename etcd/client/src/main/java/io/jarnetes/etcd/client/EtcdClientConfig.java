package io.jarnetes.etcd.client;

import io.netty.handler.ssl.SslContext;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How to reach a cluster.
 *
 * @param endpoints client URLs of the members, {@code http://} or {@code https://}; at least one
 * @param tls trust and client certificate, needed for {@code https://} endpoints; see {@link
 *     ClientTls}
 * @param requestTimeout the deadline of a unary call
 * @param keepAlive how often an idle connection is probed; zero for never
 * @param connections how many connections share the calls; one serves some ten thousand calls a
 *     second
 */
public record EtcdClientConfig(
        List<URI> endpoints,
        @Nullable SslContext tls,
        Duration requestTimeout,
        Duration keepAlive,
        int connections) {

    /** Answers larger than this are refused; a list of all keys of a large cluster fits. */
    static final int MAX_RESPONSE_BYTES = Integer.MAX_VALUE;

    public EtcdClientConfig {
        endpoints = List.copyOf(endpoints);
        if (endpoints.isEmpty()) {
            throw new IllegalArgumentException("no etcd endpoint was given: name at least one URL");
        }
        for (URI endpoint : endpoints) {
            checkEndpoint(endpoint, tls);
        }
        if (connections < 1) {
            throw new IllegalArgumentException("connections is " + connections + ", must be >= 1");
        }
    }

    /** One connection, 10 s a call, a probe every 30 s. */
    public static EtcdClientConfig of(List<URI> endpoints, @Nullable SslContext tls) {
        return new EtcdClientConfig(
                endpoints, tls, Duration.ofSeconds(10), Duration.ofSeconds(30), 1);
    }

    public EtcdClientConfig withRequestTimeout(Duration timeout) {
        return new EtcdClientConfig(endpoints, tls, timeout, keepAlive, connections);
    }

    public EtcdClientConfig withConnections(int count) {
        return new EtcdClientConfig(endpoints, tls, requestTimeout, keepAlive, count);
    }

    EtcdClientConfig withEndpoint(URI endpoint) {
        return new EtcdClientConfig(List.of(endpoint), tls, requestTimeout, keepAlive, 1);
    }

    private static void checkEndpoint(URI endpoint, @Nullable SslContext tls) {
        if (endpoint.getHost() == null) {
            throw new IllegalArgumentException(
                    "endpoint " + endpoint + " has no host: write it as http://HOST:PORT");
        }
        switch (String.valueOf(endpoint.getScheme())) {
            case "http" -> {}
            case "https" -> {
                if (tls == null) {
                    throw new IllegalArgumentException(
                            "endpoint " + endpoint + " is https, but no TLS context was given");
                }
            }
            default ->
                    throw new IllegalArgumentException(
                            "endpoint " + endpoint + " is neither http:// nor https://");
        }
    }
}
