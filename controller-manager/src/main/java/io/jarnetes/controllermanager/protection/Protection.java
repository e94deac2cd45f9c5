package io.jarnetes.controllermanager.protection;

import io.jarnetes.controllermanager.framework.Controller;
import io.jarnetes.controllermanager.framework.ControllerContext;
import io.jarnetes.controllermanager.framework.Keyed;
import io.jarnetes.controllermanager.framework.Pods;
import io.jarnetes.kubeclient.ApiClient;
import io.jarnetes.kubeclient.Informer;
import io.jarnetes.kubeclient.Json;
import io.jarnetes.kubeclient.KubeObject;
import io.jarnetes.kubeclient.Resource;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Puts a finalizer on objects (admission does so for new ones) and takes it away when the object is
 * deleted and not in use.
 */
public final class Protection {

    private final ApiClient client;
    private final Informer objects;
    private final String finalizer;
    private final Predicate<KubeObject> inUse;

    private Protection(
            ApiClient client, Informer objects, String finalizer, Predicate<KubeObject> inUse) {
        this.client = client;
        this.objects = objects;
        this.finalizer = finalizer;
        this.inUse = inUse;
    }

    /** A claim is in use while a pod that is not finished mounts it. */
    public static Controller claims(ControllerContext context) {
        Informer claims = context.informer(Resource.PERSISTENT_VOLUME_CLAIMS);
        Informer pods = context.informer(Resource.PODS);
        Predicate<KubeObject> used =
                claim ->
                        pods.list(claim.namespace()).stream()
                                .anyMatch(pod ->
                                        !Pods.finished(pod)
                                                && claimNames(pod).contains(claim.name()));
        Protection protection =
                new Protection(
                        context.client("pvc-protection-controller"),
                        claims,
                        "kubernetes.io/pvc-protection",
                        used);
        return new Keyed(context, "pvc-protection", 5, protection::reconcile)
                .watch(claims)
                .watch(
                        pods,
                        pod ->
                                claimNames(pod).stream()
                                        .map(name -> KubeObject.key(pod.namespace(), name))
                                        .toList())
                .start();
    }

    private static List<String> claimNames(KubeObject pod) {
        List<String> names = new ArrayList<>();
        for (JsonNode volume : pod.at("spec", "volumes")) {
            String name = Json.text(volume, "persistentVolumeClaim", "claimName");
            if (!name.isEmpty()) {
                names.add(name);
            }
        }
        return names;
    }

    /** A volume is in use while it is bound. */
    public static Controller volumes(ControllerContext context) {
        Informer volumes = context.informer(Resource.PERSISTENT_VOLUMES);
        Protection protection =
                new Protection(
                        context.client("pv-protection-controller"),
                        volumes,
                        "kubernetes.io/pv-protection",
                        volume -> volume.text("status", "phase").equals("Bound"));
        return new Keyed(context, "pv-protection", 5, protection::reconcile).watch(volumes).start();
    }

    /** A class is in use while a volume or claim names it. */
    public static Controller volumeClasses(ControllerContext context) {
        Informer classes = context.informer(Resource.VOLUME_ATTRIBUTES_CLASSES);
        Informer volumes = context.informer(Resource.PERSISTENT_VOLUMES);
        Informer claims = context.informer(Resource.PERSISTENT_VOLUME_CLAIMS);
        Predicate<KubeObject> used =
                one ->
                        volumes.list().stream().anyMatch(volume -> names(volume, one))
                                || claims.list().stream().anyMatch(claim -> names(claim, one));
        Protection protection =
                new Protection(
                        context.client("volumeattributesclass-protection-controller"),
                        classes,
                        "kubernetes.io/vac-protection",
                        used);
        return new Keyed(context, "vac-protection", 5, protection::reconcile)
                .watch(classes)
                .watch(volumes, volume -> List.of(volume.text("spec", "volumeAttributesClassName")))
                .watch(claims, claim -> List.of(claim.text("spec", "volumeAttributesClassName")))
                .start();
    }

    private static boolean names(KubeObject object, KubeObject volumeClass) {
        return object.text("spec", "volumeAttributesClassName").equals(volumeClass.name())
                || object.text("status", "currentVolumeAttributesClassName")
                        .equals(volumeClass.name());
    }

    private void reconcile(String key) {
        KubeObject object = objects.get(key).orElse(null);
        if (object == null) {
            return;
        }
        boolean has = object.finalizers().contains(finalizer);
        if (object.deleting() && has && !inUse.test(object)) {
            write(object, false);
        } else if (!object.deleting() && !has) {
            write(object, true);
        }
    }

    private void write(KubeObject object, boolean wanted) {
        List<String> finalizers = new ArrayList<>(object.finalizers());
        finalizers.remove(finalizer);
        if (wanted) {
            finalizers.add(finalizer);
        }
        ObjectNode tree = object.copy();
        ObjectNode metadata = tree.withObjectProperty("metadata");
        if (finalizers.isEmpty()) {
            metadata.remove("finalizers");
        } else {
            metadata.set("finalizers", Json.tree(finalizers));
        }
        client.update(objects.resource(), tree);
    }
}
