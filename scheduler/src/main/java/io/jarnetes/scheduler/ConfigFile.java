package io.jarnetes.scheduler;

import io.jarnetes.kubeclient.Json;
import io.jarnetes.scheduler.framework.Profile;
import io.jarnetes.scheduler.plugins.DefaultPlugins;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import tools.jackson.databind.JsonNode;

/**
 * A KubeSchedulerConfiguration (kubescheduler.config.k8s.io/v1): connection, leader election,
 * backoff, profiles with plugins switched off and weights.
 *
 * @param kubeconfig empty where it names none
 * @param leaderElection fields by name
 */
record ConfigFile(
        String kubeconfig,
        Map<String, String> leaderElection,
        List<Profile> profiles,
        Duration firstBackoff,
        Duration lastBackoff) {

    static final ConfigFile EMPTY =
            new ConfigFile(
                    "",
                    Map.of(),
                    List.of(DefaultPlugins.profile()),
                    Duration.ofSeconds(1),
                    Duration.ofSeconds(10));

    private static final String VERSION = "kubescheduler.config.k8s.io/v1";
    private static final String TWICE = "found duplicate key ";
    private static final String KIND = "KubeSchedulerConfiguration";

    /** How upstream's errors call what it can decode. */
    private static final String SCHEME =
            "k8s.io/kubernetes/pkg/scheduler/apis/config/scheme/scheme.go:29";

    /**
     * @param name how errors call the text
     * @throws IOException with upstream's words where it isn't a configuration, or not one that
     *     makes sense
     */
    static ConfigFile parse(String text, String name) throws IOException {
        List<String> strict = new ArrayList<>();
        JsonNode tree = tree(text, name, strict);
        known(tree, text);
        strict.addAll(ConfigSchema.unknown(tree));
        if (!strict.isEmpty()) {
            throw new IOException("strict decoding error: " + String.join(", ", strict));
        }
        ConfigValidation.check(tree);
        return new ConfigFile(
                Json.text(tree, "clientConnection", "kubeconfig"),
                strings(tree.path("leaderElection")),
                profiles(tree),
                Duration.ofSeconds(Json.number(1, tree, "podInitialBackoffSeconds")),
                Duration.ofSeconds(Json.number(10, tree, "podMaxBackoffSeconds")));
    }

    /**
     * @param strict gets what only a strict decoder refuses
     */
    private static JsonNode tree(String text, String name, List<String> strict) throws IOException {
        try {
            return load(text, false);
        } catch (MarkedYAMLException e) {
            String problem = e.getProblem();
            if (problem == null || !problem.startsWith(TWICE) || e.getProblemMark() == null) {
                throw new IOException(name + ": not YAML: " + e.getMessage(), e);
            }
            strict.add(
                    "yaml: unmarshal errors:\n  line %d: key \"%s\" already set in map"
                            .formatted(
                                    e.getProblemMark().getLine() + 1,
                                    problem.substring(TWICE.length())));
            return load(text, true);
        } catch (YAMLException e) {
            throw new IOException(name + ": not YAML: " + e.getMessage(), e);
        }
    }

    private static JsonNode load(String text, boolean duplicates) {
        LoaderOptions options = new LoaderOptions();
        options.setAllowDuplicateKeys(duplicates);
        options.setWarnOnDuplicateKeys(false);
        Object loaded = new Yaml(new SafeConstructor(options)).load(text);
        return loaded == null ? Json.object() : Json.tree(loaded);
    }

    private static void known(JsonNode tree, String text) throws IOException {
        if (!tree.isObject()) {
            throw new IOException(
                    "couldn't get version/kind; json parse error: json: cannot unmarshal "
                            + (tree.isArray() ? "array" : tree.isString() ? "string" : "number")
                            + " into Go value of type struct { APIVersion string"
                            + " \"json:\\\"apiVersion,omitempty\\\"\"; Kind string"
                            + " \"json:\\\"kind,omitempty\\\"\" }");
        }
        String version = Json.text(tree, "apiVersion");
        String kind = Json.text(tree, "kind");
        if (kind.isEmpty() || version.isEmpty()) {
            throw new IOException(
                    "Object '%s' is missing in '%s'"
                            .formatted(kind.isEmpty() ? "Kind" : "apiVersion", text));
        }
        if (!version.equals(VERSION) || !kind.equals(KIND)) {
            throw new IOException(
                    "no kind \"%s\" is registered for version \"%s\" in scheme \"%s\""
                            .formatted(kind, version, SCHEME));
        }
    }

    private static Map<String, String> strings(JsonNode object) {
        Map<String, String> strings = new HashMap<>();
        object.properties().forEach(e -> strings.put(e.getKey(), Json.text(e.getValue())));
        return strings;
    }

    private static List<Profile> profiles(JsonNode tree) {
        int percentage = Json.number(0, tree, "percentageOfNodesToScore");
        List<Profile> profiles = new ArrayList<>();
        for (JsonNode profile : tree.path("profiles")) {
            profiles.add(
                    profile(profile, Json.number(percentage, profile, "percentageOfNodesToScore")));
        }
        return profiles.isEmpty()
                ? List.of(
                        DefaultPlugins.profile(
                                DefaultPlugins.SCHEDULER_NAME,
                                Set.of(),
                                Set.of(),
                                Map.of(),
                                DefaultPlugins.Arguments.DEFAULT,
                                percentage))
                : profiles;
    }

    private static Profile profile(JsonNode profile, int percentage) {
        String name = Json.text(profile, "schedulerName");
        JsonNode plugins = profile.path("plugins");
        Set<String> withoutFilters = disabled(plugins, "filter");
        Set<String> withoutScores = disabled(plugins, "score");
        Map<String, Integer> weights = new HashMap<>();
        for (String point : List.of("multiPoint", "score")) {
            for (JsonNode enabled : Json.at(plugins, point, "enabled")) {
                int weight = Json.number(0, enabled, "weight");
                if (weight > 0) {
                    weights.put(Json.text(enabled, "name"), weight);
                }
            }
        }
        return DefaultPlugins.profile(
                name.isEmpty() ? DefaultPlugins.SCHEDULER_NAME : name,
                withoutFilters,
                withoutScores,
                weights,
                arguments(profile.path("pluginConfig")),
                percentage);
    }

    private static DefaultPlugins.Arguments arguments(JsonNode configs) {
        DefaultPlugins.Arguments given = DefaultPlugins.Arguments.DEFAULT;
        boolean most = given.most();
        Map<String, Integer> resources = new HashMap<>();
        int hard = given.hardPodAffinityWeight();
        for (JsonNode config : configs) {
            JsonNode args = config.path("args");
            switch (Json.text(config, "name")) {
                case "NodeResourcesFit" -> {
                    most = Json.text(args, "scoringStrategy", "type").equals("MostAllocated");
                    for (JsonNode one : Json.at(args, "scoringStrategy", "resources")) {
                        resources.put(
                                Json.text(one, "name"), Math.max(1, Json.number(1, one, "weight")));
                    }
                }
                case "InterPodAffinity" -> hard = Json.number(hard, args, "hardPodAffinityWeight");
                default -> {
                    // Taken, and without effect.
                }
            }
        }
        return new DefaultPlugins.Arguments(
                most, resources.isEmpty() ? given.resources() : resources, hard);
    }

    private static Set<String> disabled(JsonNode plugins, String point) {
        Set<String> names = new HashSet<>();
        for (String where : List.of("multiPoint", point)) {
            for (JsonNode off : Json.at(plugins, where, "disabled")) {
                names.add(Json.text(off, "name"));
            }
        }
        return names;
    }
}
