package io.jarnetes.apiserver.server;

import io.jarnetes.apiserver.server.authentication.IssuerDiscovery;
import io.jarnetes.apiserver.server.bootstrap.Hooks;
import io.jarnetes.apiserver.server.endpoints.ApiRequest;
import io.jarnetes.apiserver.server.endpoints.ApiResponse;
import io.jarnetes.apiserver.server.health.HealthCheck;
import io.jarnetes.apiserver.server.health.HealthHandler;
import io.jarnetes.apiserver.server.http.Answers;
import io.jarnetes.apiserver.server.http.PathMux;
import io.jarnetes.apiserver.server.registry.ApiException;
import io.jarnetes.apiserver.server.tree.Trees;
import io.jarnetes.base.log.Log;
import io.jarnetes.base.metrics.Metrics;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;

/** Everything that is served beside resources: health, version, metrics, issuer, the root. */
final class NonResourcePaths {

    private final PathMux mux = new PathMux();
    private final Backend backend;
    private final Hooks hooks;
    private static final Set<String> VERSION_TYPES =
            Set.of("application/json", "application/*", "*/*");

    private final Log log;
    private volatile boolean stopping;

    NonResourcePaths(
            Backend backend,
            Access access,
            Hooks hooks,
            Metrics metrics,
            InetAddress advertise,
            int port,
            ApiServerConfig config,
            Log log) {
        this.backend = backend;
        this.hooks = hooks;
        this.log = log;
        String address = advertise.getHostAddress() + ":" + port;
        health();
        mux.handle("/version", NonResourcePaths::version);
        mux.handle("/version/", NonResourcePaths::version);
        mux.handle("/metrics", (q, r) -> metrics(r, metrics));
        mux.handle("/metrics/slis", (q, r) -> metrics(r, new Metrics()));
        issuer(access, config, address);
        backend.discovery(mux, address);
        mux.handle("/flagz", NonResourcePaths::zPages);
        mux.handle("/statusz", NonResourcePaths::zPages);
        mux.handle("/", this::root);
        mux.handle("/index.html", this::root);
    }

    PathMux mux() {
        return mux;
    }

    /** From here on /readyz fails. */
    void stopping() {
        stopping = true;
    }

    private void health() {
        List<HealthCheck> first = List.of(HealthCheck.passing("ping"), HealthCheck.passing("log"));
        HealthCheck etcd = new HealthCheck("etcd", backend::etcdFailure);
        List<HealthCheck> live = new ArrayList<>(first);
        live.add(HealthCheck.passing("loopback-serving-certificate"));
        live.add(etcd);
        live.addAll(hooks.checks());
        List<HealthCheck> ready = new ArrayList<>(first);
        ready.add(etcd);
        ready.add(new HealthCheck("etcd-readiness", backend::etcdFailure));
        ready.add(HealthCheck.passing("informer-sync"));
        ready.addAll(hooks.checks());
        ready.add(
                new HealthCheck(
                        "shutdown",
                        () ->
                                stopping
                                        ? Optional.of("process is shutting down")
                                        : Optional.empty()));
        handleHealth("healthz", live);
        handleHealth("livez", live);
        handleHealth("readyz", ready);
    }

    private void handleHealth(String name, List<HealthCheck> checks) {
        HealthHandler handler = new HealthHandler(name, checks, log);
        mux.handle("/" + name, handler);
        handler.checkPaths().forEach(path -> mux.handle(path, handler));
        mux.handlePrefix("/" + name + "/", handler);
    }

    private void issuer(Access access, ApiServerConfig config, String address) {
        String uri =
                config.tokens().jwksUri().isEmpty()
                        ? "https://" + address + "/openid/v1/jwks"
                        : config.tokens().jwksUri();
        JsonNode configuration =
                IssuerDiscovery.configuration(
                        config.tokens().issuers().getFirst(), uri, access.keys());
        JsonNode keySet = IssuerDiscovery.keySet(access.keys());
        mux.handle(
                "/.well-known/openid-configuration",
                (q, r) -> cached(q, r, "application/json", configuration));
        mux.handle("/openid/v1/jwks", (q, r) -> cached(q, r, "application/jwk-set+json", keySet));
    }

    private static void cached(
            ApiRequest request, ApiResponse response, String type, JsonNode tree) {
        Answers.onlyGet(request);
        byte[] body = tree.toString().getBytes(StandardCharsets.UTF_8);
        response.start(
                200,
                List.of(
                        Map.entry("Cache-Control", "public, max-age=3600"),
                        Map.entry("Content-Type", type),
                        Map.entry("Content-Length", String.valueOf(body.length))));
        response.write(body);
        response.end();
    }

    /** JSON alone, for whoever takes that. */
    private static void version(ApiRequest request, ApiResponse response) {
        String accept = String.join(",", request.headers().all("Accept"));
        boolean taken =
                accept.isBlank()
                        || Stream.of(accept.split(","))
                                .map(each -> each.split(";")[0].strip())
                                .anyMatch(VERSION_TYPES::contains);
        if (!taken) {
            throw ApiException.notAcceptable(List.of("application/json"));
        }
        json(request, response, ServerVersion.tree(), true);
    }

    private static void json(
            ApiRequest request, ApiResponse response, JsonNode tree, boolean indented) {
        Answers.onlyGet(request);
        Answers.json(response, 200, Answers.tree(tree, indented));
    }

    private static void metrics(ApiResponse response, Metrics metrics) {
        byte[] body = metrics.text().getBytes(StandardCharsets.UTF_8);
        response.start(
                200,
                List.of(
                        Map.entry("Content-Type", Metrics.CONTENT_TYPE),
                        Map.entry("Content-Length", String.valueOf(body.length))));
        response.write(body);
        response.end();
    }

    private static void zPages(ApiRequest request, ApiResponse response) {
        Answers.text(response, 501, request.path() + " is not supported yet\n");
    }

    private void root(ApiRequest request, ApiResponse response) {
        TreeSet<String> paths = new TreeSet<>(mux.paths());
        paths.remove("/");
        paths.remove("/version/");
        paths.remove("/index.html");
        paths.remove("/api/");
        ArrayNode array = Trees.array();
        paths.forEach(array::add);
        JsonNode tree = Trees.object().set("paths", array);
        Answers.json(response, 200, Answers.tree(tree, true));
    }
}
