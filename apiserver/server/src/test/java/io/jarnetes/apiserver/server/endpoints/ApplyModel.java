package io.jarnetes.apiserver.server.endpoints;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Server-side apply, as simple as it can be said: an object is a map from paths to values, a path
 * that another one continues is what holds it, and each writer has a set of paths.
 *
 * <p>An applied path that isn't there, or has another value, is changed; whoever else had a changed
 * path loses it (by force), or refuses. What an applier had and no longer says goes, with all that
 * it holds, unless somebody else has it.
 */
final class ApplyModel {

    private static final String REPLICAS = "replicas";

    /** What the object has; replicas are always there. */
    final TreeMap<String, String> values = new TreeMap<>(Map.of(REPLICAS, "1"));

    final Map<String, Set<String>> owners = new HashMap<>();

    /** Applies, or answers the paths over which it is refused, each with its owner. */
    Set<String> apply(String manager, Map<String, String> config, boolean force) {
        Set<String> conflicts = new TreeSet<>();
        Set<String> changed = changed(config);
        owners.forEach((other, paths) -> {
            if (!other.equals(manager)) {
                paths.stream()
                        .filter(changed::contains)
                        .forEach(path -> conflicts.add(other + " " + path));
            }
        });
        if (!force && !conflicts.isEmpty()) {
            return conflicts;
        }
        owners.values().forEach(paths -> paths.removeAll(changed));
        Set<String> before = owners.getOrDefault(manager, Set.of());
        owners.put(manager, new TreeSet<>(config.keySet()));
        values.putAll(config);
        for (String path : before) {
            if (owners.values().stream().noneMatch(paths -> paths.contains(path))) {
                remove(path);
            }
        }
        owners.values().removeIf(Set::isEmpty);
        return Set.of();
    }

    /** A write without apply: values that are null go. */
    void update(String manager, Map<String, String> patch) {
        Map<String, String> set = new HashMap<>();
        patch.forEach((path, value) -> {
            if (value == null) {
                remove(path);
            } else {
                set.put(path, value);
            }
        });
        Set<String> changed = changed(set);
        owners.values().forEach(paths -> paths.removeAll(changed));
        owners.computeIfAbsent(manager, name -> new TreeSet<>()).addAll(changed);
        values.putAll(set);
        owners.values().removeIf(Set::isEmpty);
    }

    private Set<String> changed(Map<String, String> config) {
        Set<String> changed = new TreeSet<>();
        config.forEach((path, value) -> {
            if (!value.equals(values.get(path))) {
                changed.add(path);
            }
        });
        return changed;
    }

    private void remove(String path) {
        values.keySet().removeIf(each -> holds(path, each));
        owners.values().forEach(paths -> paths.removeIf(each -> holds(path, each)));
        values.putIfAbsent(REPLICAS, "1");
    }

    private static boolean holds(String path, String other) {
        return other.equals(path) || other.startsWith(path + "/");
    }
}
