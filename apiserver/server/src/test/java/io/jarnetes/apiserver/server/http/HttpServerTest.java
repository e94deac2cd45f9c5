package io.jarnetes.apiserver.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.jarnetes.apiserver.server.bootstrap.SelfSigned;
import io.jarnetes.base.Eventually;
import io.jarnetes.base.tls.Tls;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.SslContext;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.WebSocket;
import java.security.KeyStore;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class HttpServerTest {

    private static final Tls.Identity IDENTITY =
            SelfSigned.make(
                    "test",
                    List.of("localhost"),
                    List.of(InetAddress.getLoopbackAddress()),
                    new SecureRandom());

    /** A writer that hasn't moved for so long waits for the reader, not for the next turn. */
    private static final long HELD_BACK_NANOS = TimeUnit.MILLISECONDS.toNanos(200);

    private final Loops loops = Loops.create(1);
    private final ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor();
    private Application application = exchange -> Answers.text(exchange, 200, "ok");
    private HttpServer server;

    @BeforeEach
    void start() throws Exception {
        SslContext tls = Tls.server(IDENTITY, List.of(), ClientAuth.OPTIONAL, "h2", "http/1.1");
        server =
                HttpServer.start(
                        new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                        () -> tls,
                        loops,
                        executor);
        server.serve((Application) exchange -> application.serve(exchange));
    }

    @AfterEach
    void stop() {
        server.close();
        executor.shutdownNow();
        loops.group().shutdownGracefully(0, 1, TimeUnit.SECONDS);
    }

    private HttpClient client(HttpClient.Version version) throws Exception {
        KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
        store.load(null, null);
        store.setCertificateEntry("server", IDENTITY.chain().getFirst());
        TrustManagerFactory trust =
                TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(store);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, trust.getTrustManagers(), null);
        return HttpClient.newBuilder().version(version).sslContext(context).build();
    }

    private URI uri(String path) {
        return URI.create("https://localhost:" + server.address().getPort() + path);
    }

    private boolean takesNoMore() throws IOException {
        try (Socket socket = new Socket()) {
            socket.connect(server.address());
            return false;
        } catch (SocketException e) {
            // Refused; or reset, where the listener closed while this connection still waited.
            return true;
        }
    }

    @ParameterizedTest
    @EnumSource(HttpClient.Version.class)
    void bodyAndQueryArriveAndTheAnswerGoesBack(HttpClient.Version version) throws Exception {
        if (version.name().equals("HTTP_3")) {
            return;
        }
        application =
                exchange -> {
                    String text = exchange.method() + exchange.uri() + exchange.body().length;
                    exchange.preset("Audit-Id", "a1");
                    Answers.text(exchange, 201, text);
                };
        try (HttpClient client = client(version)) {
            HttpRequest request =
                    HttpRequest.newBuilder(uri("/p?x=1"))
                            .POST(HttpRequest.BodyPublishers.ofByteArray(new byte[100_000]))
                            .build();
            HttpResponse<String> response =
                    client.send(request, HttpResponse.BodyHandlers.ofString());
            assertThat(response.statusCode()).isEqualTo(201);
            assertThat(response.body()).isEqualTo("POST/p?x=1100000");
            assertThat(response.headers().firstValue("Audit-Id")).contains("a1");
            assertThat(response.version()).isEqualTo(version);
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = HttpClient.Version.class,
            names = {"HTTP_1_1", "HTTP_2"})
    void aLargeBodyIsMarked(HttpClient.Version version) throws Exception {
        application = exchange -> Answers.text(exchange, exchange.bodyTooLarge() ? 413 : 200, "");
        try (HttpClient client = client(version)) {
            byte[] body = new byte[ExchangeHandler.MAX_BODY_BYTES + 1];
            HttpRequest request =
                    HttpRequest.newBuilder(uri("/"))
                            .POST(HttpRequest.BodyPublishers.ofByteArray(body))
                            .build();
            assertThat(client.send(request, HttpResponse.BodyHandlers.discarding()).statusCode())
                    .isEqualTo(413);
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = HttpClient.Version.class,
            names = {"HTTP_1_1", "HTTP_2"})
    void aSlowReaderHoldsTheWriterBackAndItsEndIsNoticed(HttpClient.Version version)
            throws Exception {
        AtomicLong written = new AtomicLong();
        CompletableFuture<Thread> writer = new CompletableFuture<>();
        CountDownLatch closed = new CountDownLatch(1);
        application =
                exchange -> {
                    exchange.markLongRunning();
                    exchange.onClose(closed::countDown);
                    exchange.start(200, List.of());
                    writer.complete(Thread.currentThread());
                    while (true) {
                        exchange.write(new byte[65_536]);
                        written.addAndGet(65_536);
                    }
                };
        HttpClient client = client(version);
        HttpResponse<java.io.InputStream> response =
                client.send(
                        HttpRequest.newBuilder(uri("/")).build(),
                        HttpResponse.BodyHandlers.ofInputStream());
        assertThat(response.body().readNBytes(1_000_000)).hasSize(1_000_000);
        Thread writing = writer.get(10, TimeUnit.SECONDS);
        AtomicLong seen = new AtomicLong();
        AtomicLong seenSince = new AtomicLong(System.nanoTime());
        Eventually.until(
                "the writer to be held back",
                () -> {
                    long now = written.get();
                    // Socket buffers, the client's window and the high-water mark, but no more.
                    assertThat(now).isLessThan(200_000_000);
                    if (seen.getAndSet(now) != now || writing.getState() != Thread.State.WAITING) {
                        seenSince.set(System.nanoTime());
                    }
                    return System.nanoTime() - seenSince.get() > HELD_BACK_NANOS;
                });
        response.body().close();
        client.shutdownNow();
        assertThat(closed.await(10, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void aWatchOverWebSocketIsOneMessageAnEvent() throws Exception {
        application =
                exchange -> {
                    exchange.markLongRunning();
                    exchange.start(200, List.of(Map.entry("Content-Type", "application/json")));
                    for (int i = 0; i < 3; i++) {
                        exchange.write(("{\"n\":" + i + "}").getBytes());
                        exchange.flush();
                    }
                    exchange.end();
                };
        BlockingQueue<String> messages = new LinkedBlockingQueue<>();
        CompletableFuture<Integer> ended = new CompletableFuture<>();
        try (HttpClient client = client(HttpClient.Version.HTTP_1_1)) {
            client.newWebSocketBuilder()
                    .buildAsync(
                            URI.create(uri("/w").toString().replace("https", "wss")),
                            new WebSocket.Listener() {
                                @Override
                                public @Nullable CompletionStage<?> onText(
                                        WebSocket socket, CharSequence data, boolean last) {
                                    messages.add(data.toString());
                                    socket.request(1);
                                    return null;
                                }

                                @Override
                                public @Nullable CompletionStage<?> onClose(
                                        WebSocket socket, int code, String reason) {
                                    ended.complete(code);
                                    return null;
                                }
                            })
                    .get(10, TimeUnit.SECONDS);
            assertThat(ended.get(10, TimeUnit.SECONDS)).isEqualTo(1000);
        }
        assertThat(messages).containsExactly("{\"n\":0}", "{\"n\":1}", "{\"n\":2}");
    }

    @Test
    void closingEndsWatchesAndWaitsForRequests() throws Exception {
        CountDownLatch in = new CountDownLatch(1);
        application =
                exchange -> {
                    in.countDown();
                    try {
                        Eventually.until("the server to take no more", this::takesNoMore);
                    } catch (Exception e) {
                        throw new IllegalStateException(e);
                    }
                    Answers.text(exchange, 200, "late");
                };
        try (HttpClient client = client(HttpClient.Version.HTTP_2)) {
            CompletableFuture<HttpResponse<String>> answer =
                    client.sendAsync(
                            HttpRequest.newBuilder(uri("/")).build(),
                            HttpResponse.BodyHandlers.ofString());
            in.await();
            server.close(Duration.ofSeconds(5));
            assertThat(answer.get(10, TimeUnit.SECONDS).body()).isEqualTo("late");
        }
    }
}
