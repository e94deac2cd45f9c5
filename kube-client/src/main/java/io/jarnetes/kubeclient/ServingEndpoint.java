package io.jarnetes.kubeclient;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import io.jarnetes.base.log.Log;
import io.jarnetes.base.metrics.Metrics;
import io.jarnetes.base.metrics.ProcessMetrics;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.BooleanSupplier;
import javax.net.ssl.SSLContext;

/**
 * {@code /healthz}, {@code /livez}, {@code /readyz} for everybody, {@code /metrics} for those whom
 * the apiserver lets (TokenReview and SubjectAccessReview), as upstream's :10257 and :10259.
 */
public final class ServingEndpoint implements AutoCloseable {

    private static final Set<String> ALWAYS_ALLOWED = Set.of("/healthz", "/livez", "/readyz");

    private final HttpsServer server;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final Metrics metrics = new Metrics();
    private final DelegatedAuth auth;
    private final BooleanSupplier healthy;

    private ServingEndpoint(HttpsServer server, ApiClient client, BooleanSupplier healthy) {
        this.server = server;
        this.auth = new DelegatedAuth(client);
        this.healthy = healthy;
    }

    /**
     * @param name of the program, for the certificate
     * @throws IOException if the address can't be bound or the certificate can't be used
     */
    public static ServingEndpoint start(
            ServingConfig config, String name, ApiClient client, BooleanSupplier healthy, Log log)
            throws IOException {
        HttpsServer server;
        try {
            server = HttpsServer.create(new InetSocketAddress(config.address(), config.port()), 0);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(new ServingKeys[] {ServingKeys.of(config, name)}, null, null);
            server.setHttpsConfigurator(new HttpsConfigurator(context));
        } catch (GeneralSecurityException e) {
            throw new IOException("the serving certificate can't be used: " + e.getMessage(), e);
        } catch (java.net.BindException e) {
            throw new IOException(
                    "failed to create listener: failed to listen on "
                            + config.address()
                            + ":"
                            + config.port()
                            + ": bind: address already in use",
                    e);
        }
        ServingEndpoint endpoint = new ServingEndpoint(server, client, healthy);
        ProcessMetrics.register(endpoint.metrics);
        server.setExecutor(endpoint.threads);
        server.createContext("/", endpoint::handle);
        server.start();
        log.info("Serving securely on " + config.address() + ":" + endpoint.port());
        return endpoint;
    }

    public int port() {
        return server.getAddress().getPort();
    }

    /** Where the program adds its own. */
    public Metrics metrics() {
        return metrics;
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            String path = exchange.getRequestURI().getPath();
            if (!ALWAYS_ALLOWED.contains(path)) {
                DelegatedAuth.Verdict verdict =
                        auth.check(exchange.getRequestHeaders().getFirst("Authorization"), path);
                if (verdict.code() != 200) {
                    answer(exchange, verdict.code(), "application/json", verdict.body());
                    return;
                }
            }
            switch (path) {
                case "/healthz", "/livez", "/readyz" -> health(exchange);
                case "/metrics" -> answer(exchange, 200, Metrics.CONTENT_TYPE, metrics.text());
                default ->
                        answer(exchange, 404, "text/plain; charset=utf-8", "404 page not found\n");
            }
        }
    }

    private void health(HttpExchange exchange) throws IOException {
        if (healthy.getAsBoolean()) {
            answer(exchange, 200, "text/plain; charset=utf-8", "ok");
        } else {
            answer(
                    exchange,
                    500,
                    "text/plain; charset=utf-8",
                    "[-]leaderElection failed: reason withheld\nhealthz check failed\n");
        }
    }

    private static void answer(HttpExchange exchange, int code, String type, String body)
            throws IOException {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", type);
        exchange.getResponseHeaders().set("X-Content-Type-Options", "nosniff");
        exchange.sendResponseHeaders(code, bytes.length == 0 ? -1 : bytes.length);
        exchange.getResponseBody().write(bytes);
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
