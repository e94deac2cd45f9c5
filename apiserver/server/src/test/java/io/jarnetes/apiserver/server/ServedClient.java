package io.jarnetes.apiserver.server;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Map;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;

/** Asks an API server, of ours or upstream's; the certificate is nobody's business here. */
final class ServedClient implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final URI server;
    private final HttpClient client;

    ServedClient(URI server) {
        this.server = server;
        try {
            SSLContext tls = SSLContext.getInstance("TLS");
            tls.init(null, new TrustManager[] {new AnyServer()}, new SecureRandom());
            client = HttpClient.newBuilder().sslContext(tls).build();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    record Reply(int status, String type, Map<String, String> headers, String body) {}

    private HttpRequest request(
            String method, String path, Map<String, String> headers, String body) {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(URI.create(server + path))
                        .timeout(PATIENCE)
                        .method(
                                method,
                                body.isEmpty()
                                        ? HttpRequest.BodyPublishers.noBody()
                                        : HttpRequest.BodyPublishers.ofString(body));
        headers.forEach(request::header);
        return request.build();
    }

    Reply call(String method, String path, Map<String, String> headers, String body)
            throws IOException, InterruptedException {
        HttpResponse<String> response =
                client.send(
                        request(method, path, headers, body), HttpResponse.BodyHandlers.ofString());
        Map<String, String> given = new java.util.TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        response.headers().map().forEach((name, all) -> given.put(name, String.join(" | ", all)));
        return new Reply(
                response.statusCode(),
                given.getOrDefault("content-type", "-"),
                given,
                response.body());
    }

    /** Lines as they come; the answer has begun when this returns. */
    BufferedReader lines(String path, Map<String, String> headers)
            throws IOException, InterruptedException {
        HttpResponse<InputStream> response =
                client.send(
                        request("GET", path, headers, ""),
                        HttpResponse.BodyHandlers.ofInputStream());
        return new BufferedReader(new InputStreamReader(response.body(), StandardCharsets.UTF_8));
    }

    @Override
    public void close() {
        client.shutdownNow();
    }
}
