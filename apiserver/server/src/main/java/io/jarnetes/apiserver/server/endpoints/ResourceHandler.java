package io.jarnetes.apiserver.server.endpoints;

import io.jarnetes.apiserver.schema.GroupVersion;
import io.jarnetes.apiserver.schema.GroupVersionKind;
import io.jarnetes.apiserver.schema.ResourceDefinition;
import io.jarnetes.apiserver.schema.ResourceTable;
import io.jarnetes.apiserver.schema.Subresource;
import io.jarnetes.apiserver.schema.codec.TreeCodec;
import io.jarnetes.apiserver.server.admission.AdmissionChain;
import io.jarnetes.apiserver.server.authorization.Authorizer;
import io.jarnetes.apiserver.server.registry.ApiException;
import io.jarnetes.apiserver.server.registry.GroupResource;
import io.jarnetes.apiserver.server.registry.Registry;
import io.jarnetes.apiserver.server.registry.Store;
import io.jarnetes.apiserver.server.registry.kinds.BuiltInRegistry;
import io.jarnetes.apiserver.server.registry.managedfields.ServerSideApply;
import io.jarnetes.apiserver.server.storage.VersionConverter;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/**
 * Everything below {@code /api/V/} and {@code /apis/G/V/}: finds the resource and hands the request
 * to its verb.
 */
public final class ResourceHandler implements ApiHandler {

    /** Subresources that a kubelet, or what runs on its node, would answer. */
    private static final Set<String> KUBELETS =
            Set.of("attach", "exec", "log", "portforward", "proxy");

    private final Supplier<ResourceTable> table;
    private final Registry registry;
    private final TreeCodec codec;
    private final VersionConverter converter;
    private final TablePrinter tables;
    private final ReadVerbs reads;
    private final WriteVerbs writes;
    private final DeleteVerbs deletes;
    private final Connections connections;

    /**
     * @param table what is served now; custom resources come and go
     */
    public ResourceHandler(
            Supplier<ResourceTable> table,
            Registry registry,
            TreeCodec codec,
            VersionConverter converter,
            TablePrinter tables,
            Patcher patcher,
            ServerSideApply applier,
            AdmissionChain admission,
            Authorizer authorizer,
            RandomGenerator random,
            InstantSource clock) {
        this.table = table;
        this.registry = registry;
        this.connections = new Connections(registry);
        this.codec = codec;
        this.converter = converter;
        this.tables = tables;
        this.reads = new ReadVerbs(new WatchHandler(random));
        this.writes =
                new WriteVerbs(
                        codec,
                        patcher,
                        new ApplyVerb(codec, applier, new CreationCheck(authorizer), clock),
                        new CreationCheck(authorizer),
                        admission);
        this.deletes = new DeleteVerbs(codec, admission);
    }

    @Override
    public void handle(ApiRequest request, ApiResponse response) throws Exception {
        RequestInfo info = request.info();
        GroupVersion version = new GroupVersion(info.apiGroup(), info.apiVersion());
        ResourceTable served = table.get();
        if (!served.has(version)) {
            if (served.group(version.group()).isPresent()) {
                throw ApiException.noSuchResource();
            }
            pageNotFound(response);
            return;
        }
        ResourceDefinition definition =
                served.find(version, info.resource()).orElseThrow(ApiException::noSuchResource);
        String deprecated = Deprecations.of(definition.gvk());
        if (deprecated != null) {
            response.addHeader("Warning", Warnings.header(deprecated));
        }
        if (definition.subresource(info.subresource()).isPresent()
                && connections.answered(request, response)) {
            return;
        }
        Call call = call(served, definition, request, response);
        switch (request.method()) {
            case "GET" -> reads.handle(call);
            case "POST" -> writes.create(call);
            case "PUT" -> writes.update(call);
            case "PATCH" -> writes.patch(call);
            case "DELETE" -> deletes.handle(call);
            default -> throw ApiException.methodNotAllowed();
        }
    }

