package io.jarnetes.kubeclient;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/** Which resources the server has, built-in and custom. Aggregated discovery, or the plain one. */
public final class Discovery {

    private static final String AGGREGATED =
            "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList,application/json";

    private final ApiClient client;

    public Discovery(ApiClient client) {
        this.client = client;
    }

    /**
     * One resource that is served; subresources are left out.
     *
     * @param preferred whether this is the group's first version that has it
     */
    public record Served(Resource resource, Set<String> verbs, boolean preferred) {

        public Served {
            verbs = Set.copyOf(verbs);
        }

        public boolean can(String... needed) {
            return verbs.containsAll(List.of(needed));
        }
    }

    /**
     * What was found.
     *
     * @param failures one sentence for each group version that could not be read, such as an
     *     aggregated API whose server is down
     */
    public record Answer(List<Served> resources, List<String> failures) {

        public Answer {
            resources = List.copyOf(resources);
            failures = List.copyOf(failures);
        }

        /** One version of each resource. */
        public List<Served> preferred() {
            return resources.stream().filter(Served::preferred).toList();
        }
    }

    /**
     * @throws ApiException if the server can't be reached
     */
    public Answer all() {
        List<Served> resources = new ArrayList<>();
        List<String> failures = new ArrayList<>();
        for (String root : List.of("/api", "/apis")) {
            JsonNode answer = client.get(root, AGGREGATED);
            if (Json.text(answer, "kind").equals("APIGroupDiscoveryList")) {
                aggregated(answer, resources, failures);
            } else {
                plain(root, answer, resources, failures);
            }
        }
        return new Answer(resources, failures);
    }

    private static void aggregated(JsonNode answer, List<Served> resources, List<String> failures) {
        for (JsonNode group : answer.path("items")) {
            String name = Json.text(group, "metadata", "name");
            Set<String> seen = new HashSet<>();
            for (JsonNode version : group.path("versions")) {
                String number = Json.text(version, "version");
                if (Json.text(version, "freshness").equals("Stale")) {
                    failures.add(name + "/" + number + ": stale GroupVersion discovery");
                }
                for (JsonNode served : version.path("resources")) {
                    String plural = Json.text(served, "resource");
                    Resource resource =
                            new Resource(
                                    name,
                                    number,
                                    plural,
                                    Json.text(served, "responseKind", "kind"),
                                    Json.text(served, "scope").equals("Namespaced"));
                    resources.add(
                            new Served(
                                    resource,
                                    new HashSet<>(Json.list(served, "verbs")),
                                    seen.add(plural)));
                }
            }
        }
    }

    private void plain(
            String root, JsonNode answer, List<Served> resources, List<String> failures) {
        if (root.equals("/api")) {
            Set<String> seen = new HashSet<>();
            for (String version : Json.list(answer, "versions")) {
                version("", version, root + "/" + version, seen, resources, failures);
            }
            return;
        }
        for (JsonNode group : answer.path("groups")) {
            String name = Json.text(group, "name");
            Set<String> seen = new HashSet<>();
            for (JsonNode version : group.path("versions")) {
                String path = root + "/" + Json.text(version, "groupVersion");
                version(name, Json.text(version, "version"), path, seen, resources, failures);
            }
        }
    }

    private void version(
            String group,
            String version,
            String path,
            Set<String> seen,
            List<Served> resources,
            List<String> failures) {
        try {
            for (JsonNode served : client.get(path).path("resources")) {
                String plural = Json.text(served, "name");
                if (plural.contains("/")) {
                    continue;
                }
                Resource resource =
                        new Resource(
                                group,
                                version,
                                plural,
                                Json.text(served, "kind"),
                                Json.flag(served, "namespaced"));
                resources.add(
                        new Served(
                                resource,
                                new HashSet<>(Json.list(served, "verbs")),
                                seen.add(plural)));
            }
        } catch (ApiException e) {
            failures.add(group + "/" + version + ": " + e.getMessage());
        }
    }
}
