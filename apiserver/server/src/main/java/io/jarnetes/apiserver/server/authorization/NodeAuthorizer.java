package io.jarnetes.apiserver.server.authorization;

import io.jarnetes.apiserver.server.admission.Listers;
import io.jarnetes.apiserver.server.authentication.UserInfo;
import io.jarnetes.apiserver.server.registry.Quote;
import io.jarnetes.apiserver.server.tree.Trees;
import java.util.List;
import java.util.Set;
import tools.jackson.databind.node.ObjectNode;

/**
 * {@code --authorization-mode=Node}: a node ({@code system:node:NAME} in {@code system:nodes}) may
 * read what its own pods refer to, and write its own Node, Lease and CSINode. The reasons are
 * upstream's words.
 */
public final class NodeAuthorizer implements Authorizer {

    private static final String NODE_LEASES = "kube-node-lease";
    private static final Set<String> READ = Set.of("get", "list", "watch");
    private static final Set<String> WRITE = Set.of("get", "create", "update", "patch", "delete");

    private final PodIndex pods;
    private final Listers listers;
    private final List<PolicyRule> nodeRules;

    /**
     * @param nodeRules what every node may do besides: the rules of ClusterRole system:node
     */
    public NodeAuthorizer(PodIndex pods, Listers listers, List<PolicyRule> nodeRules) {
        this.pods = pods;
        this.listers = listers;
        this.nodeRules = List.copyOf(nodeRules);
    }

    @Override
    public Rules rulesFor(UserInfo user, String namespace) {
        return user.nodeName().isEmpty()
                ? Rules.NONE
                : new Rules(
                        List.of(),
                        List.of(),
                        true,
                        "node authorizer does not support user rule resolution");
    }

    @Override
    public Decision authorize(Attributes asked) {
        if (!asked.user().inGroup(UserInfo.GROUP_NODES)) {
            return Decision.noOpinion("");
        }
        String node = asked.user().nodeName();
        if (node.isEmpty()) {
            return asked.user().name().startsWith("system:node:")
                    ? Decision.noOpinion("unknown node for user " + Quote.go(asked.user().name()))
                    : Decision.noOpinion("");
        }
        if (asked.resourceRequest()) {
            String resource =
                    asked.apiGroup().isEmpty()
                            ? asked.resource()
                            : asked.resource() + "." + asked.apiGroup();
            switch (resource) {
                case "secrets", "configmaps" -> {
                    return readNamespaced(node, asked);
                }
                case "persistentvolumeclaims" -> {
                    return asked.subresource().equals("status")
                            ? updateStatus(node, asked)
                            : get(node, asked);
                }
                case "persistentvolumes",
                        "resourceclaims.resource.k8s.io",
                        "volumeattachments.storage.k8s.io" -> {
                    return get(node, asked);
                }
                case "serviceaccounts" -> {
                    return serviceAccount(node, asked);
                }
                case "leases.coordination.k8s.io" -> {
                    return lease(node, asked);
                }
                case "csinodes.storage.k8s.io" -> {
                    return csiNode(node, asked);
                }
                case "resourceslices.resource.k8s.io" -> {
                    return resourceSlice(node, asked);
                }
                case "nodes" -> {
                    return node(node, asked);
                }
                case "pods" -> {
                    return pod(node, asked);
                }
                default -> {
                    // Not subdivided: the static rules decide.
                }
            }
        }
        boolean allowed = nodeRules.stream().anyMatch(rule -> rule.allows(asked));
        return allowed ? Decision.allow("") : Decision.noOpinion("");
    }

    private Decision updateStatus(String node, Attributes asked) {
        boolean fits = asked.verb().equals("update") || asked.verb().equals("patch");
        return fits ? related(node, asked) : no("can only get/update/patch this type");
    }

