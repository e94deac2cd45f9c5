package io.jarnetes.apiserver.server.authorization;

import io.jarnetes.apiserver.server.authentication.UserInfo;
import io.jarnetes.apiserver.server.registry.ApiException;
import io.jarnetes.apiserver.server.registry.GroupResource;
import io.jarnetes.apiserver.server.registry.Quote;
import io.jarnetes.apiserver.server.tree.Trees;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import tools.jackson.databind.node.ObjectNode;

/**
 * Nobody grants what they don't hold themselves: who writes a role needs all its rules or the verb
 * {@code escalate}, who writes a binding needs those of the role or the verb {@code bind}.
 */
public final class EscalationCheck {

    private static final String GROUP = "rbac.authorization.k8s.io";

    private final RbacPolicy policy;
    private final Authorizer authorizer;

    public EscalationCheck(RbacPolicy policy, Authorizer authorizer) {
        this.policy = policy;
        this.authorizer = authorizer;
    }

    /**
     * @param resource roles or clusterroles
     * @param name from the path; empty for a create
     * @throws ApiException 403 naming the missing rules
     */
    void role(
            UserInfo user, GroupResource resource, String namespace, String name, ObjectNode role) {
        Attributes escalate =
                Attributes.resource(
                        user, "escalate", GROUP, "*", resource.resource(), "", namespace, name);
        if (user.inGroup(UserInfo.GROUP_MASTERS) || authorizer.authorize(escalate).allowed()) {
            return;
        }
        confirm(user, namespace, PolicyRule.rulesOf(role), resource, Trees.name(role));
    }

    /**
     * @param resource rolebindings or clusterrolebindings
     * @throws ApiException 403 naming the missing rules, 404 if the role isn't there
     */
    void binding(UserInfo user, GroupResource resource, String namespace, ObjectNode binding) {
        String kind = Trees.text(binding, "roleRef", "kind");
        String role = Trees.text(binding, "roleRef", "name");
        String plural = kind.equals("Role") ? "roles" : "clusterroles";
        Attributes bind =
                Attributes.resource(user, "bind", GROUP, "*", plural, "", namespace, role);
        if (user.inGroup(UserInfo.GROUP_MASTERS) || authorizer.authorize(bind).allowed()) {
            return;
        }
        List<PolicyRule> rules =
                policy.rulesOf(kind, role, namespace)
                        .orElseThrow(() ->
                                // Upstream names the resource of the binding here.
                                ApiException.notFound(resource, role));
        confirm(user, namespace, rules, resource, Trees.name(binding));
    }

    private void confirm(
            UserInfo user,
            String namespace,
            List<PolicyRule> wanted,
            GroupResource resource,
            String name) {
        List<PolicyRule> owned = new ArrayList<>();
        List<String> errors = new ArrayList<>();
        policy.visit(
                user,
                namespace,
                new RbacPolicy.Visitor() {
                    @Override
                    public boolean rule(Binding binding, Binding.Subject subject, PolicyRule rule) {
                        owned.add(rule);
                        return true;
                    }

                    @Override
                    public void error(String message) {
                        errors.add(message);
                    }
                });
        List<PolicyRule> missing =
                wanted.stream()
                        .flatMap(rule -> rule.breakdown().stream())
                        .filter(part -> owned.stream().noneMatch(rule -> rule.covers(part)))
                        .toList();
        if (missing.isEmpty()) {
            return;
        }
        TreeSet<String> texts = new TreeSet<>();
        compact(missing).forEach(rule -> texts.add(rule.compact()));
        String message =
                "user "
                        + Quote.go(user.name())
                        + " (groups="
                        + PolicyRule.goList(user.groups())
                        + ") is attempting to grant RBAC permissions not currently held:\n"
                        + String.join("\n", texts);
        if (!errors.isEmpty()) {
            message += "; resolution errors: [" + RbacAuthorizer.aggregate(errors) + "]";
        }
        throw ApiException.forbidden(resource, name, message);
    }

    /** Joins parts that differ by their verb only. */
    private static List<PolicyRule> compact(List<PolicyRule> parts) {
        Map<List<List<String>>, PolicyRule> joined = new LinkedHashMap<>();
        for (PolicyRule part : parts) {
            List<List<String>> key =
                    part.nonResourceUrls().isEmpty()
                            ? List.of(part.apiGroups(), part.resources(), part.resourceNames())
                            : List.of(part.nonResourceUrls(), part.verbs());
            joined.merge(key, part, EscalationCheck::withVerbsOf);
        }
        return List.copyOf(joined.values());
    }

    private static PolicyRule withVerbsOf(PolicyRule rule, PolicyRule more) {
        List<String> verbs = new ArrayList<>(rule.verbs());
        verbs.addAll(more.verbs());
        return new PolicyRule(
                verbs,
                rule.apiGroups(),
                rule.resources(),
                rule.resourceNames(),
                rule.nonResourceUrls());
    }
}
