package io.jarnetes.controllermanager.framework;

import io.jarnetes.kubeclient.ApiClient;
import io.jarnetes.kubeclient.ApiException;
import io.jarnetes.kubeclient.Json;
import io.jarnetes.kubeclient.KubeObject;
import io.jarnetes.kubeclient.OwnerReference;
import io.jarnetes.kubeclient.Resource;
import io.jarnetes.kubeclient.Selector;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import tools.jackson.databind.node.ObjectNode;

/**
 * Adopts orphans that an owner's selector matches, and releases what it no longer matches, as
 * upstream's controller reference managers. Patches carry the UID, so that an object of the same
 * name made anew is not hit.
 */
public final class Claims {

    private final ApiClient client;
    private final Resource ownerResource;
    private final Resource resource;
    private final List<String> finalizers;

    /**
     * @param ownerResource of the owners
     * @param resource of what they own
     */
    public Claims(ApiClient client, Resource ownerResource, Resource resource) {
        this(client, ownerResource, resource, List.of());
    }

    /**
     * @param finalizers that adopted objects get
     */
    public Claims(
            ApiClient client, Resource ownerResource, Resource resource, List<String> finalizers) {
        this.client = client;
        this.finalizers = List.copyOf(finalizers);
        this.ownerResource = ownerResource;
        this.resource = resource;
    }

    /**
     * The candidates that belong to the owner, after adopting and releasing.
     *
     * @param adoptable whether an orphan may be taken (pods: still active)
     */
    public List<KubeObject> claim(
            KubeObject owner,
            Selector selector,
            List<KubeObject> candidates,
            Predicate<KubeObject> adoptable) {
        List<KubeObject> claimed = new ArrayList<>();
        boolean checked = false;
        for (KubeObject candidate : candidates) {
            OwnerReference controller = candidate.controller();
            if (controller != null) {
                if (!controller.uid().equals(owner.uid())) {
                    continue;
                }
                if (selector.matches(candidate)) {
                    claimed.add(candidate);
                } else if (!owner.deleting()) {
                    release(owner, candidate);
                }
                continue;
            }
            if (owner.deleting()
                    || candidate.deleting()
                    || !selector.matches(candidate)
                    || !adoptable.test(candidate)) {
                continue;
            }
            if (!checked) {
                if (!stillThere(owner)) {
                    return claimed;
                }
                checked = true;
            }
            if (adopt(owner, candidate)) {
                claimed.add(candidate);
            }
        }
        return claimed;
    }

    /** Asks the server, since the informer may show an owner that is being deleted. */
    private boolean stillThere(KubeObject owner) {
        return client.find(ownerResource, owner.namespace(), owner.name())
                .filter(now -> now.uid().equals(owner.uid()) && !now.deleting())
                .isPresent();
    }

    private boolean adopt(KubeObject owner, KubeObject orphan) {
        ObjectNode metadata =
                metadata(orphan, OwnerReference.controllerOf(ownerResource, owner).tree());
        if (!finalizers.isEmpty()) {
            metadata.set("finalizers", Json.tree(finalizers));
        }
        return patch(orphan, metadata);
    }

    private void release(KubeObject owner, KubeObject former) {
        ObjectNode metadata = metadata(former, Json.of("$patch", "delete", "uid", owner.uid()));
        if (!finalizers.isEmpty()) {
            metadata.set("$deleteFromPrimitiveList/finalizers", Json.tree(finalizers));
        }
        boolean unused = patch(former, metadata);
    }

    private static ObjectNode metadata(KubeObject object, ObjectNode reference) {
        return Json.of("ownerReferences", List.of(reference), "uid", object.uid());
    }

    /** A strategic patch: the list is merged by uid. False where the object is gone. */
    private boolean patch(KubeObject object, ObjectNode metadata) {
        try {
            client.patch(
                    resource.path(object),
                    ApiClient.Patch.STRATEGIC,
                    Json.of("metadata", metadata));
            return true;
        } catch (ApiException e) {
            // 422: the UID is another one, so this object is gone; or it has a controller by now.
            if (e.notFound() || e.code() == 422) {
                return false;
            }
            throw e;
        }
    }
}
