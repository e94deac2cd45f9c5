package io.jarnetes.apiserver.server.bootstrap;

import io.jarnetes.apiserver.server.tree.Trees;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Priority levels and flow schemas of API priority and fairness ({@code flowcontrol.json}). */
final class FlowControlBootstrap {

    static final String GROUP = "flowcontrol.apiserver.k8s.io";
    private static final String LEVELS = "prioritylevelconfigurations";
    private static final String SCHEMAS = "flowschemas";

    private final Seeder seeder;
    private final Clock clock;

    FlowControlBootstrap(Seeder seeder, Clock clock) {
        this.seeder = seeder;
        this.clock = clock;
    }

    void run() {
        JsonNode specs = specs();
        seeder.all(
                List.of(
                        () ->
                                seeder.createMissing(
                                        GROUP,
                                        LEVELS,
                                        objects(specs, LEVELS, "PriorityLevelConfiguration")),
                        () ->
                                seeder.createMissing(
                                        GROUP, SCHEMAS, objects(specs, SCHEMAS, "FlowSchema"))));
    }

    /** Says of each schema without a status whether its level is there. */
    void statuses() {
        Map<String, ObjectNode> levels = seeder.existing(GROUP, LEVELS);
        List<Runnable> writes = new ArrayList<>();
        seeder.existing(GROUP, SCHEMAS)
                .forEach((name, schema) -> {
                    String level = Trees.text(schema, "spec", "priorityLevelConfiguration", "name");
                    boolean told = !Trees.items(schema, "status", "conditions").isEmpty();
                    if (!told && levels.containsKey(level)) {
                        writes.add(() ->
                                seeder.updateStatus(
                                        GROUP,
                                        SCHEMAS,
                                        "",
                                        name,
                                        SystemObjects.flowSchemaStatus(clock.instant(), level)));
                    }
                });
        seeder.all(writes);
    }

    private static JsonNode specs() {
        try (InputStream in = FlowControlBootstrap.class.getResourceAsStream("flowcontrol.json")) {
            return JsonMapper.builder().build().readTree(in);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<ObjectNode> objects(JsonNode specs, String resource, String kind) {
        List<ObjectNode> objects = new ArrayList<>();
        specs.path(resource)
                .properties()
                .forEach(entry -> {
                    ObjectNode object =
                            SystemObjects.object(GROUP + "/v1", kind, "", entry.getKey());
                    Trees.child(object, "metadata")
                            .putObject("annotations")
                            .put("apf.kubernetes.io/autoupdate-spec", "true");
                    object.set("spec", entry.getValue());
                    objects.add(object);
                });
        return objects;
    }
}