    private Call call(
            ResourceTable served,
            ResourceDefinition definition,
            ApiRequest request,
            ApiResponse response) {
        RequestInfo info = request.info();
        GroupVersionKind kind = definition.gvk();
        List<String> verbs = definition.verbs();
        ResourceDefinition shown = definition;
        if (!info.subresource().isEmpty()) {
            Subresource sub =
                    definition
                            .subresource(info.subresource())
                            .orElseThrow(ApiException::noSuchResource);
            kind = sub.kind();
            verbs = sub.verbs();
            shown = withKind(definition, kind);
        }
        checkVerb(definition, info, verbs, request.method());
        boolean elsewhere = !kind.equals(definition.gvk());
        GroupVersionKind hub = elsewhere ? kind : BuiltInRegistry.hubOf(served, definition);
        Versions versions = new Versions(codec, converter, hub, shown);
        Encoder encoder =
                new Encoder(
                        codec,
                        tables,
                        shown,
                        versions,
                        Accepted.of(request, codec.hasProtobuf(kind)),
                        new Query(request.query()).text("includeObject"));
        return new Call(
                request,
                shown,
                store(definition, info),
                versions,
                encoder,
                new Answer(request, response, new Warnings()),
                response);
    }

    private Store store(ResourceDefinition definition, RequestInfo info) {
        GroupResource name = new GroupResource(definition.group(), definition.plural());
        Optional<Store> store = registry.find(name, info.subresource());
        if (store.isPresent()) {
            return store.get();
        }
        String what =
                info.resource() + (info.subresource().isEmpty() ? "" : "/" + info.subresource());
        throw ApiException.notThereYet(
                new GroupResource(definition.group(), what),
                info.verb(),
                KUBELETS.contains(info.subresource())
                        ? "there is no kubelet to ask yet"
                        : "that is not there yet");
    }

    /** A path has the methods of its verbs, as upstream's routes. */
    private static void checkVerb(
            ResourceDefinition definition, RequestInfo info, List<String> verbs, String method) {
        boolean named = !info.name().isEmpty() && info.parts().size() > 1;
        boolean scoped = !definition.namespaced() || !info.namespace().isEmpty();
        boolean misplaced =
                !definition.namespaced()
                        && !info.namespace().isEmpty()
                        && !info.resource().equals("namespaces");
        // There is a route to all namespaces' objects only where there is a list of them.
        boolean unlisted = !scoped && !named && !verbs.contains("list");
        if (misplaced || unlisted || (named && !scoped)) {
            throw ApiException.noSuchResource();
        }
        boolean watchPath = info.verb().equals("watch") && !method.equals("GET");
        boolean exists =
                switch (method) {
                    case "GET" -> named ? verbs.contains("get") && scoped : verbs.contains("list");
                    case "POST" ->
                            verbs.contains("create")
                                    && scoped
                                    && named == !info.subresource().isEmpty();
                    case "PUT" -> named && scoped && verbs.contains("update");
                    case "PATCH" -> named && scoped && verbs.contains("patch");
                    case "DELETE" ->
                            named
                                    ? verbs.contains("delete") && scoped
                                    : verbs.contains("deletecollection") && scoped;
                    default -> false;
                };
        if (!exists || watchPath) {
            throw ApiException.methodNotAllowed();
        }
    }

    private static ResourceDefinition withKind(ResourceDefinition of, GroupVersionKind kind) {
        return new ResourceDefinition(
                kind.group(),
                kind.version(),
                of.plural(),
                kind.kind(),
                of.singular(),
                of.namespaced(),
                of.verbs(),
                of.shortNames(),
                of.categories(),
                of.subresources(),
                of.storagePrefix(),
                of.stored(),
                of.served());
    }

    private static void pageNotFound(ApiResponse response) {
        byte[] body = "404 page not found\n".getBytes(StandardCharsets.US_ASCII);
        response.start(
                404,
                List.of(
                        Map.entry("Content-Type", "text/plain; charset=utf-8"),
                        Map.entry("X-Content-Type-Options", "nosniff"),
                        Map.entry("Content-Length", Integer.toString(body.length))));
        response.write(body);
        response.end();
    }
}