    private Decision get(String node, Attributes asked) {
        if (!asked.verb().equals("get")) {
            return no("can only get individual resources of this type");
        }
        return asked.subresource().isEmpty() ? related(node, asked) : no("cannot get subresource");
    }

    private Decision readNamespaced(String node, Attributes asked) {
        if (!READ.contains(asked.verb())) {
            return no("can only read resources of this type");
        }
        if (!asked.subresource().isEmpty()) {
            return no("cannot read subresource");
        }
        return asked.namespace().isEmpty()
                ? no("can only read namespaced object of this type")
                : related(node, asked);
    }

    private Decision serviceAccount(String node, Attributes asked) {
        if (asked.verb().equals("get") && asked.subresource().isEmpty()) {
            return readNamespaced(node, asked);
        }
        if (!asked.verb().equals("create") || asked.name().isEmpty()) {
            return no("can only create tokens for individual service accounts");
        }
        return asked.subresource().equals("token")
                ? related(node, asked)
                : no("can only create token subresource of serviceaccount");
    }

    private static Decision lease(String node, Attributes asked) {
        if (!WRITE.contains(asked.verb())) {
            return no("can only get, create, update, patch, or delete a node lease");
        }
        if (!asked.namespace().equals(NODE_LEASES)) {
            return no("can only access leases in the \"kube-node-lease\" system namespace");
        }
        return asked.verb().equals("create") || asked.name().equals(node)
                ? Decision.allow("")
                : no("can only access node lease with the same name as the requesting node");
    }

    private static Decision csiNode(String node, Attributes asked) {
        if (!WRITE.contains(asked.verb())) {
            return no("can only get, create, update, patch, or delete a CSINode");
        }
        if (!asked.subresource().isEmpty()) {
            return no("cannot authorize CSINode subresources");
        }
        return asked.verb().equals("create") || asked.name().equals(node)
                ? Decision.allow("")
                : no("can only access CSINode with the same name as the requesting node");
    }

    private Decision resourceSlice(String node, Attributes asked) {
        if (!asked.subresource().isEmpty()) {
            return no("cannot authorize ResourceSlice subresources");
        }
        return switch (asked.verb()) {
            case "create" -> Decision.allow("");
            case "get", "update", "patch", "delete" -> related(node, asked);
            case "watch", "list", "deletecollection" ->
                    selects(asked, "spec.nodeName", node)
                            ? Decision.allow("")
                            : no(
                                    "can only list/watch/deletecollection resourceslices with"
                                            + " nodeName field selector");
            default ->
                    no(
                            "only the following verbs are allowed for a ResourceSlice: get, watch,"
                                    + " list, create, update, patch, delete, deletecollection");
        };
    }

    private static Decision node(String node, Attributes asked) {
        String verb = asked.verb();
        boolean writes = verb.equals("update") || verb.equals("patch");
        if (asked.subresource().equals("status")) {
            return writes ? Decision.allow("") : no("");
        }
        if (!asked.subresource().isEmpty()) {
            return no("");
        }
        // NodeRestriction limits these to the node's own object.
        if (writes || verb.equals("create")) {
            return Decision.allow("");
        }
        if (!READ.contains(verb)) {
            return no("");
        }
        if (asked.name().equals(node)) {
            return Decision.allow("");
        }
        return asked.name().isEmpty()
                ? no("node '" + node + "' cannot read all nodes, only its own Node object")
                : no(
                        "node '"
                                + node
                                + "' cannot read '"
                                + asked.name()
                                + "', only its own Node object");
    }

    private Decision pod(String node, Attributes asked) {
        return switch (asked.subresource()) {
            case "" ->
                    switch (asked.verb()) {
                        case "get" -> related(node, asked);
                        case "list", "watch" -> {
                            if (selects(asked, "spec.nodeName", node)) {
                                yield Decision.allow("");
                            }
                            yield asked.name().isEmpty()
                                    ? no(
                                            "can only list/watch pods with spec.nodeName field"
                                                    + " selector")
                                    : related(node, asked);
                        }
                        // Mirror pods; NodeRestriction limits these to the node's own.
                        case "create", "delete" -> Decision.allow("");
                        default -> no("");
                    };
            case "status" ->
                    asked.verb().equals("update") || asked.verb().equals("patch")
                            ? Decision.allow("")
                            : no("");
            case "eviction" -> asked.verb().equals("create") ? Decision.allow("") : no("");
            default -> no("");
        };
    }

