package io.jarnetes.apiserver.server.admission.plugins;

import io.jarnetes.apiserver.server.admission.AdmissionAttributes;
import io.jarnetes.apiserver.server.admission.AdmissionPlugin;
import io.jarnetes.apiserver.server.admission.Listers;
import io.jarnetes.apiserver.server.admission.Operation;
import io.jarnetes.apiserver.server.authentication.UserInfo;
import io.jarnetes.apiserver.server.registry.ApiException;
import io.jarnetes.apiserver.server.registry.GroupResource;
import io.jarnetes.apiserver.server.registry.Quote;
import io.jarnetes.apiserver.server.tree.Trees;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** A node writes its own Node, Lease and CSINode, and its own pods, and no more. */
final class NodeRestriction implements AdmissionPlugin {

    private static final String MIRROR = "kubernetes.io/config.mirror";

    private final Listers listers;

    NodeRestriction(Listers listers) {
        this.listers = listers;
    }

    @Override
    public String name() {
        return "NodeRestriction";
    }

    @Override
    public boolean handles(Operation operation) {
        return operation != Operation.CONNECT;
    }

    @Override
    public void mutate(AdmissionAttributes attributes) {
        UserInfo user = attributes.user();
        if (!user.inGroup(UserInfo.GROUP_NODES)) {
            return;
        }
        String node = user.nodeName();
        if (node.isEmpty()) {
            throw Refusals.forbidden(
                    attributes, "could not determine node from user " + Quote.go(user.name()));
        }
        switch (attributes.groupResource()) {
            case "pods" -> pod(node, attributes);
            case "nodes" -> node(node, attributes);
            case "persistentvolumeclaims" -> claim(node, attributes);
            case "serviceaccounts" -> token(node, attributes);
            case "leases.coordination.k8s.io" -> lease(node, attributes);
            case "csinodes.storage.k8s.io" -> csiNode(node, attributes);
            case "resourceslices.resource.k8s.io" -> resourceSlice(node, attributes);
            default -> {
                // The authorizer has decided.
            }
        }
    }

    private void pod(String node, AdmissionAttributes attributes) {
        String quoted = Quote.go(node);
        switch (attributes.subresource()) {
            case "" -> {
                switch (attributes.operation()) {
                    case CREATE -> mirrorPod(node, attributes);
                    case DELETE -> {
                        if (!runs(node, existing(attributes, attributes.name()))) {
                            throw Refusals.forbidden(
                                    attributes,
                                    "node "
                                            + quoted
                                            + " can only delete pods with spec.nodeName set to"
                                            + " itself");
                        }
                    }
                    case UPDATE, CONNECT ->
                            throw Refusals.forbidden(
                                    attributes,
                                    "unexpected operation \""
                                            + attributes.operation()
                                            + "\", node "
                                            + quoted
                                            + " can only create and delete mirror pods");
                }
            }
            case "status" -> podStatus(node, attributes);
            case "eviction" -> {
                String name = attributes.name();
                if (!runs(node, existing(attributes, name))) {
                    throw Refusals.forbidden(
                            attributes,
                            "node "
                                    + node
                                    + " can only evict pods with spec.nodeName set to itself");
                }
            }
            default ->
                    throw Refusals.forbidden(
                            attributes,
                            "unexpected pod subresource "
                                    + Quote.go(attributes.subresource())
                                    + ", only 'status' and 'eviction' are allowed");
        }
    }

    private static boolean runs(String node, JsonNode pod) {
        return Trees.text(pod, "spec", "nodeName").equals(node);
    }

    private ObjectNode existing(AdmissionAttributes attributes, String name) {
        return listers.get("", "pods", attributes.namespace(), name)
                .or(() -> listers.live("", "pods", attributes.namespace(), name))
                .orElseThrow(() -> ApiException.notFound(new GroupResource("", "pods"), name));
    }

