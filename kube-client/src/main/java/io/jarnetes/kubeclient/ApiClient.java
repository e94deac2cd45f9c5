package io.jarnetes.kubeclient;

import io.jarnetes.base.tls.Pem;
import io.jarnetes.base.tls.Tls;
import io.jarnetes.base.tls.TlsException;
import io.jarnetes.kubeclient.http.HttpAnswer;
import io.jarnetes.kubeclient.http.HttpAsk;
import io.jarnetes.kubeclient.http.HttpStream;
import io.jarnetes.kubeclient.http.Transport;
import io.netty.handler.ssl.SslContext;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Requests to one apiserver over HTTP/2 and TLS (HTTP/1.1 where the server has no HTTP/2), as one
 * user. All requests and watches share a connection. Calls block; an interrupt ends them with
 * {@link StoppedException}.
 */
public final class ApiClient implements AutoCloseable {

    /** How a patch is written (RFC 6902, RFC 7386, Kubernetes' own two). */
    public enum Patch {
        JSON("application/json-patch+json"),
        MERGE("application/merge-patch+json"),
        STRATEGIC("application/strategic-merge-patch+json"),
        APPLY("application/apply-patch+yaml");

        private final String mediaType;

        Patch(String mediaType) {
            this.mediaType = mediaType;
        }
    }

    private static final String[] PROTOCOLS = {"h2", "http/1.1"};
    private static final String JSON_TYPE = "application/json";
    private static final Duration REQUEST_TIMEOUT = Duration.ofSeconds(60);
    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(10);

    private final Transport http;
    private final String server;
    private final @Nullable Supplier<String> token;
    private final String userAgent;
    private final Duration timeout;
    private final boolean owner;

    private ApiClient(
            Transport http,
            String server,
            @Nullable Supplier<String> token,
            String userAgent,
            Duration timeout,
            boolean owner) {
        this.http = http;
        this.server = server;
        this.token = token;
        this.userAgent = userAgent;
        this.timeout = timeout;
        this.owner = owner;
    }

    /**
     * @param userAgent names the manager of the fields that are written: its part before the slash
     * @throws IOException if a certificate or key can't be used
     */
    public static ApiClient connect(KubeConfig config, String userAgent) throws IOException {
        SslContext tls;
        try {
            tls = config.server().startsWith("https:") ? tls(config) : null;
        } catch (TlsException e) {
            throw new IOException("the credentials can't be used: " + e.getMessage(), e);
        }
        String token = config.token();
        return new ApiClient(
                new Transport(config.server(), tls, CONNECT_TIMEOUT),
                config.server(),
                token == null ? null : () -> token,
                userAgent,
                REQUEST_TIMEOUT,
                true);
    }

    private static SslContext tls(KubeConfig config) throws IOException {
        String certificate = config.clientCertificate();
        String key = config.clientKey();
        Tls.Identity identity =
                certificate == null || key == null
                        ? null
                        : Tls.Identity.parse(
                                certificate, "the client certificate", key, "the client key");
        if (config.insecure()) {
            return Tls.client(identity, new AnyServer(), PROTOCOLS);
        }
        String authority = config.certificateAuthority();
        // Go's rules: upstream's programs accept serving certificates that the JDK refuses.
        return Tls.client(
                identity,
                authority == null
                        ? systemAuthorities()
                        : Pem.certificates(authority, "the certificate authority"),
                PROTOCOLS);
    }

    /** The JDK's. */
    private static List<X509Certificate> systemAuthorities() throws IOException {
        try {
            TrustManagerFactory factory =
                    TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            factory.init((KeyStore) null);
            for (TrustManager manager : factory.getTrustManagers()) {
                if (manager instanceof X509TrustManager known) {
                    return List.of(known.getAcceptedIssuers());
                }
            }
            return List.of();
        } catch (GeneralSecurityException e) {
            throw new IOException("the JDK's authorities can't be read: " + e.getMessage(), e);
        }
    }

    /**
     * The same connection as another user. Only of use on a client without a certificate, since the
     * server looks at the certificate first. Closing the result does nothing.
     */
    public ApiClient withToken(Supplier<String> bearer, String agent) {
        return new ApiClient(http, server, bearer, agent, timeout, false);
    }

    /** The same client with another time limit for requests other than watches. */
    public ApiClient withTimeout(Duration limit) {
        return new ApiClient(http, server, token, userAgent, limit, false);
    }

    /** The same user under another name in managed fields. */
    public ApiClient withUserAgent(String agent) {
        return new ApiClient(http, server, token, agent, timeout, false);
    }

    public String server() {
        return server;
    }

    /**
     * @throws ApiException if the server refuses, has no such object or can't be reached
     */
    public ObjectNode get(String path) {
        return send("GET", path, JSON_TYPE, JSON_TYPE, null);
    }

    /** As {@link #get} with another Accept header. */
    public ObjectNode get(String path, String accept) {
        return send("GET", path, accept, JSON_TYPE, null);
    }

    /**
     * @return empty where there is no such object
     */
    public Optional<KubeObject> find(Resource resource, String namespace, String name) {
        try {
            return Optional.of(KubeObject.of(get(resource.path(namespace, name))));
        } catch (ApiException e) {
            if (e.notFound()) {
                return Optional.empty();
            }
            throw e;
        }
    }

