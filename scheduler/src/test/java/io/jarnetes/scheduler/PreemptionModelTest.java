package io.jarnetes.scheduler;

import static io.jarnetes.kubeclient.TestObjects.with;
import static org.assertj.core.api.Assertions.assertThat;

import io.jarnetes.kubeclient.Json;
import io.jarnetes.kubeclient.KubeObject;
import io.jarnetes.kubeclient.TestObjects;
import io.jarnetes.scheduler.framework.NodeInfo;
import io.jarnetes.scheduler.framework.PodInfo;
import io.jarnetes.scheduler.framework.Profile;
import io.jarnetes.scheduler.framework.Resources;
import io.jarnetes.scheduler.framework.Snapshot;
import io.jarnetes.scheduler.plugins.DefaultPlugins;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Preemption on full clusters from seeds, against all sets of victims that there are. */
class PreemptionModelTest {

    private static final int CORES = 4;

    private final List<NodeInfo> nodes = new ArrayList<>();
    private final List<PodInfo> nominated = new ArrayList<>();

    private static PodInfo pod(String name, int priority, int cores) {
        return PodInfo.of(
                with(
                        TestObjects.pod(name),
                        ("{'spec': {'nodeName': null, 'priority': %d, 'containers': [{'name': 'c',"
                                        + " 'resources': {'requests': {'cpu': '%d'}}}]}}")
                                .formatted(priority, cores)));
    }

    private static NodeInfo node(String name, SplittableRandom random) {
        List<PodInfo> pods = new ArrayList<>();
        int left = CORES;
        while (left > 0) {
            int cores = random.nextInt(1, left + 1);
            pods.add(pod(name + "-" + pods.size(), random.nextInt(6), cores));
            left -= cores;
        }
        return NodeInfo.of(
                KubeObject.of(
                        Json.of(
                                "metadata", Json.of("name", name),
                                "status",
                                        Json.of(
                                                "allocatable",
                                                Json.of(
                                                        "cpu", Integer.toString(CORES),
                                                        "memory", "8Gi",
                                                        "pods", "9")))),
                pods);
    }

    private static long cores(List<PodInfo> pods) {
        return pods.stream().mapToLong(one -> one.requests().get(Resources.CPU)).sum() / 1000;
    }

    private static int highest(List<PodInfo> pods) {
        return pods.stream().mapToInt(PodInfo::priority).max().orElse(Integer.MIN_VALUE);
    }

    /** Whether a pod fits when these go. */
    private boolean enough(PodInfo pod, NodeInfo node, List<PodInfo> victims) {
        long kept =
                node.name().equals("n0")
                        ? cores(
                                nominated.stream()
                                        .filter(other -> other.priority() >= pod.priority())
                                        .toList())
                        : 0;
        return cores(node.pods()) - cores(victims) + kept + cores(List.of(pod)) <= CORES;
    }

    /** All sets of less important pods of a node whose going is enough. */
    private List<List<PodInfo>> ways(PodInfo pod, NodeInfo node) {
        List<PodInfo> lower =
                node.pods().stream().filter(one -> one.priority() < pod.priority()).toList();
        List<List<PodInfo>> ways = new ArrayList<>();
        for (int set = 0; set < 1 << lower.size(); set++) {
            List<PodInfo> victims = new ArrayList<>();
            for (int i = 0; i < lower.size(); i++) {
                if ((set >> i & 1) == 1) {
                    victims.add(lower.get(i));
                }
            }
            if (enough(pod, node, victims)) {
                ways.add(victims);
            }
        }
        return ways;
    }

    @Test
    void noMorePodsGoThanHaveToAndNoneMoreImportant() {
        int helped = 0;
        int hopeless = 0;
        for (long seed = 0; seed < 2000; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            nodes.clear();
            nominated.clear();
            for (int i = random.nextInt(1, 5); i > 0; i--) {
                nodes.add(node("n" + (i - 1), random));
            }
            if (random.nextInt(3) == 0) {
                nominated.add(pod("waiting", random.nextInt(6), random.nextInt(1, 4)));
            }
            PodInfo pod = pod("new", random.nextInt(1, 6), random.nextInt(1, CORES + 1));
            Snapshot cluster = new Snapshot(nodes, Map.of()).withNominated(Map.of("n0", nominated));
            Profile profile = DefaultPlugins.profile();
            Profile.Placement placement = profile.place(pod, cluster, 0, random);
            assertThat(placement.node()).as("seed %d: all are full", seed).isNull();
            Preemption.Result found = Preemption.find(pod, profile, cluster, placement.diagnosis());
            List<List<PodInfo>> ways =
                    nodes.stream().flatMap(node -> ways(pod, node).stream()).toList();
            if (ways.isEmpty()) {
                hopeless++;
                assertThat(found.node()).as("seed %d: nothing helps", seed).isNull();
                continue;
            }
            helped++;
            assertThat(found.node()).as("seed %d: something helps", seed).isNotNull();
            assertThat(highest(found.victims()))
                    .as("seed %d: nobody more important goes than has to", seed)
                    .isEqualTo(
                            ways.stream()
                                    .mapToInt(PreemptionModelTest::highest)
                                    .min()
                                    .orElseThrow());
            assertThat(ways)
                    .as("seed %d: it is enough", seed)
                    .anyMatch(way -> Set.copyOf(way).equals(Set.copyOf(found.victims())));
            NodeInfo node =
                    nodes.stream()
                            .filter(one -> one.pods().containsAll(found.victims()))
                            .findFirst()
                            .orElseThrow();
            for (PodInfo spared : found.victims()) {
                List<PodInfo> fewer = new ArrayList<>(found.victims());
                fewer.remove(spared);
                assertThat(enough(pod, node, fewer)).as("seed %d: none too many", seed).isFalse();
            }
        }
        assertThat(helped).isGreaterThan(300);
        assertThat(hopeless).isGreaterThan(100);
    }
}
