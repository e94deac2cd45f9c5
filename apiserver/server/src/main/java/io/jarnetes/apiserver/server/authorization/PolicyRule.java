package io.jarnetes.apiserver.server.authorization;

import io.jarnetes.apiserver.server.registry.Quote;
import io.jarnetes.apiserver.server.tree.Trees;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;

/** A rule of a Role or ClusterRole, and what it allows. */
public record PolicyRule(
        List<String> verbs,
        List<String> apiGroups,
        List<String> resources,
        List<String> resourceNames,
        List<String> nonResourceUrls) {

    private static final String ALL = "*";

    public PolicyRule {
        verbs = List.copyOf(verbs);
        apiGroups = List.copyOf(apiGroups);
        resources = List.copyOf(resources);
        resourceNames = List.copyOf(resourceNames);
        nonResourceUrls = List.copyOf(nonResourceUrls);
    }

    /** One element of {@code rules}. */
    public static PolicyRule of(JsonNode rule) {
        return new PolicyRule(
                Trees.texts(rule, "verbs"),
                Trees.texts(rule, "apiGroups"),
                Trees.texts(rule, "resources"),
                Trees.texts(rule, "resourceNames"),
                Trees.texts(rule, "nonResourceURLs"));
    }

    /** The {@code rules} of a role. */
    public static List<PolicyRule> rulesOf(JsonNode role) {
        return Trees.items(role, "rules").stream().map(PolicyRule::of).toList();
    }

    public boolean allows(Attributes asked) {
        if (!has(verbs, asked.verb())) {
            return false;
        }
        if (!asked.resourceRequest()) {
            return nonResourceUrls.stream().anyMatch(url -> urlCovers(url, asked.path()));
        }
        return has(apiGroups, asked.apiGroup())
                && resourceMatches(asked)
                && (resourceNames.isEmpty() || resourceNames.contains(asked.name()));
    }

    private boolean resourceMatches(Attributes asked) {
        String combined = asked.combinedResource();
        String anyWithSubresource = "*/" + asked.subresource();
        for (String resource : resources) {
            if (resource.equals(ALL)
                    || resource.equals(combined)
                    || (!asked.subresource().isEmpty() && resource.equals(anyWithSubresource))) {
                return true;
            }
        }
        return false;
    }

    private static boolean has(List<String> set, String text) {
        return set.contains(ALL) || set.contains(text);
    }

    private static boolean urlCovers(String owner, String path) {
        if (owner.equals(ALL) || owner.equals(path)) {
            return true;
        }
        return owner.endsWith(ALL) && path.startsWith(owner.substring(0, owner.length() - 1));
    }

    /** Rules of one verb, one group, one resource and at most one name that say the same. */
    List<PolicyRule> breakdown() {
        List<PolicyRule> parts = new ArrayList<>();
        for (String group : apiGroups) {
            for (String resource : resources) {
                for (String verb : verbs) {
                    List<List<String>> names = new ArrayList<>();
                    resourceNames.forEach(name -> names.add(List.of(name)));
                    if (names.isEmpty()) {
                        names.add(List.of());
                    }
                    for (List<String> name : names) {
                        parts.add(
                                new PolicyRule(
                                        List.of(verb),
                                        List.of(group),
                                        List.of(resource),
                                        name,
                                        List.of()));
                    }
                }
            }
        }
        for (String url : nonResourceUrls) {
            for (String verb : verbs) {
                parts.add(
                        new PolicyRule(
                                List.of(verb), List.of(), List.of(), List.of(), List.of(url)));
            }
        }
        return parts;
    }

    /** Whether everything that {@code other} allows is allowed by this one rule. */
    boolean covers(PolicyRule other) {
        boolean verbsCovered = hasAll(verbs, other.verbs);
        boolean groupsCovered = hasAll(apiGroups, other.apiGroups);
        boolean namesCovered =
                other.resourceNames.isEmpty()
                        ? resourceNames.isEmpty()
                        : resourceNames.isEmpty() || resourceNames.containsAll(other.resourceNames);
        boolean urlsCovered =
                other.nonResourceUrls.stream()
                        .allMatch(path ->
                                nonResourceUrls.stream().anyMatch(owner -> urlCovers(owner, path)));
        return verbsCovered
                && groupsCovered
                && resourcesCover(other)
                && urlsCovered
                && namesCovered;
    }

    private boolean resourcesCover(PolicyRule other) {
        if (resources.contains(ALL)) {
            return true;
        }
        for (String path : other.resources) {
            int slash = path.indexOf('/');
            boolean covered =
                    resources.contains(path)
                            || (slash >= 0 && resources.contains("*" + path.substring(slash)));
            if (!covered) {
                return false;
            }
        }
        return true;
    }

    private static boolean hasAll(List<String> set, List<String> wanted) {
        return set.contains(ALL) || set.containsAll(wanted);
    }

    /** As upstream prints it: {@code {APIGroups:[""], Resources:["pods"], Verbs:["get"]}}. */
    String compact() {
        List<String> parts = new ArrayList<>();
        add(parts, "APIGroups", apiGroups);
        add(parts, "Resources", resources);
        add(parts, "NonResourceURLs", nonResourceUrls);
        add(parts, "ResourceNames", resourceNames);
        add(parts, "Verbs", verbs);
        return "{" + String.join(", ", parts) + "}";
    }

    private static void add(List<String> parts, String name, List<String> values) {
        if (!values.isEmpty()) {
            parts.add(name + ":" + goList(values));
        }
    }

    /** Go's {@code %q} of a list. */
    static String goList(List<String> values) {
        return "[" + String.join(" ", values.stream().map(Quote::go).toList()) + "]";
    }
}
