package io.jarnetes.apiserver.server.health;

import io.jarnetes.apiserver.server.registry.ApiException;
import io.jarnetes.apiserver.server.registry.GroupResource;
import io.jarnetes.apiserver.server.registry.ListOptions;
import io.jarnetes.apiserver.server.registry.RequestContext;
import io.jarnetes.apiserver.server.registry.Store;
import io.jarnetes.apiserver.server.storage.Listing;
import io.jarnetes.apiserver.server.storage.StoredObject;
import io.jarnetes.apiserver.server.tree.Trees;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import tools.jackson.databind.node.ObjectNode;

/**
 * What is told of the other programs: whether they listen on this machine, on the ports that they
 * have by default, and whether etcd answers.
 */
public final class ComponentStatuses implements Store {

    private static final GroupResource RESOURCE = new GroupResource("", "componentstatuses");
    private static final int PATIENCE_MILLIS = 1_000;

    private final Map<String, Supplier<Optional<String>>> checks = new LinkedHashMap<>();

    /**
     * @param etcdFailure what is wrong with etcd, empty when it answers
     */
    public ComponentStatuses(Supplier<Optional<String>> etcdFailure) {
        checks.put("scheduler", () -> refusal(10_259));
        checks.put("controller-manager", () -> refusal(10_257));
        checks.put("etcd-0", etcdFailure);
    }

    private static Optional<String> refusal(int port) {
        InetAddress here = InetAddress.getLoopbackAddress();
        String address = here.getHostAddress() + ":" + port;
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(here, port), PATIENCE_MILLIS);
            return Optional.empty();
        } catch (IOException e) {
            return Optional.of(
                    "Get \"https://"
                            + address
                            + "/healthz\": dial tcp "
                            + address
                            + ": connect: connection refused");
        }
    }

    @Override
    public GroupResource resource() {
        return RESOURCE;
    }

    @Override
    public StoredObject get(RequestContext context, String name, String resourceVersion) {
        Supplier<Optional<String>> check = checks.get(name);
        if (check == null) {
            throw ApiException.notFound(new GroupResource("", "componentstatus"), name);
        }
        return status(name, check.get());
    }

    @Override
    public Listing list(RequestContext context, ListOptions options) {
        List<StoredObject> all =
                checks.entrySet().stream()
                        .map(check -> status(check.getKey(), check.getValue().get()))
                        .toList();
        return new Listing(all, "", "", null);
    }

    private static StoredObject status(String name, Optional<String> failure) {
        ObjectNode object = Trees.object().put("kind", "ComponentStatus").put("apiVersion", "v1");
        object.putObject("metadata").put("name", name);
        object.putArray("conditions")
                .addObject()
                .put("type", "Healthy")
                .put("status", failure.isEmpty() ? "True" : "False")
                .put("message", failure.orElse("ok"));
        return new StoredObject("", 0, object.toString().getBytes(StandardCharsets.UTF_8));
    }
}
