package io.jarnetes.apiserver.server.authorization;

import io.jarnetes.apiserver.server.authentication.UserInfo;
import io.jarnetes.apiserver.server.registry.Quote;
import io.jarnetes.apiserver.server.tree.Trees;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/**
 * A RoleBinding or ClusterRoleBinding.
 *
 * @param namespace empty for a ClusterRoleBinding
 */
record Binding(
        String namespace, String name, String roleKind, String roleName, List<Subject> subjects) {

    /** Who is bound. */
    record Subject(String kind, String namespace, String name) {

        boolean is(UserInfo user, String bindingNamespace) {
            return switch (kind) {
                case "User" -> user.name().equals(name);
                case "Group" -> user.inGroup(name);
                case "ServiceAccount" -> {
                    String own = namespace.isEmpty() ? bindingNamespace : namespace;
                    yield !own.isEmpty()
                            && user.name().equals(UserInfo.serviceAccountName(own, name));
                }
                default -> false;
            };
        }

        String describe(String bindingNamespace) {
            if (!kind.equals("ServiceAccount")) {
                return kind + " " + Quote.go(name);
            }
            return kind
                    + " "
                    + Quote.go(name + "/" + (namespace.isEmpty() ? bindingNamespace : namespace));
        }
    }

    static Binding of(JsonNode binding) {
        return new Binding(
                Trees.namespace(binding),
                Trees.name(binding),
                Trees.text(binding, "roleRef", "kind"),
                Trees.text(binding, "roleRef", "name"),
                Trees.items(binding, "subjects").stream()
                        .map(subject ->
                                new Subject(
                                        Trees.text(subject, "kind"),
                                        Trees.text(subject, "namespace"),
                                        Trees.text(subject, "name")))
                        .toList());
    }

    Optional<Subject> subjectFor(UserInfo user) {
        return subjects.stream().filter(subject -> subject.is(user, namespace)).findFirst();
    }

    /** As the reason of a decision names it. */
    String describe(Subject subject) {
        String kind = namespace.isEmpty() ? "ClusterRoleBinding " : "RoleBinding ";
        String whole = namespace.isEmpty() ? name : name + "/" + namespace;
        return kind
                + Quote.go(whole)
                + " of "
                + roleKind
                + " "
                + Quote.go(roleName)
                + " to "
                + subject.describe(namespace);
    }
}
