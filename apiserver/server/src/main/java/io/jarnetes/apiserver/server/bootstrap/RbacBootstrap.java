package io.jarnetes.apiserver.server.bootstrap;

import io.jarnetes.apiserver.server.registry.AdmissionHook;
import io.jarnetes.apiserver.server.registry.DeleteOptions;
import io.jarnetes.apiserver.server.registry.RequestContext;
import io.jarnetes.apiserver.server.tree.Trees;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Upstream's reconciliation of the bootstrap policy: missing objects are made, missing rules and
 * subjects added; what is more stays; objects with {@code autoupdate: "false"} are left alone; a
 * binding to another role is made anew.
 */
final class RbacBootstrap {

    private static final String GROUP = "rbac.authorization.k8s.io";
    private static final String AUTOUPDATE = "rbac.authorization.kubernetes.io/autoupdate";
    private static final Map<String, String> RESOURCES =
            Map.of(
                    "ClusterRole", "clusterroles",
                    "ClusterRoleBinding", "clusterrolebindings",
                    "Role", "roles",
                    "RoleBinding", "rolebindings");

    private final Seeder seeder;

    RbacBootstrap(Seeder seeder) {
        this.seeder = seeder;
    }

    void run() {
        Map<String, List<ObjectNode>> byResource = new LinkedHashMap<>();
        for (ObjectNode object : PolicyText.read()) {
            String resource = RESOURCES.getOrDefault(Trees.text(object, "kind"), "");
            byResource.computeIfAbsent(resource, key -> new ArrayList<>()).add(object);
        }
        List<Runnable> lists = new ArrayList<>();
        byResource.forEach((resource, wanted) -> lists.add(() -> reconcile(resource, wanted)));
        seeder.all(lists);
    }

    private void reconcile(String resource, List<ObjectNode> wanted) {
        Map<String, ObjectNode> existing = seeder.existing(GROUP, resource);
        List<Runnable> writes = new ArrayList<>();
        for (ObjectNode object : wanted) {
            ObjectNode found = existing.get(Seeder.key(object));
            if (found == null) {
                writes.add(() -> seeder.create(GROUP, resource, object));
            } else if (!protectedFromUpdate(found)) {
                correct(resource, object, found, writes);
            }
        }
        seeder.all(writes);
    }

    private static boolean protectedFromUpdate(ObjectNode found) {
        return Trees.text(found, "metadata", "annotations", AUTOUPDATE).equals("false");
    }

    private void correct(
            String resource, ObjectNode wanted, ObjectNode found, List<Runnable> writes) {
        String namespace = Trees.namespace(wanted);
        String name = Trees.name(wanted);
        if (!wanted.path("roleRef").equals(found.path("roleRef"))) {
            writes.add(() -> {
                seeder.store(GROUP, resource)
                        .delete(
                                RequestContext.internal(namespace),
                                name,
                                DeleteOptions.DEFAULT,
                                AdmissionHook.NONE);
                seeder.create(GROUP, resource, wanted);
            });
            return;
        }
        if (merged(wanted, found).equals(found)) {
            return;
        }
        writes.add(() ->
                seeder.update(
                        GROUP,
                        resource,
                        namespace,
                        name,
                        current -> merged(wanted, current == null ? wanted : current)));
    }

    /** What is there, and what is missing of the policy. */
    private static ObjectNode merged(ObjectNode wanted, ObjectNode found) {
        ObjectNode result = found.deepCopy();
        ObjectNode metadata = Trees.child(result, "metadata");
        for (String map : List.of("labels", "annotations")) {
            Trees.map(wanted, "metadata", map)
                    .forEach((key, value) -> addAbsent(metadata, map, key, value));
        }
        if (wanted.has("aggregationRule")) {
            addSelectors(wanted, result);
        } else if (wanted.has("rules")) {
            addMissing(wanted, result, "rules");
        } else if (wanted.has("subjects")) {
            addMissing(wanted, result, "subjects");
        }
        return result;
    }

    private static void addAbsent(ObjectNode metadata, String map, String key, String value) {
        if (!metadata.path(map).has(key)) {
            Trees.child(metadata, map).put(key, value);
        }
    }

    private static void addSelectors(ObjectNode wanted, ObjectNode result) {
        if (!result.path("aggregationRule").equals(wanted.path("aggregationRule"))
                && !result.has("aggregationRule")) {
            result.set("aggregationRule", wanted.path("aggregationRule").deepCopy());
        }
    }

    private static void addMissing(ObjectNode wanted, ObjectNode result, String field) {
        List<JsonNode> missing = new ArrayList<>();
        List<JsonNode> present = Trees.items(result, field);
        for (JsonNode item : Trees.items(wanted, field)) {
            if (!present.contains(item)) {
                missing.add(item);
            }
        }
        if (!missing.isEmpty()) {
            ArrayNode array = Trees.children(result, field);
            missing.forEach(array::add);
        }
    }
}