    private void mirrorPod(String node, AdmissionAttributes attributes) {
        ObjectNode pod = attributes.object();
        String quoted = Quote.go(node);
        if (Trees.text(pod, "metadata", "annotations", MIRROR).isEmpty()) {
            throw Refusals.forbidden(
                    attributes,
                    "pod does not have \""
                            + MIRROR
                            + "\" annotation, node "
                            + quoted
                            + " can only create mirror pods");
        }
        if (pod == null || !runs(node, pod)) {
            throw Refusals.forbidden(
                    attributes,
                    "node " + quoted + " can only create pods with spec.nodeName set to itself");
        }
        List<JsonNode> owners = Trees.items(pod, "metadata", "ownerReferences");
        boolean own =
                owners.size() == 1
                        && Trees.text(owners.getFirst(), "apiVersion").equals("v1")
                        && Trees.text(owners.getFirst(), "kind").equals("Node")
                        && Trees.text(owners.getFirst(), "name").equals(node);
        if (!own) {
            throw Refusals.forbidden(
                    attributes,
                    "node "
                            + quoted
                            + " can only create pods with "
                            + (owners.size() > 1 ? "a single" : "an")
                            + " owner reference set to itself");
        }
        if (!Trees.flag(owners.getFirst(), "controller")) {
            throw Refusals.forbidden(
                    attributes,
                    "node "
                            + quoted
                            + " can only create pods with a controller owner reference set to"
                            + " itself");
        }
    }

    private static void podStatus(String node, AdmissionAttributes attributes) {
        if (attributes.operation() != Operation.UPDATE) {
            throw Refusals.forbidden(
                    attributes, "unexpected operation \"" + attributes.operation() + "\"");
        }
        JsonNode old = attributes.oldObject();
        if (old == null || !runs(node, old)) {
            throw Refusals.forbidden(
                    attributes,
                    "node "
                            + Quote.go(node)
                            + " can only update pod status for pods with spec.nodeName set to"
                            + " itself");
        }
        Map<String, String> before = Trees.map(old, "metadata", "labels");
        if (!before.equals(Trees.map(attributes.object(), "metadata", "labels"))) {
            throw Refusals.forbidden(
                    attributes,
                    "node " + Quote.go(node) + " cannot update labels through pod status");
        }
    }

    private static void node(String node, AdmissionAttributes attributes) {
        String quoted = Quote.go(node);
        String asked =
                attributes.name().isEmpty() ? Trees.name(attributes.object()) : attributes.name();
        if (!asked.equals(node)) {
            throw Refusals.forbidden(
                    attributes,
                    "node " + quoted + " is not allowed to modify node " + Quote.go(asked));
        }
        JsonNode object = attributes.object();
        Map<String, String> labels = Trees.map(object, "metadata", "labels");
        if (attributes.operation() == Operation.CREATE) {
            TreeSet<String> forbidden = forbiddenLabels(labels, Map.of());
            if (!forbidden.isEmpty()) {
                throw Refusals.forbidden(
                        attributes,
                        "node "
                                + quoted
                                + " is not allowed to set the following labels: "
                                + String.join(", ", forbidden));
            }
        }
        JsonNode old = attributes.oldObject();
        if (attributes.operation() == Operation.UPDATE && object != null && old != null) {
            unchanged(attributes, object, old, "taints", "spec", "taints");
            unchanged(attributes, object, old, "ownerReferences", "metadata", "ownerReferences");
            TreeSet<String> forbidden =
                    forbiddenLabels(labels, Trees.map(old, "metadata", "labels"));
            if (!forbidden.isEmpty()) {
                throw Refusals.forbidden(
                        attributes,
                        "is not allowed to modify labels: " + String.join(", ", forbidden));
            }
        }
    }

    private static void unchanged(
            AdmissionAttributes attributes,
            JsonNode object,
            JsonNode old,
            String what,
            String... path) {
        if (!Trees.items(object, path).equals(Trees.items(old, path))) {
            throw Refusals.forbidden(
                    attributes,
                    "node "
                            + Quote.go(attributes.user().nodeName())
                            + " is not allowed to modify "
                            + what);
        }
    }

