package io.jarnetes.controllermanager.framework;

import io.jarnetes.kubeclient.Informer;
import io.jarnetes.kubeclient.KubeObject;
import io.jarnetes.kubeclient.OwnerReference;
import io.jarnetes.kubeclient.Resource;
import io.jarnetes.kubeclient.Selector;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * Which owners a change of an owned object concerns: its controller, its former controller, and for
 * an orphan every owner whose selector matches it. Also finds the objects of an owner by index.
 */
public final class OwnedPods implements Informer.Handler {

    private static final String INDEX = "controller";

    private final Resource ownerResource;
    private final Informer owners;
    private final Informer objects;
    private final Consumer<String> enqueue;

    private OwnedPods(
            Resource ownerResource, Informer owners, Informer objects, Consumer<String> enqueue) {
        this.ownerResource = ownerResource;
        this.owners = owners;
        this.objects = objects;
        this.enqueue = enqueue;
    }

    /**
     * Begins to follow.
     *
     * @param objects the pods, or ReplicaSets, or whatever is owned
     * @param enqueue takes keys of owners
     */
    public static OwnedPods follow(Informer owners, Informer objects, Consumer<String> enqueue) {
        objects.index(INDEX, OwnedPods::indexed);
        OwnedPods owned = new OwnedPods(owners.resource(), owners, objects, enqueue);
        objects.handle(owned);
        return owned;
    }

    /** The controller's UID, or the namespace with a mark for those that have none. */
    private static List<String> indexed(KubeObject object) {
        OwnerReference controller = object.controller();
        return List.of(controller == null ? "/" + object.namespace() : controller.uid());
    }

    /** Objects that the owner controls, and orphans of its namespace. */
    public List<KubeObject> candidates(KubeObject owner) {
        List<KubeObject> all = new ArrayList<>(objects.byIndex(INDEX, owner.uid()));
        all.addAll(objects.byIndex(INDEX, "/" + owner.namespace()));
        return all;
    }

    /** Objects that the owner controls. */
    public List<KubeObject> of(KubeObject owner) {
        return objects.byIndex(INDEX, owner.uid());
    }

    @Override
    public void added(KubeObject object) {
        changed(object);
    }

    @Override
    public void updated(KubeObject before, KubeObject after) {
        OwnerReference former = before.controller();
        OwnerReference now = after.controller();
        if (former != null && (now == null || !now.uid().equals(former.uid()))) {
            controller(before, former);
        }
        changed(after);
    }

    @Override
    public void deleted(KubeObject object) {
        OwnerReference controller = object.controller();
        if (controller != null) {
            controller(object, controller);
        }
    }

    private void changed(KubeObject object) {
        OwnerReference controller = object.controller();
        if (controller != null) {
            controller(object, controller);
            return;
        }
        for (KubeObject owner : owners.list(object.namespace())) {
            Selector selector = selector(owner);
            if (!selector.isEmpty() && selector.matches(object)) {
                enqueue.accept(owner.key());
            }
        }
    }

    private void controller(KubeObject object, OwnerReference controller) {
        if (controller.kind().equals(ownerResource.kind())
                && controller.group().equals(ownerResource.group())) {
            enqueue.accept(KubeObject.key(object.namespace(), controller.name()));
        }
    }

    /** spec.selector, which is a plain map for ReplicationControllers. */
    public static Selector selector(KubeObject owner) {
        return owner.kind().equals("ReplicationController")
                ? Selector.ofLabels(owner.at("spec", "selector"))
                : Selector.of(owner.at("spec", "selector"));
    }
}
