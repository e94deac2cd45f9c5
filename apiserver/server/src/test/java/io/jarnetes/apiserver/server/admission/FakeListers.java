package io.jarnetes.apiserver.server.admission;

import io.jarnetes.apiserver.server.tree.Trees;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** A cluster in a map. */
public final class FakeListers implements Listers {

    private static final JsonMapper MAPPER = JsonMapper.builder().build();

    private final Map<List<String>, ObjectNode> objects = new TreeMap<>(FakeListers::compare);

    private static int compare(List<String> a, List<String> b) {
        return a.toString().compareTo(b.toString());
    }

    /** JSON, in which single quotes stand for double ones. */
    public static ObjectNode object(String json) {
        return (ObjectNode) MAPPER.readTree(json.replace('\'', '"'));
    }

    public void add(String group, String resource, String json) {
        ObjectNode object = object(json);
        objects.put(List.of(group, resource, Trees.namespace(object), Trees.name(object)), object);
    }

    @Override
    public Optional<ObjectNode> get(String group, String resource, String namespace, String name) {
        return Optional.ofNullable(objects.get(List.of(group, resource, namespace, name)));
    }

    @Override
    public Optional<ObjectNode> live(String group, String resource, String namespace, String name) {
        return get(group, resource, namespace, name);
    }

    @Override
    public List<ObjectNode> list(String group, String resource, String namespace) {
        return objects.entrySet().stream()
                .filter(e -> e.getKey().get(0).equals(group))
                .filter(e -> e.getKey().get(1).equals(resource))
                .filter(e -> namespace.isEmpty() || e.getKey().get(2).equals(namespace))
                .map(Map.Entry::getValue)
                .toList();
    }
}
