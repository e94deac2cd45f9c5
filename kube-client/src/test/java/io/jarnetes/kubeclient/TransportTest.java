package io.jarnetes.kubeclient;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import io.jarnetes.base.FreePorts;
import io.jarnetes.kubeclient.http.HttpAnswer;
import io.jarnetes.kubeclient.http.HttpAsk;
import io.jarnetes.kubeclient.http.HttpStream;
import io.jarnetes.kubeclient.http.Transport;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Requests over real sockets. */
@Timeout(30)
class TransportTest {

    private static final Duration CONNECT = Duration.ofSeconds(10);

    private static HttpAsk get(String path) {
        return HttpAsk.get(path, Map.of("x-test", "yes"));
    }

    private static <T> T await(CompletableFuture<T> future) throws Exception {
        return future.get(20, TimeUnit.SECONDS);
    }

    private static String text(HttpAnswer answer) {
        return new String(answer.body(), StandardCharsets.UTF_8);
    }

    @Test
    void manyRequestsShareAConnection() throws Exception {
        try (Http2Server server = new Http2Server(100);
                Transport transport = new Transport(server.url(), server.clientTls(), CONNECT)) {
            List<CompletableFuture<HttpAnswer>> answers = new ArrayList<>();
            for (int i = 0; i < 50; i++) {
                byte[] body = ("body " + i).getBytes(StandardCharsets.UTF_8);
                answers.add(
                        transport.send(
                                new HttpAsk("POST", "/echo", Map.of("x-test", "" + i), body)));
            }
            for (int i = 0; i < 50; i++) {
                HttpAnswer answer = await(answers.get(i));
                assertThat(answer.successful()).isTrue();
                assertThat(text(answer)).isEqualTo("POST /echo " + i + " body " + i);
            }
            assertThat(server.connections()).isEqualTo(1);
        }
    }

    @Test
    void moreStreamsThanTheServerTakesGetMoreConnections() throws Exception {
        try (Http2Server server = new Http2Server(2);
                Transport transport = new Transport(server.url(), server.clientTls(), CONNECT)) {
            List<CompletableFuture<HttpStream>> streams = new ArrayList<>();
            for (int i = 0; i < 5; i++) {
                streams.add(transport.stream(get("/open")));
            }
            for (CompletableFuture<HttpStream> stream : streams) {
                assertThat(await(stream).code()).isEqualTo(200);
            }
            assertThat(server.connections()).isEqualTo(3);
        }
    }

    @Test
    void whatNobodyReadsIsNotFetchedAndHoldsNobodyUp() throws Exception {
        try (Http2Server server = new Http2Server(100);
                Transport transport = new Transport(server.url(), server.clientTls(), CONNECT)) {
            HttpStream large = await(transport.stream(get("/large")));
            for (int i = 0; i < 20; i++) {
                assertThat(text(await(transport.send(get("/echo"))))).isEqualTo("GET /echo yes ");
            }
            assertThat(server.largeWritten()).isFalse();
            assertThat(large.body().readAllBytes()).hasSize(Http2Server.LARGE_BYTES);
            assertThat(server.connections()).isEqualTo(1);
        }
    }

    @Test
    void aStreamThatIsClosedEndsAtTheServer() throws Exception {
        try (Http2Server server = new Http2Server(100);
                Transport transport = new Transport(server.url(), server.clientTls(), CONNECT)) {
            await(transport.stream(get("/open"))).body().close();
            await(server.closedEarly());
        }
    }

    @Test
    void aCancelledRequestEndsAtTheServer() throws Exception {
        try (Http2Server server = new Http2Server(100);
                Transport transport = new Transport(server.url(), server.clientTls(), CONNECT)) {
            CompletableFuture<HttpAnswer> never = transport.send(get("/open"));
            // An answer to a later request: the server has begun with the first.
            await(transport.send(get("/echo")));
            never.cancel(true);
            await(server.closedEarly());
        }
    }

