package io.jarnetes.controllermanager.podgc;

import static io.jarnetes.kubeclient.TestObjects.pod;
import static io.jarnetes.kubeclient.TestObjects.with;
import static org.assertj.core.api.Assertions.assertThat;

import io.jarnetes.controllermanager.framework.World;
import io.jarnetes.kubeclient.Json;
import io.jarnetes.kubeclient.KubeObject;
import io.jarnetes.kubeclient.Resource;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

class PodGarbageCollectorTest {

    @AutoClose private final World world = new World();
    private final List<PodGarbageCollector> collectors = new ArrayList<>();

    private void collect() {
        if (collectors.isEmpty()) {
            world.start(context -> {
                collectors.add(PodGarbageCollector.idle(context));
                return collectors.getFirst();
            });
        }
        world.caughtUp(Resource.PODS, Resource.NODES);
        collectors.getFirst().collect();
    }

    private void put(String name, String node, String more) {
        world.put(
                Resource.PODS,
                ("{metadata: {namespace: ns, name: %s, finalizers: [x/y]%s}, spec: {nodeName: '%s'},"
                                + " status: {phase: Running}}")
                        .formatted(name, more, node));
    }

    private KubeObject get(String name) {
        return world.get(Resource.PODS, name);
    }

    /** A node that has been gone for forty seconds takes its pods along, and they say so. */
    @Test
    void podsOfANodeThatIsNoMoreGo() {
        world.put(Resource.NODES, "{metadata: {name: n}}");
        put("kept", "n", "");
        put("orphan", "ghost", "");
        put("waiting", "", "");
        collect();
        assertThat(get("orphan").deleting()).isFalse();
        world.clock().advance(Duration.ofSeconds(39));
        collect();
        assertThat(get("orphan").deleting()).isFalse();
        world.clock().advance(Duration.ofSeconds(2));
        collect();
        assertThat(get("orphan").deleting()).isTrue();
        assertThat(get("orphan").text("status", "phase")).isEqualTo("Failed");
        assertThat(Json.text(get("orphan").condition("DisruptionTarget"), "message"))
                .isEqualTo("PodGC: node no longer exists");
        assertThat(get("kept").deleting()).isFalse();
        assertThat(get("waiting").deleting()).isFalse();
    }

    /** A node that comes back in time saves them; a later absence counts anew. */
    @Test
    void aNodeThatComesBackKeepsItsPods() {
        put("p", "n", "");
        collect();
        world.clock().advance(Duration.ofSeconds(30));
        world.put(Resource.NODES, "{metadata: {name: n}}");
        collect();
        world.delete(Resource.NODES, "n");
        collect();
        world.clock().advance(Duration.ofSeconds(30));
        collect();
        assertThat(get("p").deleting()).isFalse();
        world.clock().advance(Duration.ofSeconds(11));
        collect();
        assertThat(get("p").deleting()).isTrue();
    }

    @Test
    void podsThatEndBeforeTheyHadANodeHaveFailed() {
        put("p", "", ", deletionTimestamp: '2026-01-01T00:00:00Z'");
        put("q", "n", ", deletionTimestamp: '2026-01-01T00:00:00Z'");
        world.put(Resource.NODES, "{metadata: {name: n}}");
        collect();
        assertThat(get("p").text("status", "phase")).isEqualTo("Failed");
        assertThat(get("q").text("status", "phase")).isEqualTo("Running");
    }

    /** Only a node that is known to be off lets its pods go unseen. */
    @Test
    void podsThatEndOnANodeOutOfServiceHaveFailed() {
        String taint = "spec: {taints: [{key: node.kubernetes.io/out-of-service}]}";
        String off = "status: {conditions: [{type: Ready, status: Unknown}]}";
        String on = "status: {conditions: [{type: Ready, status: 'True'}]}";
        world.put(Resource.NODES, "{metadata: {name: dark}, %s, %s}".formatted(taint, off));
        world.put(Resource.NODES, "{metadata: {name: lit}, %s, %s}".formatted(taint, on));
        world.put(Resource.NODES, "{metadata: {name: silent}, %s}".formatted(off));
        for (String node : List.of("dark", "lit", "silent")) {
            put("of-" + node, node, ", deletionTimestamp: '2026-01-01T00:00:00Z'");
        }
        put("stays", "dark", "");
        collect();
        assertThat(
                        world.pods().stream()
                                .filter(pod -> pod.text("status", "phase").equals("Failed"))
                                .map(KubeObject::name))
                .containsExactly("of-dark");
    }

    @Test
    void theOldestFinishedPodsGo() {
        KubeObject old = with(pod("old"), "{'status': {'phase': 'Failed'}}");
        KubeObject young =
                with(
                        pod("young"),
                        "{'metadata': {'creationTimestamp': '2026-02-01T00:00:00Z'}, 'status':"
                                + " {'phase': 'Succeeded'}}");
        assertThat(PodGarbageCollector.tooMany(List.of(young, pod("running"), old), 1))
                .containsExactly(old);
        assertThat(PodGarbageCollector.tooMany(List.of(young, old), 2)).isEmpty();
    }

    @Test
    void theEvictedGoBeforeTheOld() {
        KubeObject old = with(pod("old"), "{'status': {'phase': 'Failed'}}");
        KubeObject evicted =
                with(
                        pod("evicted"),
                        "{'metadata': {'creationTimestamp': '2026-02-01T00:00:00Z'}, 'status':"
                                + " {'phase': 'Failed', 'reason': 'Evicted'}}");
        KubeObject same = with(pod("a"), "{'status': {'phase': 'Succeeded'}}");
        assertThat(PodGarbageCollector.tooMany(List.of(old, evicted, same), 0))
                .extracting(KubeObject::name)
                .containsExactly("evicted", "a", "old");
    }
}
