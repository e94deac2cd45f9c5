package io.jarnetes.apiserver.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.jarnetes.base.Eventually;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.List;
import java.util.Map;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What goes over the wire, byte by byte; answers are upstream's. */
@Timeout(60)
class ServedSocketTest {

    @TempDir Path dir;
    private ServedApi api;

    @BeforeEach
    void start() throws Exception {
        api = new ServedApi(dir);
    }

    @AfterEach
    void stop() {
        api.close();
    }

    private String say(Socket socket, String text) throws IOException {
        try (socket) {
            socket.setSoTimeout(20_000);
            socket.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
            socket.getOutputStream().flush();
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private Socket plain() throws IOException {
        return new Socket("127.0.0.1", api.url().getPort());
    }

    private Socket tls() throws Exception {
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, new TrustManager[] {new AnyServer()}, new SecureRandom());
        return context.getSocketFactory().createSocket("127.0.0.1", api.url().getPort());
    }

    @Test
    void whoForgetsTheSIsTold() throws Exception {
        assertThat(say(plain(), "GET /api HTTP/1.1\r\nHost: x\r\n\r\n"))
                .isEqualTo(
                        "HTTP/1.0 400 Bad Request\r\n\r\n"
                                + "Client sent an HTTP request to an HTTPS server.\n");
    }

    @Test
    void headersAreWrittenAsGoWritesThem() throws Exception {
        String get = "GET /healthz/ping HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";
        List<String> names =
                say(tls(), get)
                        .lines()
                        .takeWhile(line -> !line.isEmpty())
                        .map(line -> line.split(":")[0])
                        .toList();
        assertThat(names)
                .contains(
                        "HTTP/1.1 403 Forbidden",
                        "Audit-Id",
                        "Cache-Control",
                        "Connection",
                        "Content-Length",
                        "Content-Type",
                        "Date",
                        "X-Content-Type-Options");
    }

    @Test
    void twoRequestsInARowAreAnsweredInTheirOrder() throws Exception {
        awaitPolicy();
        String first = "GET /version HTTP/1.1\r\nHost: x\r\n\r\n";
        String second = "GET /livez HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";
        String said = say(tls(), first + second);
        assertThat(said.split("HTTP/1.1 200 OK", -1)).hasSize(3);
        assertThat(said.indexOf("\"major\"")).isLessThan(said.indexOf("\r\nok")).isPositive();
    }

    @Test
    void aBodyInChunksIsRead() throws Exception {
        awaitPolicy();
        String head =
                "POST /api/v1/namespaces/default/configmaps?dryRun=All HTTP/1.1\r\nHost: x\r\n"
                        + "Authorization: Bearer admin\r\nContent-Type: application/json\r\n"
                        + "Transfer-Encoding: chunked\r\nConnection: close\r\n\r\n";
        String body = "1b\r\n{\"metadata\":{\"name\":\"chu\"}}\r\n0\r\n\r\n";
        assertThat(say(tls(), head + body)).startsWith("HTTP/1.1 201 Created\r\n");
    }

    /** Anonymous clients see the version once the roles are there. */
    private void awaitPolicy() {
        try (ServedClient client = new ServedClient(api.url())) {
            Eventually.until(
                    "ready",
                    () ->
                            client.call(
                                                            "GET",
                                                            "/readyz",
                                                            Map.of("Authorization", "Bearer admin"),
                                                            "")
                                                    .status()
                                            == 200
                                    && client.call("GET", "/version", Map.of(), "").status() == 200
                                    && client.call(
                                                            "GET",
                                                            "/api/v1/namespaces/default",
                                                            Map.of("Authorization", "Bearer admin"),
                                                            "")
                                                    .status()
                                            == 200);
        }
    }
}
