package io.jarnetes.controllermanager.podgc;

import static io.jarnetes.kubeclient.TestObjects.pod;
import static io.jarnetes.kubeclient.TestObjects.with;
import static org.assertj.core.api.Assertions.assertThat;

import io.jarnetes.kubeclient.KubeObject;
import java.util.List;
import org.junit.jupiter.api.Test;

class PodGarbageCollectorTest {

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
