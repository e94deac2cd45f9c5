package io.jarnetes.etcd.server;

import io.jarnetes.etcd.server.peer.PeerHttpClient;
import io.jarnetes.etcd.storage.membership.Member;
import io.jarnetes.etcd.storage.membership.MemberJson;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Small questions to other members over the peer port. */
final class PeerQuestions implements RemoteCluster {
    private static final int TIMEOUT_MILLIS = 5_000;
    private static final int BOOT_TIMEOUT_MILLIS = 2_000;
    private static final int OK = 200;

    private final PeerHttpClient http;
    private final JsonMapper json = JsonMapper.builder().build();

    PeerQuestions(PeerHttpClient http) {
        this.http = http;
    }

    CompletableFuture<PeerHttpClient.Response> get(String url, String path) {
        return http.request("GET", URI.create(url + path), Map.of(), new byte[0], TIMEOUT_MILLIS);
    }

    CompletableFuture<PeerHttpClient.Response> post(String url, String path, byte[] body) {
        return http.request(
                "POST",
                URI.create(url + path),
                Map.of("Content-Type", "application/protobuf"),
                body,
                TIMEOUT_MILLIS);
    }

    /** The versions of a member, by any of its URLs; null if none answers. */
    CompletableFuture<@Nullable Versions> version(Member member) {
        return version(member.peerUrls(), 0);
    }

    private CompletableFuture<@Nullable Versions> version(List<String> urls, int from) {
        if (from >= urls.size()) {
            return CompletableFuture.completedFuture(null);
        }
        return get(urls.get(from), "/version")
                .handle((answer, failure) -> failure == null ? parseVersions(answer) : null)
                .thenCompose(found ->
                        found != null
                                ? CompletableFuture.<@Nullable Versions>completedFuture(found)
                                : version(urls, from + 1));
    }

    private @Nullable Versions parseVersions(PeerHttpClient.Response answer) {
        if (answer.status() != OK) {
            return null;
        }
        JsonNode tree = json.readTree(answer.body());
        return new Versions(
                tree.path("etcdcluster").asString(""), tree.path("etcdserver").asString(""));
    }

    // At boot, on a thread that may wait

    @Override
    public @Nullable Found find(List<String> peerUrls) {
        List<CompletableFuture<PeerHttpClient.Response>> answers =
                peerUrls.stream().map(url -> get(url, "/members")).toList();
        for (var answer : answers) {
            PeerHttpClient.Response response = await(answer);
            if (response != null && response.status() == OK) {
                return found(response);
            }
        }
        return null;
    }

    private Found found(PeerHttpClient.Response response) {
        String id = response.headers().get("X-Etcd-Cluster-ID", "0");
        List<Member> members = new ArrayList<>();
        for (JsonNode node : json.readTree(response.body())) {
            members.add(MemberJson.decode(node.toString().getBytes(StandardCharsets.UTF_8)));
        }
        return new Found(Long.parseUnsignedLong(id, 16), members);
    }

    @Override
    public List<Versions> versions(List<String> peerUrls) {
        List<Versions> versions = new ArrayList<>();
        for (String url : peerUrls) {
            PeerHttpClient.Response response = await(get(url, "/version"));
            Versions found = response == null ? null : parseVersions(response);
            if (found != null) {
                versions.add(found);
            }
        }
        return versions;
    }

    private static <T> @Nullable T await(CompletableFuture<T> future) {
        try {
            return future.get(BOOT_TIMEOUT_MILLIS, TimeUnit.MILLISECONDS);
        } catch (ExecutionException | TimeoutException e) {
            return null;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return null;
        }
    }
}
