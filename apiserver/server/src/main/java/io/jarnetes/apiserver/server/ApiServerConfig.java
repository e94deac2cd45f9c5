package io.jarnetes.apiserver.server;

import io.jarnetes.apiserver.server.authentication.FrontProxyAuthenticator;
import java.net.InetAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * All that one API server is told. Lists and maps are copied; files are read at the start, and
 * those of certificates again when they change.
 *
 * @param serving where it listens, and as whom
 * @param etcd where it stores
 * @param authentication whom it believes
 * @param tokens service-account tokens
 * @param authorizationModes in their order: AlwaysAllow, AlwaysDeny, Node, RBAC
 * @param admission which plugins, and their numbers
 * @param network Services' addresses and ports
 * @param runtimeConfig {@code --runtime-config}: {@code group/version=true}, {@code api/all=true}
 * @param limits of requests
 */
public record ApiServerConfig(
        Serving serving,
        Etcd etcd,
        AuthenticationFiles authentication,
        Tokens tokens,
        List<String> authorizationModes,
        Admission admission,
        Network network,
        Map<String, String> runtimeConfig,
        Limits limits) {

    public ApiServerConfig {
        authorizationModes = List.copyOf(authorizationModes);
        runtimeConfig = Map.copyOf(runtimeConfig);
    }

    /**
     * @param port 0 for a free one
     * @param advertise where clients reach it; null for the first address that isn't loopback
     * @param certificate null to make one that signs itself, in {@code certDirectory}
     * @param certDirectory null to keep a made certificate in memory
     */
    public record Serving(
            InetAddress bind,
            int port,
            @Nullable InetAddress advertise,
            String externalHost,
            @Nullable Path certificate,
            @Nullable Path key,
            @Nullable Path certDirectory) {}

    /**
     * @param endpoints URLs
     * @param mediaType {@code application/json} or {@code application/vnd.kubernetes.protobuf}
     * @param encryptionConfig null to store everything in clear
     * @param eventTtl how long Events are kept
     */
    public record Etcd(
            List<String> endpoints,
            @Nullable Path authorities,
            @Nullable Path certificate,
            @Nullable Path key,
            String prefix,
            String mediaType,
            @Nullable Path encryptionConfig,
            Duration eventTtl) {}

    /**
     * @param clientCa null to take no client certificates
     * @param frontProxyCa null for no front proxy
     * @param anonymous whether requests without credentials are let in as system:anonymous
     */
    public record AuthenticationFiles(
            @Nullable Path clientCa,
            @Nullable Path frontProxyCa,
            FrontProxyAuthenticator.Settings frontProxy,
            @Nullable Path tokenFile,
            boolean bootstrapTokens,
            boolean anonymous) {}

    /**
     * @param issuers the first one signs, all are accepted
     * @param verifyingKeys public keys, certificates or private keys
     * @param signingKey null for none: no TokenRequest then
     */
    public record Tokens(
            List<String> issuers,
            List<Path> verifyingKeys,
            @Nullable Path signingKey,
            List<String> audiences,
            String jwksUri,
            boolean lookup,
            Duration maxExpiration,
            boolean extendExpiration) {}

    /** Names as upstream has them; seconds for the two tolerations that pods get. */
    public record Admission(
            List<String> enabled,
            List<String> disabled,
            long notReadySeconds,
            long unreachableSeconds) {}

    /**
     * @param serviceRanges CIDRs of cluster IPs, at most one a family
     */
    public record Network(
            List<String> serviceRanges,
            int nodePortBase,
            int nodePortCount,
            boolean allowPrivileged) {}

    /**
     * @param shutdownGrace what requests in flight get when it stops
     */
    public record Limits(
            int maxInFlight,
            int maxMutatingInFlight,
            Duration requestTimeout,
            Duration shutdownGrace) {}
}
