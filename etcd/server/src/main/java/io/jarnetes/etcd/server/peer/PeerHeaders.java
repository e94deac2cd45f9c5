package io.jarnetes.etcd.server.peer;

import io.netty.handler.codec.http.HttpHeaders;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Paths and headers of the peer protocol, and the checks of who asks. */
final class PeerHeaders {
    static final String RAFT = "/raft";
    static final String PROBING = "/raft/probing";
    static final String STREAM_PREFIX = "/raft/stream";
    static final String SNAPSHOT = "/raft/snapshot";

    static final String SERVER_FROM = "X-Server-From";
    static final String SERVER_VERSION = "X-Server-Version";
    static final String MIN_CLUSTER_VERSION = "X-Min-Cluster-Version";
    static final String CLUSTER_ID = "X-Etcd-Cluster-ID";
    static final String RAFT_TO = "X-Raft-To";
    static final String PEER_URLS = "X-PeerURLs";

    static final String INCOMPATIBLE_VERSION = "incompatible version";
    static final String CLUSTER_ID_MISMATCH = "cluster ID mismatch";

    /** What a member without version headers is taken for. */
    private static final String OLDEST_VERSION = "2.0.0";

    private PeerHeaders() {}

    /** Unpadded hexadecimal, as ids are written everywhere. */
    static String hex(long id) {
        return Long.toHexString(id);
    }

    /** The id of a text, empty if it is none. */
    static OptionalLong id(@Nullable String text) {
        if (text == null || text.isEmpty()) {
            return OptionalLong.empty();
        }
        try {
            return OptionalLong.of(Long.parseUnsignedLong(text, 16));
        } catch (NumberFormatException e) {
            return OptionalLong.empty();
        }
    }

    /** Says who asks. */
    static void addTo(HttpHeaders headers, PeerConfig config) {
        headers.set(SERVER_FROM, hex(config.memberId()));
        headers.set(SERVER_VERSION, config.serverVersion());
        headers.set(MIN_CLUSTER_VERSION, PeerConfig.MIN_CLUSTER_VERSION);
        headers.set(CLUSTER_ID, hex(config.clusterId()));
        if (!config.peerUrls().isEmpty()) {
            headers.set(
                    PEER_URLS,
                    config.peerUrls().stream().map(URI::toString).collect(Collectors.joining(",")));
        }
    }

    /** The URLs that the asking member says it is reached at; those that are none are left out. */
    static List<URI> peerUrls(HttpHeaders headers) {
        List<URI> urls = new ArrayList<>();
        String text = headers.get(PEER_URLS);
        if (text != null) {
            for (String url : text.split(",")) {
                URI uri = uri(url.strip());
                if (uri != null && Urls.isPeerUrl(url)) {
                    urls.add(uri);
                }
            }
        }
        return urls;
    }

    private static @Nullable URI uri(String text) {
        try {
            return URI.create(text);
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    /**
     * Whether a request may be served.
     *
     * @return null if so, else the body of the 412
     */
    static @Nullable String refusal(HttpHeaders headers, PeerConfig config) {
        int[] theirs = majorMinor(headers.get(SERVER_VERSION, OLDEST_VERSION));
        int[] theirMin = majorMinor(headers.get(MIN_CLUSTER_VERSION, OLDEST_VERSION));
        int[] ours = majorMinor(config.serverVersion());
        int[] ourMin = majorMinor(PeerConfig.MIN_CLUSTER_VERSION);
        if (compare(theirs, ourMin) < 0 || compare(theirMin, ours) > 0) {
            return INCOMPATIBLE_VERSION;
        }
        return hex(config.clusterId()).equals(headers.get(CLUSTER_ID)) ? null : CLUSTER_ID_MISMATCH;
    }

    /** Major and minor of a version; something unreadable counts as older than all. */
    private static int[] majorMinor(String version) {
        String[] parts = version.split("[.]", 3);
        try {
            return new int[] {Integer.parseInt(parts[0]), Integer.parseInt(parts[1])};
        } catch (NumberFormatException | ArrayIndexOutOfBoundsException e) {
            return new int[] {0, 0};
        }
    }

    private static int compare(int[] a, int[] b) {
        return a[0] != b[0] ? Integer.compare(a[0], b[0]) : Integer.compare(a[1], b[1]);
    }
}
