package io.jarnetes.scheduler.queue;

import static io.jarnetes.kubeclient.TestObjects.pod;
import static io.jarnetes.kubeclient.TestObjects.with;
import static org.assertj.core.api.Assertions.assertThat;

import io.jarnetes.scheduler.framework.PodInfo;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class NominatorTest {

    private final Nominator nominator = new Nominator();

    /** What the apiserver says of a pod; an empty node is none. */
    private static PodInfo named(String name, String node) {
        return PodInfo.of(with(pod(name), "{'status': {'nominatedNodeName': '" + node + "'}}"));
    }

    private Map<String, TreeSet<String>> nodes() {
        Map<String, TreeSet<String>> nodes = new TreeMap<>();
        nominator
                .byNode()
                .forEach((node, pods) ->
                        pods.forEach(pod ->
                                nodes.computeIfAbsent(node, one -> new TreeSet<>())
                                        .add(pod.pod().name())));
        return nodes;
    }

    @Test
    void whatIsWrittenCounts() {
        nominator.seen(named("p", "a"));
        assertThat(nodes()).hasToString("{a=[p]}");
        nominator.seen(named("p", "a"), named("p", "b"));
        assertThat(nodes()).hasToString("{b=[p]}");
        nominator.seen(named("p", "b"), named("p", ""));
        assertThat(nodes()).isEmpty();
    }

    @Test
    void whatIsDecidedCountsBeforeItIsWritten() {
        nominator.seen(named("p", ""));
        nominator.nominate(named("p", ""), "a");
        nominator.seen(named("p", ""), named("p", ""));
        assertThat(nodes()).hasToString("{a=[p]}");
        nominator.nominate(named("p", ""), "");
        assertThat(nodes()).isEmpty();
    }

    @Test
    void whoIsGoneIsNotNominatedAfterwards() {
        nominator.seen(named("p", ""));
        nominator.nominate(named("p", ""), "a");
        assertThat(nominator.gone("uid-p")).isTrue();
        assertThat(nominator.gone("uid-p")).isFalse();
        nominator.nominate(named("p", ""), "a");
        assertThat(nodes()).isEmpty();
    }

    @Test
    void aPodWithAnAssumedNodeMayBeNominatedAgain() {
        nominator.seen(named("p", "a"));
        assertThat(nominator.assumed("uid-p")).isEqualTo("a");
        assertThat(nominator.assumed("uid-p")).isEmpty();
        assertThat(nodes()).isEmpty();
        nominator.nominate(named("p", ""), "b");
        assertThat(nodes()).hasToString("{b=[p]}");
    }

    /** Pods come, go, are decided about and written about: each is at one node, the right one. */
    @Test
    void eachPodHasAtMostOneNode() {
        for (long seed = 0; seed < 50; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            Map<String, String> written = new TreeMap<>();
            Map<String, String> wanted = new TreeMap<>();
            Nominator fresh = new Nominator();
            for (int i = 0; i < 200; i++) {
                String name = "p" + random.nextInt(4);
                String node = List.of("", "a", "b").get(random.nextInt(3));
                String before = written.get(name);
                switch (random.nextInt(3)) {
                    case 0 -> {
                        if (before == null) {
                            fresh.seen(named(name, node));
                            wanted.put(name, node);
                        } else {
                            fresh.seen(named(name, before), named(name, node));
                            boolean kept = before.isEmpty() && node.isEmpty();
                            wanted.put(name, kept ? wanted.get(name) : node);
                        }
                        written.put(name, node);
                    }
                    case 1 -> {
                        fresh.nominate(named(name, ""), node);
                        wanted.put(name, before == null ? "" : node);
                    }
                    default -> {
                        assertThat(fresh.gone("uid-" + name))
                                .as("seed %d, step %d", seed, i)
                                .isEqualTo(!wanted.getOrDefault(name, "").isEmpty());
                        written.remove(name);
                        wanted.remove(name);
                    }
                }
                List<String> found = new ArrayList<>();
                fresh.byNode()
                        .forEach((at, pods) ->
                                pods.forEach(pod -> found.add(pod.pod().name() + " " + at)));
                List<String> expected = new ArrayList<>();
                wanted.forEach((pod, at) -> {
                    if (!at.isEmpty()) {
                        expected.add(pod + " " + at);
                    }
                });
                assertThat(found)
                        .as("seed %d, step %d", seed, i)
                        .containsExactlyInAnyOrderElementsOf(expected);
            }
        }
    }
}
