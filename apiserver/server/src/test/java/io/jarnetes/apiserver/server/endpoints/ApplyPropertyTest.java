package io.jarnetes.apiserver.server.endpoints;

import static org.assertj.core.api.Assertions.assertThat;

import io.jarnetes.apiserver.server.storage.FakeEtcdKv;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Appliers and updaters write one Deployment in an order that a seed says; after each write the
 * object, its owners and refusals are {@link ApplyModel}'s.
 */
class ApplyPropertyTest {

    private static final JsonMapper MAPPER = JsonMapper.builder().build();
    private static final String PATH = "/apis/apps/v1/namespaces/default/deployments/d";
    private static final String APPLY = "application/apply-patch+yaml";
    private static final String MERGE = "application/merge-patch+json";
    private static final List<String> APPLIERS = List.of("a", "b", "c");
    private static final List<String> UPDATERS = List.of("x", "y");
    private static final List<String> NAMES = List.of("one", "two", "three");
    private static final int STEPS = 60;

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 5, 8, 13, 21, 34, 55, 89, 144, 233})
    void objectAndOwnersAreTheModels(long seed) {
        Random random = new Random(seed);
        ApplyModel model = new ApplyModel();
        try (TestApi api = new TestApi(new FakeEtcdKv())) {
            // What makes it a Deployment is another's, so that the rest may come and go.
            api.call(
                    "PATCH", PATH + "?fieldManager=base", base().toString(), "Content-Type", APPLY);
            for (int step = 0; step < STEPS; step++) {
                String what = "seed " + seed + ", step " + step;
                if (random.nextInt(4) == 0) {
                    update(api, model, random, what);
                } else {
                    apply(api, model, random, what);
                }
                JsonNode live = api.call("GET", PATH, "").body();
                assertThat(values(live)).as(what).isEqualTo(model.values);
                assertThat(owners(live)).as(what).isEqualTo(model.owners);
            }
        }
    }

    private static void apply(TestApi api, ApplyModel model, Random random, String what) {
        String manager = APPLIERS.get(random.nextInt(APPLIERS.size()));
        Map<String, String> config = config(random);
        boolean force = random.nextInt(3) == 0;
        Set<String> refused = model.apply(manager, config, force);
        TestApi.Result answer =
                api.call(
                        "PATCH",
                        PATH + "?fieldManager=" + manager + "&force=" + force,
                        object(config).toString(),
                        "Content-Type",
                        APPLY);
        assertThat(answer.status())
                .as(what + ": " + manager + " applies " + config + "\n" + answer.body())
                .isEqualTo(refused.isEmpty() ? 200 : 409);
        assertThat(answer.body().path("details").path("causes").size())
                .as(what + ": " + refused + "\n" + answer.body())
                .isEqualTo(refused.size());
    }

    private static void update(TestApi api, ApplyModel model, Random random, String what) {
        String manager = UPDATERS.get(random.nextInt(UPDATERS.size()));
        Map<String, String> patch = new HashMap<>();
        ObjectNode labels = JsonNodeFactory.instance.objectNode();
        for (String name : NAMES) {
            switch (random.nextInt(3)) {
                case 0 -> {
                    String value = Integer.toString(random.nextInt(3));
                    patch.put("labels/" + name, value);
                    labels.put(name, value);
                }
                case 1 -> {
                    patch.put("labels/" + name, null);
                    labels.putNull(name);
                }
                default -> {}
            }
        }
        ObjectNode body = JsonNodeFactory.instance.objectNode();
        body.putObject("metadata").set("labels", labels);
        if (random.nextBoolean()) {
            int replicas = random.nextInt(3);
            patch.put("replicas", Integer.toString(replicas));
            body.putObject("spec").put("replicas", replicas);
        }
        model.update(manager, patch);
        String path = PATH + "?fieldManager=" + manager;
        TestApi.Result answer = api.call("PATCH", path, body.toString(), "Content-Type", MERGE);
        assertThat(answer.status()).as(what + ": " + answer.body()).isEqualTo(200);
    }

    /** Labels (a map), environment variables (a list by key), arguments (atomic), replicas. */
    private static Map<String, String> config(Random random) {
        Map<String, String> config = new TreeMap<>();
        for (String name : NAMES) {
            if (random.nextInt(3) == 0) {
                config.put("labels/" + name, Integer.toString(random.nextInt(3)));
            }
            if (random.nextInt(3) == 0) {
                config.put("env/" + name, "");
                if (random.nextInt(3) > 0) {
                    config.put("env/" + name + "/value", Integer.toString(random.nextInt(3)));
                }
            }
        }
        if (random.nextInt(3) == 0) {
            config.put("args", "[\"" + random.nextInt(2) + "\",\"" + random.nextInt(2) + "\"]");
        }
        if (random.nextInt(3) == 0) {
            config.put("replicas", Integer.toString(random.nextInt(3)));
        }
        return config;
    }

    private static ObjectNode base() {
        return (ObjectNode)
                MAPPER.readTree(
                        """
                        {"apiVersion":"apps/v1","kind":"Deployment","metadata":{"name":"d"},"spec":{\
                        "selector":{"matchLabels":{"app":"d"}},"template":{"metadata":{"labels":{\
                        "app":"d"}},"spec":{"containers":[{"name":"c","image":"i"}]}}}}\
                        """);
    }

    private static ObjectNode object(Map<String, String> config) {
        ObjectNode object = base();
        object.remove("spec");
        ObjectNode spec = JsonNodeFactory.instance.objectNode();
        ObjectNode container = JsonNodeFactory.instance.objectNode();
        ObjectNode labels = JsonNodeFactory.instance.objectNode();
        ArrayNode env = JsonNodeFactory.instance.arrayNode();
        config.forEach((path, value) -> {
            String[] parts = path.split("/");
            switch (parts[0]) {
                case "labels" -> labels.put(parts[1], value);
                case "replicas" -> spec.put("replicas", Integer.parseInt(value));
                case "args" -> container.set("args", MAPPER.readTree(value));
                default -> {
                    if (parts.length == 2) {
                        env.addObject().put("name", parts[1]);
                    } else {
                        ((ObjectNode) env.get(env.size() - 1)).put("value", value);
                    }
                }
            }
        });
        if (!labels.isEmpty()) {
            ((ObjectNode) object.get("metadata")).set("labels", labels);
        }
        if (!env.isEmpty()) {
            container.set("env", env);
        }
        if (!container.isEmpty()) {
            container.put("name", "c");
            spec.putObject("template").putObject("spec").putArray("containers").add(container);
        }
        if (!spec.isEmpty()) {
            object.set("spec", spec);
        }
        return object;
    }

    private static Map<String, String> values(JsonNode live) {
        Map<String, String> values = new TreeMap<>();
        live.at("/metadata/labels")
                .properties()
                .forEach(each -> values.put("labels/" + each.getKey(), each.getValue().asString()));
        values.put("replicas", live.at("/spec/replicas").toString());
        JsonNode container = live.at("/spec/template/spec/containers/0");
        if (container.has("args")) {
            values.put("args", container.get("args").toString());
        }
        for (JsonNode each : container.path("env")) {
            String path = "env/" + each.path("name").asString();
            values.put(path, "");
            if (each.has("value")) {
                values.put(path + "/value", each.get("value").asString());
            }
        }
        return values;
    }

    private static Map<String, Set<String>> owners(JsonNode live) {
        Map<String, Set<String>> owners = new HashMap<>();
        for (JsonNode entry : live.at("/metadata/managedFields")) {
            JsonNode fields = entry.path("fieldsV1");
            Set<String> paths = new TreeSet<>();
            fields.at("/f:metadata/f:labels").propertyNames().stream()
                    .filter(name -> name.startsWith("f:"))
                    .forEach(name -> paths.add("labels/" + name.substring(2)));
            if (fields.path("f:spec").has("f:replicas")) {
                paths.add("replicas");
            }
            JsonNode container =
                    fields.at("/f:spec/f:template/f:spec/f:containers").path("k:{\"name\":\"c\"}");
            if (container.has("f:args")) {
                paths.add("args");
            }
            for (String name : NAMES) {
                JsonNode variable = container.path("f:env").path("k:{\"name\":\"" + name + "\"}");
                if (variable.has(".")) {
                    paths.add("env/" + name);
                }
                if (variable.has("f:value")) {
                    paths.add("env/" + name + "/value");
                }
            }
            owners.merge(
                    entry.path("manager").asString(),
                    paths,
                    (one, other) ->
                            java.util.stream.Stream.concat(one.stream(), other.stream())
                                    .collect(Collectors.toCollection(TreeSet::new)));
        }
        owners.values().removeIf(Set::isEmpty);
        return owners;
    }
}
