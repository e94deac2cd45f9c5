package io.jarnetes.kubeclient;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.jarnetes.base.log.Log;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * An apiserver for controllers under test: HTTP on a loopback port, with a {@link FakeStore} behind
 * it, lists, watches and discovery. A test can hold watches back, break them, and refuse requests.
 */
public final class FakeApiServer implements AutoCloseable {

    /**
     * One request.
     *
     * @param name empty for the collection
     */
    public record Ask(
            String method, Resource resource, String namespace, String name, String subresource) {

        @Override
        public String toString() {
            String object = namespace.isEmpty() ? name : namespace + "/" + name;
            return method
                    + " "
                    + resource.plural()
                    + (object.isEmpty() ? "" : " " + object)
                    + (subresource.isEmpty() ? "" : " " + subresource);
        }
    }

    private static final String BY_NODE = "spec.nodeName=";
    private static final Duration LOOK = Duration.ofMillis(50);
    private static final Set<String> OF_NAMESPACES = Set.of("status", "finalize");

    private final FakeStore store;
    private final HttpServer http;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final Map<String, Resource> resources = new TreeMap<>();
    private final Set<String> held = ConcurrentHashMap.newKeySet();
    private final AtomicInteger breaks = new AtomicInteger();
    private final AtomicInteger watches = new AtomicInteger();
    private final List<Ask> writes = new ArrayList<>();
    private volatile Function<Ask, @Nullable ApiException> refusals = ask -> null;
    private volatile Predicate<JsonNode> allowed = spec -> false;
    private volatile boolean closed;

