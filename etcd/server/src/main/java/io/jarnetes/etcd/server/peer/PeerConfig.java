package io.jarnetes.etcd.server.peer;

import io.netty.handler.ssl.SslContext;
import java.net.URI;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Who this member is to its peers.
 *
 * @param memberId this member
 * @param clusterId requests of another cluster are refused
 * @param serverVersion what it says it is, {@code 3.6.14}; valid semver, or Go members panic
 * @param peerUrls where it is reached
 * @param clientTls the context for dialling {@code https} peers, asked for each connection; null
 *     where TLS isn't configured
 */
public record PeerConfig(
        long memberId,
        long clusterId,
        String serverVersion,
        List<URI> peerUrls,
        Supplier<@Nullable SslContext> clientTls) {

    /** The oldest cluster version that this member can be part of. */
    public static final String MIN_CLUSTER_VERSION = "3.0.0";

    /** How long a dialled connection may take to come up, and a stream to say something. */
    public static final int READ_TIMEOUT_MILLIS = 5000;

    public PeerConfig {
        peerUrls = List.copyOf(peerUrls);
    }
}