    @Test
    void aResetFailsItsRequestAlone() throws Exception {
        try (Http2Server server = new Http2Server(100);
                Transport transport = new Transport(server.url(), server.clientTls(), CONNECT)) {
            HttpStream open = await(transport.stream(get("/open")));
            assertThatThrownBy(() -> await(transport.send(get("/reset"))))
                    .hasRootCauseInstanceOf(IOException.class)
                    .hasStackTraceContaining("reset the stream");
            assertThat(text(await(transport.send(get("/echo"))))).startsWith("GET");
            assertThat(server.connections()).isEqualTo(1);
            open.body().close();
        }
    }

    @Test
    void afterAGoodByeAnotherConnectionIsMade() throws Exception {
        try (Http2Server server = new Http2Server(100);
                Transport transport = new Transport(server.url(), server.clientTls(), CONNECT)) {
            HttpStream open = await(transport.stream(get("/open")));
            assertThat(text(await(transport.send(get("/leave"))))).isEqualTo("bye");
            assertThat(text(await(transport.send(get("/echo"))))).startsWith("GET");
            assertThat(server.connections()).isEqualTo(2);
            open.body().close();
        }
    }

    @Test
    void closingFailsWhatIsOpen() throws Exception {
        try (Http2Server server = new Http2Server(100)) {
            Transport transport = new Transport(server.url(), server.clientTls(), CONNECT);
            HttpStream open = await(transport.stream(get("/open")));
            transport.close();
            assertThatThrownBy(() -> open.body().read()).isInstanceOf(IOException.class);
            assertThatThrownBy(() -> await(transport.send(get("/echo"))))
                    .hasRootCauseInstanceOf(IOException.class)
                    .hasStackTraceContaining("closed");
        }
    }

    @Test
    void http1IsSpokenWhereTheServerHasNoHttp2() throws Exception {
        HttpServer server =
                HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext(
                "/base/",
                exchange -> {
                    byte[] body =
                            (exchange.getRequestMethod() + " " + exchange.getRequestURI())
                                    .getBytes(StandardCharsets.UTF_8);
                    exchange.sendResponseHeaders(404, body.length);
                    exchange.getResponseBody().write(body);
                    exchange.close();
                });
        server.start();
        String url = "http://127.0.0.1:" + server.getAddress().getPort() + "/base";
        try (Transport transport = new Transport(url, null, CONNECT)) {
            List<CompletableFuture<HttpAnswer>> answers = new ArrayList<>();
            for (int i = 0; i < 5; i++) {
                answers.add(transport.send(get("/" + i)));
            }
            for (int i = 0; i < 5; i++) {
                HttpAnswer answer = await(answers.get(i));
                assertThat(answer.code()).isEqualTo(404);
                assertThat(text(answer)).isEqualTo("GET /base/" + i);
            }
            HttpStream stream = await(transport.stream(get("/s")));
            assertThat(new String(stream.body().readAllBytes(), StandardCharsets.UTF_8))
                    .isEqualTo("GET /base/s");
            assertThat(text(await(transport.send(get("/t"))))).isEqualTo("GET /base/t");
        } finally {
            server.stop(0);
        }
    }

    @Test
    void nobodyListensFailsAndIsTriedAnewNextTime() throws Exception {
        int port = FreePorts.take(1).get(0);
        try (Transport transport = new Transport("http://127.0.0.1:" + port, null, CONNECT)) {
            for (int i = 0; i < 3; i++) {
                assertThatThrownBy(() -> await(transport.send(get("/"))))
                        .hasRootCauseInstanceOf(IOException.class)
                        .hasStackTraceContaining("Connection refused");
            }
        }
    }

    @Test
    void anotherAuthorityIsRefused() throws Exception {
        try (Http2Server server = new Http2Server(100);
                Http2Server other = new Http2Server(100);
                Transport transport = new Transport(server.url(), other.clientTls(), CONNECT)) {
            assertThatThrownBy(() -> await(transport.send(get("/echo"))))
                    .hasStackTraceContaining("signed by unknown authority");
        }
    }
}
