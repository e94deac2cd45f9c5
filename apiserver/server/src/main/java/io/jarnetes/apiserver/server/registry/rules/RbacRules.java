package io.jarnetes.apiserver.server.registry.rules;

import io.jarnetes.apiserver.server.registry.Meta;
import io.jarnetes.apiserver.server.registry.validation.NameRules;
import io.jarnetes.apiserver.server.registry.validation.SelectorRules;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Roles and their bindings. */
final class RbacRules {

    private static final String GROUP = "rbac.authorization.k8s.io";

    private RbacRules() {}

    static void role(Field role) {
        role.at("rules").items().forEach(rule -> rule(rule, true));
    }

    static void clusterRole(Field role) {
        role.at("rules").items().forEach(rule -> rule(rule, false));
        Field aggregation = role.at("aggregationRule");
        if (!aggregation.set()) {
            return;
        }
        Field selectors = aggregation.at("clusterRoleSelectors");
        if (selectors.empty()) {
            selectors.required(
                    "at least one clusterRoleSelector required if aggregationRule is non-nil");
        }
        for (Field selector : selectors.items()) {
            SelectorRules.validate(selector.value(), selector.path(), selector.errors());
            if (!selector.errors().isEmpty() || SelectorRules.parse(selector.value()) == null) {
                selector.errors().invalid(selector.path(), null, "invalid label selector.");
            }
        }
    }

    private static void rule(Field rule, boolean namespaced) {
        if (rule.at("verbs").empty()) {
            rule.at("verbs").required("verbs must contain at least one value");
        }
        Field urls = rule.at("nonResourceURLs");
        if (!urls.empty()) {
            if (namespaced) {
                urls.invalid("namespaced rules cannot apply to non-resource URLs");
            }
            if (!rule.at("apiGroups").empty()
                    || !rule.at("resources").empty()
                    || !rule.at("resourceNames").empty()) {
                urls.invalid("rules cannot apply to both regular resources and non-resource URLs");
            }
            return;
        }
        if (rule.at("apiGroups").empty()) {
            rule.at("apiGroups").required("resource rules must supply at least one api group");
        }
        if (rule.at("resources").empty()) {
            rule.at("resources").required("resource rules must supply at least one resource");
        }
    }

    static void binding(Field binding) {
        binding(binding, List.of("Role", "ClusterRole"), true);
    }

    static void clusterBinding(Field binding) {
        binding(binding, List.of("ClusterRole"), false);
    }

    private static void binding(Field binding, List<String> kinds, boolean namespaced) {
        Field role = binding.at("roleRef");
        is(role.at("apiGroup"), List.of(GROUP));
        is(role.at("kind"), kinds);
        role.at("name").needed(name -> NameRules.pathSegment(name, false));
        binding.at("subjects").items().forEach(subject -> subject(subject, namespaced));
    }

    /** As {@link Field#supported}, but nothing is as wrong as something else. */
    private static void is(Field field, List<String> values) {
        if (!values.contains(field.text())) {
            field.errors().notSupported(field.path(), field.text(), values);
        }
    }

    private static void subject(Field subject, boolean namespaced) {
        Field name = subject.at("name");
        name.needed();
        switch (subject.at("kind").text()) {
            case "ServiceAccount" -> {
                if (!name.empty()) {
                    name.follows(NameRules::dns1123Subdomain);
                }
                if (!subject.at("apiGroup").empty()) {
                    is(subject.at("apiGroup"), List.of(""));
                }
                if (!namespaced) {
                    subject.at("namespace").needed();
                }
            }
            case "User", "Group" -> is(subject.at("apiGroup"), List.of(GROUP));
            default -> is(subject.at("kind"), List.of("ServiceAccount", "User", "Group"));
        }
    }

    static void sameRole(Field binding, JsonNode old) {
        JsonNode role = binding.at("roleRef").value();
        if (!Meta.semanticallyEqual(role, old.path("roleRef"))) {
            ObjectNode shown = Meta.object();
            shown.put("APIGroup", role.path("apiGroup").asString(""));
            shown.put("Kind", role.path("kind").asString(""));
            shown.put("Name", role.path("name").asString(""));
            binding.errors().invalid("roleRef", shown, "cannot change roleRef");
        }
    }
}
