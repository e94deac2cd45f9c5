package io.jarnetes.kubeclient;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/** What an apiserver says that it serves, in the form of old. */
final class FakeDiscovery {

    private FakeDiscovery() {}

    /**
     * @return null for a path that isn't discovery's
     */
    static @Nullable ObjectNode of(String path, Collection<Resource> resources) {
        if (path.equals("/api")) {
            return Json.of("kind", "APIVersions", "versions", List.of("v1"));
        }
        if (path.equals("/apis")) {
            List<ObjectNode> groups = new ArrayList<>();
            resources.stream()
                    .filter(one -> !one.group().isEmpty())
                    .map(one -> List.of(one.group(), one.version()))
                    .distinct()
                    .forEach(one -> groups.add(group(one.getFirst(), one.getLast())));
            return Json.of("kind", "APIGroupList", "groups", groups);
        }
        String[] parts = path.substring(1).split("/");
        boolean core = parts[0].equals("api") && parts.length == 2;
        if (!core && !(parts[0].equals("apis") && parts.length == 3)) {
            return null;
        }
        String version = core ? parts[1] : parts[1] + "/" + parts[2];
        List<ObjectNode> served = new ArrayList<>();
        for (Resource one : resources) {
            if (one.apiVersion().equals(version)) {
                served.add(
                        Json.of(
                                "name",
                                one.plural(),
                                "kind",
                                one.kind(),
                                "namespaced",
                                one.namespaced(),
                                "verbs",
                                List.of("create", "delete", "get", "list", "patch", "watch")));
            }
        }
        return Json.of("kind", "APIResourceList", "resources", served);
    }

    private static ObjectNode group(String name, String version) {
        return Json.of(
                "name",
                name,
                "versions",
                List.of(Json.of("groupVersion", name + "/" + version, "version", version)));
    }
}
