package io.jarnetes.kubeclient;

import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** Objects by values computed from them; guarded by its informer's lock. */
final class ObjectIndex {

    private final Function<KubeObject, Collection<String>> values;
    private final Map<String, Map<String, KubeObject>> objects = new HashMap<>();

    ObjectIndex(Function<KubeObject, Collection<String>> values) {
        this.values = values;
    }

    void add(KubeObject object) {
        for (String value : values.apply(object)) {
            objects.computeIfAbsent(value, v -> new LinkedHashMap<>()).put(object.key(), object);
        }
    }

    void remove(KubeObject object) {
        for (String value : values.apply(object)) {
            Map<String, KubeObject> found = objects.get(value);
            if (found != null) {
                found.remove(object.key());
                if (found.isEmpty()) {
                    objects.remove(value);
                }
            }
        }
    }

    List<KubeObject> get(String value) {
        Map<String, KubeObject> found = objects.get(value);
        return found == null ? List.of() : List.copyOf(found.values());
    }
}
