package io.jarnetes.controllermanager.namespace;

import static org.assertj.core.api.Assertions.assertThat;

import io.jarnetes.controllermanager.framework.World;
import io.jarnetes.kubeclient.Json;
import io.jarnetes.kubeclient.KubeObject;
import io.jarnetes.kubeclient.Resource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

class NamespaceControllerTest {

    private static void thing(World world, Resource resource, String name, String more) {
        world.put(resource, "{metadata: {namespace: ns, name: %s%s}}".formatted(name, more));
    }

    /** Pods go first, what waits for a finalizer is told, and other namespaces are left alone. */
    @Test
    void aNamespaceGoesWhenItIsEmpty() {
        try (World world = new World()) {
            world.store()
                    .create(Resource.NAMESPACES, "", Json.of("metadata", Json.of("name", "ns")));
            world.put(
                    Resource.PODS,
                    "{metadata: {namespace: ns, name: p}, spec: {nodeName: n}, status: {phase:"
                            + " Running}}");
            thing(world, Resource.CONFIG_MAPS, "a", "");
            thing(world, Resource.SERVICES, "b", "");
            thing(world, Resource.DEPLOYMENTS, "c", ", finalizers: [example.com/wait]");
            world.put(Resource.CONFIG_MAPS, "{metadata: {namespace: other, name: a}}");
            List<String> order = Collections.synchronizedList(new ArrayList<>());
            world.store()
                    .observe(change -> {
                        if (change.type().equals("DELETED")) {
                            order.add(change.object().kind());
                        }
                    });
            world.start(NamespaceController::start);
            world.store().delete(Resource.NAMESPACES, "", "ns", Json.object());
            world.until("the pod is asked to go", () -> world.get(Resource.PODS, "p").deleting());
            world.until(
                    "told",
                    () ->
                            message(world, "NamespaceContentRemaining")
                                    .equals(
                                            "Some resources are remaining: pods. has 1 resource"
                                                    + " instances"));
            assertThat(order).isEmpty();
            world.work();
            world.until(
                    "told",
                    () ->
                            message(world, "NamespaceFinalizersRemaining")
                                    .equals(
                                            "Some content in the namespace has finalizers"
                                                    + " remaining: example.com/wait in 1 resource"
                                                    + " instances"));
            world.edit(Resource.DEPLOYMENTS, "c", "{metadata: {finalizers: []}}");
            world.until("gone", () -> world.names(Resource.NAMESPACES).isEmpty());
            assertThat(order).startsWith("Pod").endsWith("Namespace").hasSize(5);
            assertThat(world.names(Resource.CONFIG_MAPS)).containsExactly("a");
        }
    }

    private static String message(World world, String type) {
        KubeObject namespace = world.get(Resource.NAMESPACES, "ns");
        return Json.text(namespace.condition(type), "message");
    }
}
