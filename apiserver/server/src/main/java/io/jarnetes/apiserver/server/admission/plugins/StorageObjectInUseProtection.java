package io.jarnetes.apiserver.server.admission.plugins;

import io.jarnetes.apiserver.server.admission.AdmissionAttributes;
import io.jarnetes.apiserver.server.admission.AdmissionPlugin;
import io.jarnetes.apiserver.server.admission.Operation;
import io.jarnetes.apiserver.server.tree.Trees;
import tools.jackson.databind.node.ObjectNode;

/** Volumes, claims and attribute classes get a finalizer that holds them while they are in use. */
final class StorageObjectInUseProtection implements AdmissionPlugin {

    @Override
    public String name() {
        return "StorageObjectInUseProtection";
    }

    @Override
    public boolean handles(Operation operation) {
        return operation == Operation.CREATE;
    }

    @Override
    public void mutate(AdmissionAttributes attributes) {
        ObjectNode object = attributes.object();
        if (object == null || !attributes.subresource().isEmpty()) {
            return;
        }
        switch (attributes.groupResource()) {
            case "persistentvolumeclaims" -> add(object, "kubernetes.io/pvc-protection");
            case "persistentvolumes" -> add(object, "kubernetes.io/pv-protection");
            case "volumeattributesclasses.storage.k8s.io" ->
                    add(object, "kubernetes.io/vac-protection");
            default -> {
                // Not protected.
            }
        }
    }

    private static void add(ObjectNode object, String finalizer) {
        if (!Trees.texts(object, "metadata", "finalizers").contains(finalizer)) {
            Trees.children(Trees.child(object, "metadata"), "finalizers").add(finalizer);
        }
    }
}