    public KubeObject create(String path, JsonNode object) {
        return KubeObject.of(send("POST", path, JSON_TYPE, JSON_TYPE, Json.bytes(object)));
    }

    public KubeObject create(Resource resource, String namespace, ObjectNode object) {
        object.put("apiVersion", resource.apiVersion()).put("kind", resource.kind());
        return create(resource.path(namespace), object);
    }

    /** Replaces; the tree's resourceVersion must be the current one. */
    public KubeObject update(String path, ObjectNode object) {
        return KubeObject.of(send("PUT", path, JSON_TYPE, JSON_TYPE, Json.bytes(object)));
    }

    /** Replaces an object that was read and edited. */
    public KubeObject update(Resource resource, ObjectNode object) {
        return update(resource, object, "");
    }

    /** Replaces the part of an object that a subresource such as {@code status} shows. */
    public KubeObject update(Resource resource, ObjectNode object, String subresource) {
        object.put("apiVersion", resource.apiVersion()).put("kind", resource.kind());
        String path =
                resource.path(
                        Json.text(object, "metadata", "namespace"),
                        Json.text(object, "metadata", "name"));
        return update(subresource.isEmpty() ? path : path + "/" + subresource, object);
    }

    public KubeObject patch(String path, Patch type, JsonNode patch) {
        return KubeObject.of(send("PATCH", path, JSON_TYPE, type.mediaType, Json.bytes(patch)));
    }

    /**
     * @param options a DeleteOptions tree; null for none
     */
    public void delete(String path, @Nullable ObjectNode options) {
        send("DELETE", path, JSON_TYPE, JSON_TYPE, options == null ? null : Json.bytes(options));
    }

    /** The same where it may be gone already. */
    public void deleteIfThere(String path, @Nullable ObjectNode options) {
        try {
            delete(path, options);
        } catch (ApiException e) {
            if (!e.notFound()) {
                throw e;
            }
        }
    }

    /** Options of a delete that only hits the object with this UID. */
    public static ObjectNode onlyUid(String uid) {
        return Json.of(
                "apiVersion", "v1", "kind", "DeleteOptions", "preconditions", Json.of("uid", uid));
    }

    /** The body as text, of {@code /healthz} and the like. */
    public String text(String path) {
        return new String(exchange("GET", path, "*/*", JSON_TYPE, null), StandardCharsets.UTF_8);
    }

    /**
     * Opens a stream that has no end of its own, such as a watch. Closing the stream ends it.
     *
     * @param limit of waiting for the answer's head
     */
    public InputStream stream(String path, String accept, Duration limit) {
        HttpStream response =
                await(http.stream(HttpAsk.get(path, headers(accept, null))), "GET " + path, limit);
        if (response.successful()) {
            return response.body();
        }
        try (InputStream body = response.body()) {
            throw failure(response.code(), body.readAllBytes());
        } catch (IOException e) {
            throw ApiException.unreachable("GET " + path, e);
        }
    }

    private Map<String, String> headers(String accept, @Nullable String contentType) {
        Map<String, String> headers = new HashMap<>();
        headers.put("accept", accept);
        headers.put("user-agent", userAgent);
        if (contentType != null) {
            headers.put("content-type", contentType);
        }
        if (token != null) {
            headers.put("authorization", "Bearer " + token.get());
        }
        return headers;
    }

    private ObjectNode send(
            String method, String path, String accept, String contentType, byte @Nullable [] body) {
        byte[] answer = exchange(method, path, accept, contentType, body);
        try {
            return Json.parse(answer);
        } catch (IllegalArgumentException e) {
            throw ApiException.unreachable(method + " " + path + ": the answer", e);
        }
    }

    private byte[] exchange(
            String method, String path, String accept, String contentType, byte @Nullable [] body) {
        HttpAsk ask =
                new HttpAsk(method, path, headers(accept, body == null ? null : contentType), body);
        HttpAnswer answer = await(http.send(ask), method + " " + path, timeout);
        if (!answer.successful()) {
            throw failure(answer.code(), answer.body());
        }
        return answer.body();
    }

    private static <T> T await(CompletableFuture<T> future, String what, Duration limit) {
        try {
            return future.get(limit.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            future.cancel(true);
            Thread.currentThread().interrupt();
            throw new StoppedException();
        } catch (TimeoutException e) {
            future.cancel(true);
            throw ApiException.unreachable(
                    what, new IOException("no answer within " + limit.toMillis() + " ms"));
        } catch (ExecutionException e) {
            Throwable cause = e.getCause();
            throw ApiException.unreachable(what, cause == null ? e : cause);
        } catch (CancellationException e) {
            throw ApiException.unreachable(what, e);
        }
    }

    private static ApiException failure(int code, byte[] body) {
        try {
            return ApiException.of(code, Json.parse(body));
        } catch (IllegalArgumentException e) {
            return ApiException.of(
                    code, Json.of("message", new String(body, StandardCharsets.UTF_8).strip()));
        }
    }

    /** Ends the connection, watches included. */
    @Override
    public void close() {
        if (owner) {
            http.close();
        }
    }
}