    /**
     * @param served what discovery shows; any other resource is served too
     */
    public FakeApiServer(FakeStore store, List<Resource> served) {
        this.store = store;
        served.forEach(one -> resources.put(one.apiVersion() + "/" + one.plural(), one));
        try {
            http = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        http.setExecutor(threads);
        http.createContext("/", this::handle);
        http.start();
    }

    public FakeStore store() {
        return store;
    }

    public KubeConfig config() {
        return new KubeConfig(
                "http://127.0.0.1:" + http.getAddress().getPort(), null, null, null, null, false);
    }

    public ApiClient client() {
        try {
            return ApiClient.connect(config(), "test/v1");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public Informers informers(ApiClient client) {
        return new Informers(client, Log.none());
    }

    /** Requests for which this returns something are refused with it. */
    public void refuse(Function<Ask, @Nullable ApiException> rule) {
        refusals = rule;
    }

    /** SubjectAccessReviews with such a spec are answered with yes, all others with no. */
    public void allow(Predicate<JsonNode> rule) {
        allowed = rule;
    }

    /** Watches of this resource show nothing more until {@link #release}. */
    public void hold(Resource resource) {
        held.add(resource.groupResource());
    }

    public void release(Resource resource) {
        held.remove(resource.groupResource());
    }

    /** Ends all watches that are open. */
    public void breakWatches() {
        breaks.incrementAndGet();
    }

    /** The writes that were asked for, refused ones included. */
    public List<Ask> writes() {
        synchronized (writes) {
            return List.copyOf(writes);
        }
    }

    /** How many watches were opened so far. */
    public int watches() {
        return watches.get();
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            String path = exchange.getRequestURI().getRawPath();
            Map<String, String> query = query(exchange.getRequestURI().getRawQuery());
            byte[] body = exchange.getRequestBody().readAllBytes();
            try {
                ObjectNode found = FakeDiscovery.of(path, resources.values());
                if (found != null) {
                    answer(exchange, 200, found);
                    return;
                }
                Ask ask = ask(exchange.getRequestMethod(), path);
                refuse(ask);
                Predicate<KubeObject> wanted = wanted(query.getOrDefault("fieldSelector", ""));
                if (ask.method().equals("GET") && query.containsKey("watch")) {
                    long from = Long.parseLong(query.getOrDefault("resourceVersion", "0"));
                    watch(exchange, ask, from, wanted);
                    return;
                }
                ObjectNode tree = body.length == 0 ? Json.object() : Json.parse(body);
                String type = exchange.getRequestHeaders().getFirst("Content-Type");
                answer(
                        exchange,
                        ask.method().equals("POST") ? 201 : 200,
                        perform(ask, tree, type != null && type.contains("strategic"), wanted));
            } catch (ApiException e) {
                answer(exchange, e.code(), (ObjectNode) e.status());
            }
        }
    }

    private void refuse(Ask ask) {
        if (!ask.method().equals("GET")) {
            synchronized (writes) {
                writes.add(ask);
            }
        }
        ApiException refusal = refusals.apply(ask);
        if (refusal != null) {
            throw refusal;
        }
    }

    private static Map<String, String> query(@Nullable String text) {
        Map<String, String> query = new LinkedHashMap<>();
        for (String pair : text == null ? new String[0] : text.split("&")) {
            int at = pair.indexOf('=');
            query.put(at < 0 ? pair : pair.substring(0, at), at < 0 ? "" : pair.substring(at + 1));
        }
        return query;
    }

    private static void answer(HttpExchange exchange, int code, ObjectNode tree)
            throws IOException {
        byte[] bytes = Json.bytes(tree);
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        exchange.sendResponseHeaders(code, bytes.length);
        exchange.getResponseBody().write(bytes);
    }

    private Ask ask(String method, String path) {
        String[] parts = path.substring(1).split("/");
        boolean core = parts[0].equals("api");
        String group = core ? "" : parts[1];
        int at = core ? 1 : 2;
        String version = parts[at++];
        boolean namespaced =
                parts[at].equals("namespaces")
                        && parts.length > at + 2
                        && !OF_NAMESPACES.contains(parts[at + 2]);
        String namespace = namespaced ? parts[at + 1] : "";
        at = namespaced ? at + 2 : at;
        String plural = parts[at];
        return new Ask(
                method,
                resource(group, version, plural, namespaced),
                namespace,
                parts.length > at + 1 ? parts[at + 1] : "",
                parts.length > at + 2 ? parts[at + 2] : "");
    }

    private Resource resource(String group, String version, String plural, boolean namespaced) {
        String apiVersion = group.isEmpty() ? version : group + "/" + version;
        Resource known = resources.get(apiVersion + "/" + plural);
        if (known != null) {
            return known;
        }
        String singular = plural.substring(0, plural.length() - 1);
        String kind = Character.toUpperCase(singular.charAt(0)) + singular.substring(1);
        return new Resource(group, version, plural, kind, namespaced);
    }

    /** Of fields, pods are asked for by their node alone. */
    private static Predicate<KubeObject> wanted(String fieldSelector) {
        if (fieldSelector.isEmpty()) {
            return object -> true;
        }
        String selector = URLDecoder.decode(fieldSelector, StandardCharsets.UTF_8);
        if (!selector.startsWith(BY_NODE)) {
            throw new IllegalArgumentException("not a selector that is known here: " + selector);
        }
        String node = selector.substring(BY_NODE.length());
        return object -> object.text("spec", "nodeName").equals(node);
    }

    private ObjectNode perform(
            Ask ask, ObjectNode body, boolean strategic, Predicate<KubeObject> wanted) {
        Resource resource = ask.resource();
        return switch (ask.method()) {
            case "GET" ->
                    ask.name().isEmpty()
                            ? list(ask, wanted)
                            : store.get(resource, ask.namespace(), ask.name()).tree();
            case "POST" -> {
                if (ask.subresource().equals("binding")) {
                    store.bind(ask.namespace(), ask.name(), body);
                    yield Json.of("kind", "Status", "status", "Success");
                }
                if (resource.plural().equals("subjectaccessreviews")) {
                    body.set("status", Json.of("allowed", allowed.test(body.path("spec"))));
                    yield body;
                }
                yield store.create(resource, ask.namespace(), body).tree();
            }
            case "PUT" -> store.update(resource, body, ask.subresource()).tree();
            case "PATCH" ->
                    store.patch(
                                    resource,
                                    ask.namespace(),
                                    ask.name(),
                                    ask.subresource(),
                                    body,
                                    strategic)
                            .tree();
            default -> {
                delete(ask, body);
                yield Json.of("kind", "Status", "status", "Success");
            }
        };
    }

    private void delete(Ask ask, ObjectNode options) {
        if (!ask.name().isEmpty()) {
            store.delete(ask.resource(), ask.namespace(), ask.name(), options);
            return;
        }
        for (KubeObject object : store.list(ask.resource(), ask.namespace())) {
            store.delete(ask.resource(), object.namespace(), object.name(), options);
        }
    }

    private ObjectNode list(Ask ask, Predicate<KubeObject> wanted) {
        synchronized (store) {
            return Json.of(
                    "kind",
                    ask.resource().kind() + "List",
                    "metadata",
                    Json.of("resourceVersion", Long.toString(store.revision())),
                    "items",
                    store.list(ask.resource(), ask.namespace()).stream()
                            .filter(wanted)
                            .map(KubeObject::tree)
                            .toList());
        }
    }

    private void watch(HttpExchange exchange, Ask ask, long from, Predicate<KubeObject> wanted)
            throws IOException {
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        // A connection that is closed under the next request would lose its answer.
        exchange.getResponseHeaders().set("Connection", "close");
        exchange.sendResponseHeaders(200, 0);
        watches.incrementAndGet();
        int opened = breaks.get();
        long at = from;
        OutputStream out = exchange.getResponseBody();
        try {
            while (!closed && breaks.get() == opened) {
                List<FakeStore.Change> found =
                        store.after(ask.resource(), ask.namespace(), at, LOOK);
                if (held.contains(ask.resource().groupResource())) {
                    // Written things are seen later.
                    java.util.concurrent.locks.LockSupport.parkNanos(LOOK.toNanos() / 10);
                    continue;
                }
                for (FakeStore.Change change : found) {
                    String type = type(change, wanted);
                    if (!type.isEmpty()) {
                        event(out, type, change.object().tree());
                    }
                    at = change.revision();
                }
            }
        } catch (ApiException e) {
            event(out, "ERROR", (ObjectNode) e.status());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** What begins to be wanted is added, what isn't any more is deleted; empty for neither. */
    private static String type(FakeStore.Change change, Predicate<KubeObject> wanted) {
        if (change.type().equals("ADDED") || change.type().equals("DELETED")) {
            return wanted.test(change.object()) ? change.type() : "";
        }
        boolean before = wanted.test(change.before());
        boolean now = wanted.test(change.object());
        return before ? now ? change.type() : "DELETED" : now ? "ADDED" : "";
    }

    private static void event(OutputStream out, String type, ObjectNode object) throws IOException {
        out.write(Json.bytes(Json.of("type", type, "object", object)));
        out.write("\n".getBytes(StandardCharsets.US_ASCII));
        out.flush();
    }

    @Override
    public void close() {
        closed = true;
        http.stop(0);
        threads.shutdownNow();
    }
}
