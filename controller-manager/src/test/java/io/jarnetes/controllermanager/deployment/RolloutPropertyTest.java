package io.jarnetes.controllermanager.deployment;

import static org.assertj.core.api.Assertions.assertThat;

import io.jarnetes.kubeclient.Json;
import io.jarnetes.kubeclient.KubeObject;
import io.jarnetes.kubeclient.TestObjects;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.node.ObjectNode;

/**
 * Rollouts with pods that become ready and fail in any order, and ReplicaSets that are seen late:
 * never fewer available pods than asked for, but for those that fail by themselves, never more pods
 * than the surge allows, and an end that has only the new template.
 */
class RolloutPropertyTest {

    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
    private static final int SEEDS = 400;

    /** What runs: for each ReplicaSet its pods, true where available. */
    private static final class Cluster {
        private final SplittableRandom random;
        private final Map<String, KubeObject> sets = new LinkedHashMap<>();
        private final Map<String, List<Boolean>> pods = new LinkedHashMap<>();
        private KubeObject deployment;
        private Map<String, KubeObject> seen = Map.of();
        private boolean unseen;
        private int failed;

        Cluster(SplittableRandom random) {
            this.random = random;
            int replicas = random.nextInt(1, 12);
            int surge = random.nextInt(0, 4);
            int unavailable = random.nextInt(surge == 0 ? 1 : 0, 4);
            deployment =
                    TestObjects.object(
                            """
                            {'apiVersion': 'apps/v1', 'kind': 'Deployment',
                             'metadata': {'namespace': 'ns', 'name': 'web', 'uid': 'd',
                               'generation': 1},
                             'spec': {'replicas': %d, 'progressDeadlineSeconds': 600,
                               'selector': {'matchLabels': {'app': 'web'}},
                               'strategy': {'type': 'RollingUpdate',
                                 'rollingUpdate': {'maxSurge': %d, 'maxUnavailable': %d}},
                               'template': {'metadata': {'labels': {'app': 'web'}},
                                 'spec': {'containers': [{'name': 'c', 'image': 'v1'}]}}}}
                            """
                                    .formatted(replicas, surge, unavailable));
        }

        int available() {
            return (int) pods.values().stream().flatMap(List::stream).filter(one -> one).count();
        }

        int size() {
            return sets.values().stream().mapToInt(ReplicaSets::size).sum();
        }

        /**
         * A look at what was seen last, which may be old, but shows our own writes; conflicts
         * refuse what is outdated.
         */
        void look() {
            if (unseen) {
                return;
            }
            List<Action> actions = Rollout.step(deployment, List.copyOf(seen.values()), false, NOW);
            for (Action action : actions) {
                switch (action) {
                    case Action.Create create -> {
                        ObjectNode tree = create.tree();
                        String name = Json.text(tree, "metadata", "name");
                        if (sets.containsKey(name)) {
                            return;
                        }
                        tree.withObjectProperty("metadata")
                                .put("uid", "uid-" + name)
                                .put("resourceVersion", "1")
                                .put(
                                        "creationTimestamp",
                                        KubeObject.time(NOW.plusSeconds(sets.size())));
                        sets.put(name, KubeObject.of(tree));
                        pods.put(name, new ArrayList<>());
                        unseen = true;
                    }
                    case Action.Update update -> {
                        if (!write(update.tree())) {
                            return;
                        }
                    }
                    case Action.Delete delete -> sets.remove(delete.replicaSet().name());
                    case Action.Status status -> deployment = KubeObject.of(status.tree());
                }
            }
        }

        private boolean write(ObjectNode tree) {
            KubeObject now = sets.get(Json.text(tree, "metadata", "name"));
            if (now == null
                    || !now.resourceVersion()
                            .equals(Json.text(tree, "metadata", "resourceVersion"))) {
                return false;
            }
            store(tree, now);
            unseen = true;
            return true;
        }

        private void store(ObjectNode tree, KubeObject before) {
            long version = Long.parseLong(before.resourceVersion()) + 1;
            tree.withObjectProperty("metadata").put("resourceVersion", Long.toString(version));
            sets.put(before.name(), KubeObject.of(tree));
        }

        void see() {
            seen = Map.copyOf(sets);
            unseen = false;
        }

        /** ReplicaSets make, and delete those first that aren't available. */
        void replicate(String name) {
            KubeObject set = sets.get(name);
            List<Boolean> own = pods.get(name);
            if (set == null || own == null) {
                return;
            }
            while (own.size() < ReplicaSets.size(set)) {
                own.add(false);
            }
            while (own.size() > ReplicaSets.size(set)) {
                int at = own.indexOf(false);
                own.remove(Math.max(at, 0));
            }
            report(name);
        }