    private static boolean selects(Attributes asked, String field, String value) {
        for (String part : asked.fieldSelector().split(",")) {
            String[] sides = part.split("==?", 2);
            if (sides.length == 2 && sides[0].equals(field) && sides[1].equals(value)) {
                return true;
            }
        }
        return false;
    }

    private Decision related(String node, Attributes asked) {
        if (asked.name().isEmpty()) {
            return no("No Object name found");
        }
        return hasPath(node, asked)
                ? Decision.allow("")
                : no("no relationship found between node '" + node + "' and this object");
    }

    private boolean hasPath(String node, Attributes asked) {
        String namespace = asked.namespace();
        String name = asked.name();
        return switch (asked.resource()) {
            case "pods" -> pods.runs(node, namespace, name);
            case "secrets" ->
                    pods.any(node, namespace, refs -> refs.secrets().contains(name))
                            || volumeSecret(node, namespace, name);
            case "configmaps" ->
                    pods.any(node, namespace, refs -> refs.configMaps().contains(name));
            case "persistentvolumeclaims" ->
                    pods.any(node, namespace, refs -> refs.claims().contains(name));
            case "resourceclaims" ->
                    pods.any(node, namespace, refs -> refs.resourceClaims().contains(name));
            case "serviceaccounts" ->
                    pods.any(node, namespace, refs -> refs.serviceAccount().equals(name));
            case "persistentvolumes" -> volume(node, name);
            case "volumeattachments" -> onNode(node, "storage.k8s.io", "volumeattachments", name);
            case "resourceslices" -> onNode(node, "resource.k8s.io", "resourceslices", name);
            default -> false;
        };
    }

    private boolean onNode(String node, String group, String resource, String name) {
        return listers.get(group, resource, "", name)
                .map(object -> Trees.text(object, "spec", "nodeName").equals(node))
                .orElse(false);
    }

    private boolean volume(String node, String name) {
        return listers.get("", "persistentvolumes", "", name)
                .map(volume -> boundToPodOf(node, volume))
                .orElse(false);
    }

    private boolean boundToPodOf(String node, ObjectNode volume) {
        String namespace = Trees.text(volume, "spec", "claimRef", "namespace");
        String claim = Trees.text(volume, "spec", "claimRef", "name");
        return !claim.isEmpty() && pods.any(node, namespace, refs -> refs.claims().contains(claim));
    }

    /** A secret of a volume's driver, which the claim of a pod on the node is bound to. */
    private boolean volumeSecret(String node, String namespace, String name) {
        for (ObjectNode volume : listers.list("", "persistentvolumes", "")) {
            if (namesSecret(volume, namespace, name) && boundToPodOf(node, volume)) {
                return true;
            }
        }
        return false;
    }

    private static boolean namesSecret(ObjectNode volume, String namespace, String name) {
        String own = Trees.text(volume, "spec", "claimRef", "namespace");
        for (var driver : volume.path("spec").properties()) {
            for (var field : driver.getValue().properties()) {
                boolean reference =
                        field.getKey().equals("secretRef") || field.getKey().startsWith("node");
                String in = Trees.text(field.getValue(), "namespace");
                if (reference
                        && Trees.text(field.getValue(), "name").equals(name)
                        && (in.isEmpty() ? own : in).equals(namespace)) {
                    return true;
                }
            }
        }
        return false;
    }

    private static Decision no(String reason) {
        return Decision.noOpinion(reason);
    }
}
