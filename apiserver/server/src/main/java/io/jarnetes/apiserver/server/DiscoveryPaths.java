package io.jarnetes.apiserver.server;

import io.jarnetes.apiserver.schema.ApiGroup;
import io.jarnetes.apiserver.schema.GroupVersion;
import io.jarnetes.apiserver.schema.ResourceTable;
import io.jarnetes.apiserver.server.discovery.Discovery;
import io.jarnetes.apiserver.server.endpoints.ApiRequest;
import io.jarnetes.apiserver.server.endpoints.ApiResponse;
import io.jarnetes.apiserver.server.http.Answers;
import io.jarnetes.apiserver.server.http.Documents;
import io.jarnetes.apiserver.server.http.PathMux;
import io.jarnetes.apiserver.server.registry.ApiException;
import java.util.Optional;
import java.util.function.Supplier;
import tools.jackson.databind.node.ObjectNode;

/** {@code /api}, {@code /apis} and the groups and versions below, plain and aggregated. */
final class DiscoveryPaths {

    private final Supplier<ResourceTable> table;
    private final String serverAddress;
    private final Documents documents;

    /**
     * @param table what is served now
     * @param serverAddress where clients reach this server, with its port
     */
    DiscoveryPaths(Supplier<ResourceTable> table, String serverAddress, Documents documents) {
        this.documents = documents;
        this.table = table;
        this.serverAddress = serverAddress;
    }

    void install(PathMux mux) {
        mux.handle("/api", this::core);
        mux.handlePrefix("/api/", this::coreVersion);
        mux.handle("/api/", this::core);
        mux.handle("/apis", this::groups);
        mux.handle("/apis/", this::groups);
        mux.handlePrefix("/apis/", this::group);
        for (ApiGroup group : table.get().groups()) {
            String root = group.name().isEmpty() ? "/api" : "/apis/" + group.name();
            if (!group.name().isEmpty()) {
                mux.handle(root, this::group);
            }
            group.versions()
                    .forEach(version ->
                            mux.handle(
                                    root + "/" + version.version(),
                                    group.name().isEmpty() ? this::coreVersion : this::group));
        }
    }

    private Discovery discovery() {
        return new Discovery(table.get(), serverAddress);
    }

    private void core(ApiRequest request, ApiResponse response) {
        Answers.onlyGet(request);
        Discovery now = discovery();
        documents.write(request, response, new Both(now::apiVersions, now::aggregatedCore));
    }

    private void groups(ApiRequest request, ApiResponse response) {
        Discovery now = discovery();
        documents.write(request, response, new Both(now::groupList, now::aggregatedGroups));
    }

    private void coreVersion(ApiRequest request, ApiResponse response) {
        version("", request.path().substring("/api/".length()), request, response);
    }

    private void group(ApiRequest request, ApiResponse response) {
        String[] words = request.path().substring("/apis/".length()).split("/", -1);
        boolean groupAlone = words.length == 1 || (words.length == 2 && words[1].isEmpty());
        if (!groupAlone) {
            String version = words.length == 2 || words[2].isEmpty() ? words[1] : "";
            version(words[0], version, request, response);
            return;
        }
        discovery()
                .group(words[0])
                .ifPresentOrElse(
                        tree -> plain(request, response, tree), () -> Answers.notFound(response));
    }

    private void version(String group, String version, ApiRequest request, ApiResponse response) {
        String name = version.endsWith("/") ? version.substring(0, version.length() - 1) : version;
        Optional<ObjectNode> resources = discovery().resourceList(new GroupVersion(group, name));
        if (resources.isPresent()) {
            Answers.onlyGet(request);
            plain(request, response, resources.get());
        } else if (table.get().group(group).isPresent()) {
            throw ApiException.noSuchResource();
        } else {
            Answers.notFound(response);
        }
    }

    private void plain(ApiRequest request, ApiResponse response, ObjectNode tree) {
        documents.write(request, response, () -> tree);
    }

    /** Both are made only when they are wanted. */
    private record Both(Supplier<ObjectNode> whole, Supplier<ObjectNode> groups)
            implements Documents.Source {
        @Override
        public ObjectNode plain() {
            return whole.get();
        }

        @Override
        public ObjectNode aggregated() {
            return groups.get();
        }
    }
}
