package io.jarnetes.apiserver.server.authorization;

import io.jarnetes.apiserver.server.authentication.UserInfo;
import io.jarnetes.apiserver.server.informers.Informer;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentNavigableMap;
import java.util.concurrent.ConcurrentSkipListMap;
import tools.jackson.databind.node.ObjectNode;

/**
 * All roles and bindings, read once and kept as rules. Filled by four informers; read by any thread
 * at any time.
 */
public final class RbacPolicy {

    private final Map<String, List<PolicyRule>> clusterRoles = new ConcurrentHashMap<>();
    private final Map<String, List<PolicyRule>> roles = new ConcurrentHashMap<>();
    private final ConcurrentNavigableMap<String, Binding> clusterBindings =
            new ConcurrentSkipListMap<>();
    private final ConcurrentNavigableMap<String, Binding> bindings = new ConcurrentSkipListMap<>();

    /** Sees rules one by one. */
    interface Visitor {

        /** Returns false to see no more. */
        boolean rule(Binding binding, Binding.Subject subject, PolicyRule rule);

        /** A binding whose role isn't there. */
        void error(String message);
    }

    public Informer.Sink clusterRoles() {
        return sink(clusterRoles, PolicyRule::rulesOf);
    }

    public Informer.Sink roles() {
        return sink(roles, PolicyRule::rulesOf);
    }

    public Informer.Sink clusterRoleBindings() {
        return sink(clusterBindings, Binding::of);
    }

    public Informer.Sink roleBindings() {
        return sink(bindings, Binding::of);
    }

    private static <T> Informer.Sink sink(
            Map<String, T> map, java.util.function.Function<ObjectNode, T> reader) {
        return new Informer.Sink() {
            @Override
            public void replace(Map<String, ObjectNode> objects) {
                map.keySet().retainAll(objects.keySet());
                objects.forEach(this::put);
            }

            @Override
            public void put(String key, ObjectNode object) {
                map.put(key, reader.apply(object));
            }

            @Override
            public void remove(String key) {
                map.remove(key);
            }
        };
    }

    /** All rules that apply to a user, cluster-wide and in a namespace if one is given. */
    void visit(UserInfo user, String namespace, Visitor visitor) {
        if (visit(clusterBindings.values(), user, visitor) && !namespace.isEmpty()) {
            // '0' is the character after '/'.
            visit(bindings.subMap(namespace + "/", namespace + "0").values(), user, visitor);
        }
    }

    private boolean visit(Collection<Binding> candidates, UserInfo user, Visitor visitor) {
        for (Binding binding : candidates) {
            Optional<Binding.Subject> subject = binding.subjectFor(user);
            if (subject.isEmpty()) {
                continue;
            }
            Optional<List<PolicyRule>> rules =
                    rulesOf(binding.roleKind(), binding.roleName(), binding.namespace());
            if (rules.isEmpty()) {
                visitor.error(missing(binding.roleKind(), binding.roleName()));
                continue;
            }
            for (PolicyRule rule : rules.get()) {
                if (!visitor.rule(binding, subject.get(), rule)) {
                    return false;
                }
            }
        }
        return true;
    }

    /** The rules of a referenced role; empty if it isn't there. */
    Optional<List<PolicyRule>> rulesOf(String kind, String name, String namespace) {
        return switch (kind) {
            case "ClusterRole" -> Optional.ofNullable(clusterRoles.get(name));
            case "Role" -> Optional.ofNullable(roles.get(namespace + "/" + name));
            default -> Optional.empty();
        };
    }

    static String missing(String kind, String name) {
        return switch (kind) {
            case "ClusterRole" ->
                    "clusterrole.rbac.authorization.k8s.io \"" + name + "\" not found";
            case "Role" -> "role.rbac.authorization.k8s.io \"" + name + "\" not found";
            default -> "unsupported role reference kind: \"" + kind + "\"";
        };
    }
}
