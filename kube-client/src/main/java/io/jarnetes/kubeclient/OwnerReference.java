package io.jarnetes.kubeclient;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** One entry of metadata.ownerReferences. */
public record OwnerReference(
        String apiVersion,
        String kind,
        String name,
        String uid,
        boolean controller,
        boolean blockOwnerDeletion) {

    static OwnerReference of(JsonNode node) {
        return new OwnerReference(
                Json.text(node, "apiVersion"),
                Json.text(node, "kind"),
                Json.text(node, "name"),
                Json.text(node, "uid"),
                Json.flag(node, "controller"),
                Json.flag(node, "blockOwnerDeletion"));
    }

    /**
     * As {@code metav1.NewControllerRef}: the owner controls, and deletion in the foreground waits.
     */
    public static OwnerReference controllerOf(Resource resource, KubeObject owner) {
        return new OwnerReference(
                resource.apiVersion(), resource.kind(), owner.name(), owner.uid(), true, true);
    }

    /** The API group of {@link #apiVersion}; empty for the core group. */
    public String group() {
        int slash = apiVersion.indexOf('/');
        return slash < 0 ? "" : apiVersion.substring(0, slash);
    }

    public ObjectNode tree() {
        return Json.of(
                "apiVersion", apiVersion,
                "kind", kind,
                "name", name,
                "uid", uid,
                "controller", controller,
                "blockOwnerDeletion", blockOwnerDeletion);
    }
}
