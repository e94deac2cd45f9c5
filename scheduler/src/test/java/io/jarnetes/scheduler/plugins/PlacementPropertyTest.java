package io.jarnetes.scheduler.plugins;

import static org.assertj.core.api.Assertions.assertThat;

import io.jarnetes.kubeclient.Json;
import io.jarnetes.kubeclient.KubeObject;
import io.jarnetes.scheduler.framework.NodeInfo;
import io.jarnetes.scheduler.framework.PodInfo;
import io.jarnetes.scheduler.framework.Profile;
import io.jarnetes.scheduler.framework.Resources;
import io.jarnetes.scheduler.framework.Snapshot;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.node.ObjectNode;

/** Random pods on random nodes. */
class PlacementPropertyTest {

    private static NodeInfo node(int number, SplittableRandom random) {
        return NodeInfo.of(
                KubeObject.of(
                        Json.of(
                                "metadata",
                                Json.of(
                                        "name",
                                        "n" + number,
                                        "labels",
                                        Json.of(
                                                "kubernetes.io/hostname", "n" + number,
                                                "zone", "z" + random.nextInt(3))),
                                "status",
                                Json.of(
                                        "allocatable",
                                        Json.of(
                                                "cpu", random.nextInt(1, 9) + "00m",
                                                "memory", random.nextInt(1, 9) + "Gi",
                                                "pods", Integer.toString(random.nextInt(1, 8)))))),
                List.of());
    }

    private static PodInfo pod(int number, SplittableRandom random) {
        ObjectNode requests = Json.object();
        if (random.nextInt(4) > 0) {
            requests.put("cpu", random.nextInt(1, 300) + "m");
        }
        if (random.nextInt(4) > 0) {
            requests.put("memory", random.nextInt(1, 3000) + "Mi");
        }
        ObjectNode spec =
                Json.of(
                        "containers",
                        List.of(Json.of("name", "c", "resources", Json.of("requests", requests))));
        String app = "a" + random.nextInt(3);
        if (random.nextInt(4) == 0) {
            spec.set(
                    "affinity",
                    Json.of(
                            "podAntiAffinity",
                            Json.of(
                                    "requiredDuringSchedulingIgnoredDuringExecution",
                                    List.of(
                                            Json.of(
                                                    "topologyKey",
                                                    "kubernetes.io/hostname",
                                                    "labelSelector",
                                                    Json.of(
                                                            "matchLabels",
                                                            Json.of("app", app)))))));
        }
        return PodInfo.of(
                KubeObject.of(
                        Json.of(
                                "metadata",
                                Json.of(
                                        "namespace",
                                        "ns",
                                        "name",
                                        "p" + number,
                                        "uid",
                                        "p" + number,
                                        "labels",
                                        Json.of("app", app)),
                                "spec",
                                spec)));
    }

    /** No node is ever given more than it has, and no pod beside one that keeps it away. */
    @Test
    void noNodeIsOvercommitted() {
        for (long seed = 0; seed < 60; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            List<NodeInfo> nodes = new ArrayList<>();
            for (int i = 0; i < random.nextInt(1, 8); i++) {
                nodes.add(node(i, random));
            }
            Profile profile = DefaultPlugins.profile();
            int refused = 0;
            for (int i = 0; i < 60; i++) {
                PodInfo pod = pod(i, random);
                Snapshot cluster = new Snapshot(nodes, Map.of("ns", Map.of()));
                Profile.Placement placement = profile.place(pod, cluster, i % nodes.size(), random);
                NodeInfo chosen = placement.node();
                if (chosen == null) {
                    refused++;
                    assertThat(nodes)
                            .as("seed %d, pod %d", seed, i)
                            .noneMatch(node -> profile.fits(pod, node, cluster).fits());
                    assertThat(placement.diagnosis().nodes()).hasSameSizeAs(nodes);
                } else {
                    nodes.replaceAll(
                            node -> node.name().equals(chosen.name()) ? node.with(pod) : node);
                }
            }
            assertThat(refused).as("seed %d: the nodes are full", seed).isPositive();
            for (NodeInfo node : nodes) {
                check(node, seed);
            }
        }
    }

    private static void check(NodeInfo node, long seed) {
        Resources used = Resources.NONE;
        for (PodInfo pod : node.pods()) {
            used = used.plus(pod.requests());
            for (PodInfo other : node.pods()) {
                boolean lonely = pod.affinity("podAntiAffinity").isObject();
                if (lonely && pod != other) {
                    assertThat(other.labels().get("app"))
                            .as("seed %d: beside %s", seed, pod.key())
                            .isNotEqualTo(pod.labels().get("app"));
                }
            }
        }
        for (String resource : List.of(Resources.CPU, Resources.MEMORY)) {
            assertThat(used.get(resource))
                    .as("seed %d: %s of %s", seed, resource, node.name())
                    .isLessThanOrEqualTo(node.allocatable().get(resource));
        }
        assertThat(node.pods().size())
                .isLessThanOrEqualTo((int) node.allocatable().get(Resources.PODS));
    }

    @Test
    void scoresAreFromZeroToAHundred() {
        for (long seed = 0; seed < 40; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            List<NodeInfo> nodes = new ArrayList<>();
            for (int i = 0; i < 6; i++) {
                NodeInfo node = node(i, random);
                for (int j = 0; j < random.nextInt(5); j++) {
                    node = node.with(pod(100 * i + j, random));
                }
                nodes.add(node);
            }
            Snapshot cluster = new Snapshot(nodes, Map.of("ns", Map.of()));
            PodInfo pod = pod(999, random);
            for (Profile.Weighted weighted : DefaultPlugins.profile().scores()) {
                long[] scores = weighted.plugin().score(pod, nodes, cluster);
                for (long score : scores == null ? new long[0] : scores) {
                    assertThat(score)
                            .as("seed %d: %s", seed, weighted.plugin().name())
                            .isBetween(0L, 100L);
                }
            }
        }
    }
}
