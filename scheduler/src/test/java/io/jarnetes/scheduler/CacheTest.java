package io.jarnetes.scheduler;

import static io.jarnetes.kubeclient.TestObjects.object;
import static io.jarnetes.kubeclient.TestObjects.pod;
import static io.jarnetes.kubeclient.TestObjects.with;
import static org.assertj.core.api.Assertions.assertThat;

import io.jarnetes.kubeclient.KubeObject;
import io.jarnetes.scheduler.framework.PodInfo;
import org.junit.jupiter.api.Test;

class CacheTest {

    private static final KubeObject NODE = object("{'metadata': {'name': 'node-0'}}");

    private final Cache cache = new Cache();
    private final PodInfo bound = PodInfo.of(pod("a"));
    private final PodInfo waiting = PodInfo.of(with(pod("b"), "{'spec': {'nodeName': null}}"));

    private int pods() {
        return cache.snapshot().nodes().getFirst().pods().size();
    }

    @Test
    void podsThatComeBeforeTheirNodeAreCounted() {
        cache.pod(bound);
        cache.node(NODE);
        assertThat(pods()).isEqualTo(1);
        cache.node(with(NODE, "{'spec': {'unschedulable': true}}"));
        assertThat(pods()).isEqualTo(1);
        cache.podGone(bound.uid());
        assertThat(pods()).isZero();
    }

    @Test
    void anAssumedPodIsCountedUntilItIsForgotten() {
        cache.node(NODE);
        cache.assume(waiting, "node-0");
        assertThat(pods()).isEqualTo(1);
        assertThat(cache.has(waiting.uid())).isTrue();
        cache.forget(waiting.uid());
        assertThat(pods()).isZero();
    }

    @Test
    void whatTheInformerHasShownIsNotForgotten() {
        cache.node(NODE);
        cache.assume(bound, "node-0");
        cache.pod(bound);
        cache.forget(bound.uid());
        assertThat(pods()).isEqualTo(1);
    }
}
