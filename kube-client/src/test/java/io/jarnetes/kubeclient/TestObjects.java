package io.jarnetes.kubeclient;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Objects written as JSON with single quotes and short forms. */
public final class TestObjects {

    private TestObjects() {}

    /** An object of JSON text in which single quotes stand for double ones. */
    public static KubeObject object(String json) {
        return KubeObject.of(tree(json));
    }

    public static ObjectNode tree(String json) {
        return Json.parse(json.replace('\'', '"'));
    }

    /** Lays a second tree over an object; null deletes (a merge patch). */
    public static KubeObject with(KubeObject object, String json) {
        ObjectNode tree = object.copy();
        merge(tree, tree(json));
        return KubeObject.of(tree);
    }

    /** Lays a tree over an object; null deletes (a merge patch). */
    public static KubeObject merged(KubeObject object, ObjectNode patch) {
        ObjectNode tree = object.copy();
        merge(tree, patch);
        return KubeObject.of(tree);
    }

    private static void merge(ObjectNode into, ObjectNode patch) {
        for (var entry : patch.properties()) {
            JsonNode value = entry.getValue();
            if (value.isNull()) {
                into.remove(entry.getKey());
            } else if (value instanceof ObjectNode object) {
                merge(into.withObjectProperty(entry.getKey()), object);
            } else {
                into.set(entry.getKey(), value);
            }
        }
    }

    /** A pod: running and ready unless told otherwise with {@link #with}. */
    public static KubeObject pod(String name) {
        return object(
                """
                {'apiVersion': 'v1', 'kind': 'Pod',
                 'metadata': {'namespace': 'ns', 'name': '%s', 'uid': 'uid-%s',
                   'resourceVersion': '1', 'creationTimestamp': '2026-01-01T00:00:00Z'},
                 'spec': {'nodeName': 'node-0', 'containers': [{'name': 'c', 'image': 'nginx'}]},
                 'status': {'phase': 'Running', 'podIP': '10.0.0.9', 'conditions': [
                   {'type': 'Ready', 'status': 'True',
                    'lastTransitionTime': '2026-01-01T00:00:01Z'}]}}
                """
                        .formatted(name, name));
    }
}