        /** The status of a ReplicaSet says what there is. */
        void report(String name) {
            KubeObject set = sets.get(name);
            List<Boolean> own = pods.get(name);
            if (set == null || own == null) {
                return;
            }
            int available = (int) own.stream().filter(one -> one).count();
            ObjectNode tree = set.copy();
            tree.set(
                    "status",
                    Json.of(
                            "replicas",
                            own.size(),
                            "readyReplicas",
                            available,
                            "availableReplicas",
                            available,
                            "observedGeneration",
                            set.generation()));
            store(tree, set);
        }

        void turn(boolean mayFail) {
            List<String> names = List.copyOf(sets.keySet());
            String name = names.isEmpty() ? "" : names.get(random.nextInt(names.size()));
            switch (random.nextInt(mayFail ? 6 : 5)) {
                case 0 -> look();
                case 1 -> see();
                case 2 -> replicate(name);
                case 3 -> {
                    List<Boolean> own = pods.getOrDefault(name, List.of());
                    if (!own.isEmpty()) {
                        own.set(random.nextInt(own.size()), true);
                    }
                }
                case 4 -> report(name);
                default -> {
                    List<Boolean> own = pods.getOrDefault(name, List.of());
                    int at = own.indexOf(true);
                    if (at >= 0) {
                        own.set(at, false);
                        failed++;
                    }
                }
            }
        }

        void toTheEnd() {
            for (int i = 0; i < 400; i++) {
                sets.keySet().stream().toList().forEach(this::replicate);
                pods.values().forEach(own -> own.replaceAll(one -> true));
                sets.keySet().stream().toList().forEach(this::report);
                see();
                look();
            }
        }

        void image(String image) {
            deployment =
                    TestObjects.with(
                            deployment,
                            ("{'metadata': {'generation': %d}, 'spec': {'template': {'spec':"
                                            + " {'containers': [{'name': 'c', 'image': '%s'}]}}}}")
                                    .formatted(deployment.generation() + 1, image));
        }

        void replicas(int replicas) {
            deployment =
                    TestObjects.with(deployment, "{'spec': {'replicas': %d}}".formatted(replicas));
        }
    }

    @Test
    void aRolloutKeepsItsBounds() {
        for (long seed = 0; seed < SEEDS; seed++) {
            Cluster cluster = new Cluster(new SplittableRandom(seed));
            cluster.toTheEnd();
            Bounds bounds = Bounds.of(cluster.deployment);
            assertThat(cluster.available()).as("seed %d", seed).isEqualTo(bounds.replicas());
            cluster.image("v2");
            for (int i = 0; i < 150; i++) {
                cluster.turn(true);
                if (i == 75) {
                    cluster.image("v3");
                }
                assertThat(cluster.size())
                        .as("seed %d, turn %d: %s", seed, i, bounds)
                        .isLessThanOrEqualTo(bounds.most());
                assertThat(cluster.available())
                        .as("seed %d, turn %d: %s", seed, i, bounds)
                        .isGreaterThanOrEqualTo(bounds.least() - cluster.failed);
            }
            cluster.toTheEnd();
            check(cluster, seed);
        }
    }

    @Test
    void aRolloutThatIsResizedEndsAtItsNewSize() {
        for (long seed = 0; seed < SEEDS; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            Cluster cluster = new Cluster(random);
            cluster.toTheEnd();
            cluster.image("v2");
            for (int i = 0; i < 80; i++) {
                cluster.turn(false);
                if (i % 20 == 10) {
                    cluster.replicas(random.nextInt(0, 15));
                }
            }
            cluster.toTheEnd();
            check(cluster, seed);
        }
    }

    private static void check(Cluster cluster, long seed) {
        int replicas = cluster.deployment.number(0, "spec", "replicas");
        KubeObject current =
                ReplicaSets.current(cluster.deployment, List.copyOf(cluster.sets.values()));
        assertThat(current).as("seed %d", seed).isNotNull();
        assertThat(current == null ? -1 : ReplicaSets.size(current))
                .as("seed %d: the new set", seed)
                .isEqualTo(replicas);
        assertThat(cluster.size()).as("seed %d: all sets", seed).isEqualTo(replicas);
        assertThat(Json.text(cluster.deployment.condition("Available"), "status"))
                .as("seed %d", seed)
                .isEqualTo("True");
        assertThat(cluster.deployment.number(0, "status", "updatedReplicas"))
                .as("seed %d", seed)
                .isEqualTo(replicas);
    }
}
