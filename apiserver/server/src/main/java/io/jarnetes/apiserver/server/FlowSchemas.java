package io.jarnetes.apiserver.server;

import io.jarnetes.apiserver.server.authentication.UserInfo;
import io.jarnetes.apiserver.server.authorization.Attributes;
import io.jarnetes.apiserver.server.http.FlowClassifier;
import io.jarnetes.apiserver.server.informers.Informer;
import io.jarnetes.apiserver.server.tree.Trees;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Which FlowSchema a request belongs to: the one of the lowest precedence that matches. Filled by
 * two informers.
 */
final class FlowSchemas implements FlowClassifier {

    private final Map<String, ObjectNode> schemas = new ConcurrentHashMap<>();
    private final Map<String, String> levelUids = new ConcurrentHashMap<>();
    private volatile List<ObjectNode> sorted = List.of();

    Informer.Sink schemas() {
        return new Informer.Sink() {
            @Override
            public void replace(Map<String, ObjectNode> objects) {
                schemas.keySet().retainAll(objects.keySet());
                schemas.putAll(objects);
                sort();
            }

            @Override
            public void put(String key, ObjectNode object) {
                schemas.put(key, object);
                sort();
            }

            @Override
            public void remove(String key) {
                schemas.remove(key);
                sort();
            }
        };
    }

    Informer.Sink levels() {
        return new Informer.Sink() {
            @Override
            public void replace(Map<String, ObjectNode> objects) {
                levelUids.keySet().retainAll(objects.keySet());
                objects.forEach(this::put);
            }

            @Override
            public void put(String key, ObjectNode object) {
                levelUids.put(key, Trees.uid(object));
            }

            @Override
            public void remove(String key) {
                levelUids.remove(key);
            }
        };
    }

    private void sort() {
        Comparator<ObjectNode> byPrecedence =
                Comparator.comparingLong(
                        schema -> Trees.number(schema, 1000, "spec", "matchingPrecedence"));
        sorted = schemas.values().stream().sorted(byPrecedence.thenComparing(Trees::name)).toList();
    }

    @Override
    public Optional<Flow> classify(Attributes attributes) {
        for (ObjectNode schema : sorted) {
            for (JsonNode rule : Trees.items(schema, "spec", "rules")) {
                if (subject(attributes.user(), rule) && asks(attributes, rule)) {
                    String level = Trees.text(schema, "spec", "priorityLevelConfiguration", "name");
                    return Optional.of(
                            new Flow(Trees.uid(schema), levelUids.getOrDefault(level, "")));
                }
            }
        }
        return Optional.empty();
    }

    private static boolean subject(UserInfo user, JsonNode rule) {
        for (JsonNode subject : Trees.items(rule, "subjects")) {
            boolean matches =
                    switch (Trees.text(subject, "kind")) {
                        case "User" -> {
                            String name = Trees.text(subject, "user", "name");
                            yield name.equals("*") || name.equals(user.name());
                        }
                        case "Group" -> {
                            String name = Trees.text(subject, "group", "name");
                            yield name.equals("*") || user.inGroup(name);
                        }
                        case "ServiceAccount" -> account(user, subject);
                        default -> false;
                    };
            if (matches) {
                return true;
            }
        }
        return false;
    }

    private static boolean account(UserInfo user, JsonNode subject) {
        String namespace = Trees.text(subject, "serviceAccount", "namespace");
        String name = Trees.text(subject, "serviceAccount", "name");
        return name.equals("*")
                ? user.name().startsWith(UserInfo.serviceAccountName(namespace, ""))
                : user.name().equals(UserInfo.serviceAccountName(namespace, name));
    }

    private static boolean asks(Attributes asked, JsonNode rule) {
        if (!asked.resourceRequest()) {
            for (JsonNode path : Trees.items(rule, "nonResourceRules")) {
                if (has(path, "verbs", asked.verb()) && url(path, asked.path())) {
                    return true;
                }
            }
            return false;
        }
        for (JsonNode resource : Trees.items(rule, "resourceRules")) {
            boolean where =
                    asked.namespace().isEmpty()
                            ? Trees.flag(resource, "clusterScope")
                            : has(resource, "namespaces", asked.namespace());
            if (where
                    && has(resource, "verbs", asked.verb())
                    && has(resource, "apiGroups", asked.apiGroup())
                    && has(resource, "resources", asked.combinedResource())) {
                return true;
            }
        }
        return false;
    }

    private static boolean has(JsonNode rule, String field, String value) {
        List<String> values = Trees.texts(rule, field);
        return values.contains("*") || values.contains(value);
    }

    private static boolean url(JsonNode rule, String path) {
        for (String pattern : Trees.texts(rule, "nonResourceURLs")) {
            boolean prefix =
                    pattern.endsWith("*")
                            && path.startsWith(pattern.substring(0, pattern.length() - 1));
            if (pattern.equals(path) || prefix) {
                return true;
            }
        }
        return false;
    }
}