    private static TreeSet<String> forbiddenLabels(
            Map<String, String> labels, Map<String, String> old) {
        TreeSet<String> changed = new TreeSet<>(labels.keySet());
        changed.addAll(old.keySet());
        changed.removeIf(key -> labels.containsKey(key) && labels.get(key).equals(old.get(key)));
        changed.removeIf(key -> !KubeletLabels.forbidden(key));
        return changed;
    }

    private static void claim(String node, AdmissionAttributes attributes) {
        if (!attributes.subresource().equals("status")) {
            throw Refusals.forbidden(attributes, "may only update PVC status");
        }
        if (attributes.operation() != Operation.UPDATE) {
            throw Refusals.forbidden(
                    attributes, "unexpected operation \"" + attributes.operation() + "\"");
        }
        if (!withoutStatus(attributes.oldObject()).equals(withoutStatus(attributes.object()))) {
            throw Refusals.forbidden(
                    attributes,
                    "node "
                            + Quote.go(node)
                            + " is not allowed to update fields other than status.quantity and"
                            + " status.conditions");
        }
    }

    private static ObjectNode withoutStatus(@Nullable ObjectNode claim) {
        ObjectNode copy = claim == null ? Trees.object() : claim.deepCopy();
        Trees.child(copy, "metadata").remove(List.of("resourceVersion", "managedFields"));
        Trees.child(copy, "status")
                .remove(
                        List.of(
                                "capacity",
                                "conditions",
                                "allocatedResourceStatuses",
                                "allocatedResources"));
        return copy;
    }

    private void token(String node, AdmissionAttributes attributes) {
        if (attributes.operation() != Operation.CREATE
                || !attributes.subresource().equals("token")) {
            return;
        }
        JsonNode reference = Trees.at(attributes.object(), "spec", "boundObjectRef");
        String name = Trees.text(reference, "name");
        if (!Trees.text(reference, "apiVersion").equals("v1")
                || !Trees.text(reference, "kind").equals("Pod")
                || name.isEmpty()) {
            throw Refusals.forbidden(attributes, "node requested token not bound to a pod");
        }
        String uid = Trees.text(reference, "uid");
        if (uid.isEmpty()) {
            throw Refusals.forbidden(
                    attributes, "node requested token with a pod binding without a uid");
        }
        ObjectNode pod = existing(attributes, name);
        if (!uid.equals(Trees.uid(pod))) {
            throw Refusals.forbidden(
                    attributes,
                    "the UID in the bound object reference ("
                            + uid
                            + ") does not match the UID in record. The object might have been"
                            + " deleted and then recreated");
        }
        if (!runs(node, pod)) {
            throw Refusals.forbidden(
                    attributes,
                    "node requested token bound to a pod scheduled on a different node");
        }
    }

    private static void lease(String node, AdmissionAttributes attributes) {
        if (!attributes.namespace().equals("kube-node-lease")) {
            throw Refusals.forbidden(
                    attributes,
                    "can only access leases in the \"kube-node-lease\" system namespace");
        }
        String name =
                attributes.operation() == Operation.CREATE
                        ? Trees.name(attributes.object())
                        : attributes.name();
        if (!name.equals(node)) {
            throw Refusals.forbidden(
                    attributes,
                    "can only access node lease with the same name as the requesting node");
        }
    }

    private static void csiNode(String node, AdmissionAttributes attributes) {
        String name =
                attributes.operation() == Operation.CREATE
                        ? Trees.name(attributes.object())
                        : attributes.name();
        if (!name.equals(node)) {
            throw Refusals.forbidden(
                    attributes,
                    "can only access CSINode with the same name as the requesting node");
        }
    }

    private static void resourceSlice(String node, AdmissionAttributes attributes) {
        if (attributes.operation() == Operation.CREATE
                && !Trees.text(attributes.object(), "spec", "nodeName").equals(node)) {
            throw Refusals.forbidden(
                    attributes,
                    "can only create ResourceSlice with the same NodeName as the requesting node");
        }
    }
}
