package io.jarnetes.scheduler.plugins;

import io.jarnetes.kubeclient.Json;
import io.jarnetes.kubeclient.KubeObject;
import io.jarnetes.scheduler.framework.NodeInfo;
import io.jarnetes.scheduler.framework.PodInfo;
import io.jarnetes.scheduler.framework.Snapshot;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Clusters and pods in which everything that plugins look at occurs, from a seed. */
final class RandomCluster {

    private static final List<String> EFFECTS =
            List.of("NoSchedule", "NoExecute", "PreferNoSchedule");
    private static final List<String> TOPOLOGIES = List.of("zone", "kubernetes.io/hostname");

    private final SplittableRandom random;

    RandomCluster(long seed) {
        random = new SplittableRandom(seed);
    }

    /** Whether something with this chance in a hundred happens. */
    private boolean chance(int percent) {
        return random.nextInt(100) < percent;
    }

    private String pick(String... words) {
        return words[random.nextInt(words.length)];
    }

    /** Some nodes with some pods on them, in two namespaces. */
    Snapshot cluster() {
        List<NodeInfo> nodes = new ArrayList<>();
        int number = 0;
        for (int i = random.nextInt(1, 7); i > 0; i--) {
            List<PodInfo> pods = new ArrayList<>();
            for (int j = random.nextInt(4); j > 0; j--) {
                pods.add(pod("p" + number++));
            }
            nodes.add(NodeInfo.of(node("n" + i), pods));
        }
        return new Snapshot(nodes, Map.of("ns", Map.of("team", "a"), "other", Map.of("team", "b")));
    }

    private KubeObject node(String name) {
        ObjectNode labels = Json.of("kubernetes.io/hostname", name);
        if (chance(80)) {
            String zone = pick("z1", "z2", "z3");
            labels.put("zone", zone).put("topology.kubernetes.io/zone", zone);
        }
        if (chance(50)) {
            labels.put("disk", pick("ssd", "hdd"));
        }
        if (chance(50)) {
            labels.put("size", Integer.toString(random.nextInt(5)));
        }
        ObjectNode spec = Json.object();
        if (chance(15)) {
            spec.put("unschedulable", true);
        }
        ArrayNode taints = Json.array();
        for (String key : List.of("k1", "k2")) {
            if (chance(25)) {
                taints.add(
                        Json.of(
                                "key",
                                key,
                                "value",
                                pick("v1", "v2"),
                                "effect",
                                EFFECTS.get(random.nextInt(EFFECTS.size()))));
            }
        }
        spec.set("taints", taints);
        ObjectNode status =
                Json.of(
                        "allocatable",
                        Json.of(
                                "cpu", random.nextInt(1, 5) + "",
                                "memory", random.nextInt(1, 9) + "Gi",
                                "pods", random.nextInt(2, 6) + "",
                                "example.com/gpu", random.nextInt(3) + ""));
        ArrayNode images = Json.array();
        for (String image : List.of("big", "small")) {
            if (chance(50)) {
                images.add(
                        Json.of(
                                "names",
                                List.of(image + ":latest"),
                                "sizeBytes",
                                image.equals("big") ? 900_000_000L : 90_000_000L));
            }
        }
        status.set("images", images);
        return KubeObject.of(
                Json.of(
                        "metadata",
                        Json.of("name", name, "labels", labels),
                        "spec",
                        spec,
                        "status",
                        status));
    }

    PodInfo pod(String name) {
        ObjectNode labels = Json.of("app", pick("web", "db"));
        if (chance(30)) {
            labels.put("tier", pick("x", "y"));
        }
        ObjectNode metadata =
                Json.of(
                        "name",
                        name,
                        "uid",
                        name,
                        "namespace",
                        pick("ns", "ns", "other"),
                        "labels",
                        labels);
        if (chance(10)) {
            metadata.put("deletionTimestamp", "2026-01-01T00:00:00Z");
        }
        if (chance(40)) {
            metadata.set(
                    "ownerReferences",
                    Json.array()
                            .add(
                                    Json.of(
                                            "kind",
                                            "ReplicaSet",
                                            "uid",
                                            pick("r1", "r2"),
                                            "controller",
                                            true)));
        }
        ObjectNode spec = Json.of("containers", List.of(container()));
        if (chance(20)) {
            spec.set("nodeSelector", Json.of("disk", pick("ssd", "hdd")));
        }
        tolerations(spec);
        ObjectNode affinity = Json.object();
        if (chance(25)) {
            affinity.set("nodeAffinity", nodeAffinity());
        }
        if (chance(25)) {
            affinity.set("podAffinity", podAffinity());
        }
        if (chance(25)) {
            affinity.set("podAntiAffinity", podAffinity());
        }
        spec.set("affinity", affinity);
        if (chance(35)) {
            spec.set("topologySpreadConstraints", spread());
        }
        return PodInfo.of(KubeObject.of(Json.of("metadata", metadata, "spec", spec)));
    }

    private ObjectNode container() {
        ObjectNode requests = Json.object();
        if (chance(70)) {
            requests.put("cpu", random.nextInt(1, 20) * 100 + "m");
        }
        if (chance(70)) {
            requests.put("memory", random.nextInt(1, 3000) + "Mi");
        }
        if (chance(15)) {
            requests.put("example.com/gpu", "1");
        }
        ObjectNode container =
                Json.of(
                        "name",
                        "c",
                        "image",
                        pick("big", "small", "none"),
                        "resources",
                        Json.of("requests", requests));
        if (chance(25)) {
            container.set(
                    "ports",
                    Json.array()
                            .add(
                                    Json.of(
                                            "hostPort", random.nextInt(80, 82),
                                            "hostIP", pick("", "10.0.0.1", "10.0.0.2"),
                                            "protocol", pick("TCP", "UDP"))));
        }
        return container;
    }

    private void tolerations(ObjectNode spec) {
        ArrayNode tolerations = Json.array();
        for (int i = random.nextInt(3); i > 0; i--) {
            ObjectNode one = Json.of("operator", pick("Exists", "Equal"));
            if (chance(80)) {
                one.put("key", pick("k1", "k2"));
            } else {
                one.put("operator", "Exists");
            }
            if (Json.text(one, "operator").equals("Equal")) {
                one.put("value", pick("v1", "v2"));
            }
            if (chance(50)) {
                one.put("effect", EFFECTS.get(random.nextInt(EFFECTS.size())));
            }
            tolerations.add(one);
        }
        spec.set("tolerations", tolerations);
    }

    private ObjectNode term() {
        String operator = pick("In", "NotIn", "Exists", "DoesNotExist", "Gt", "Lt");
        boolean compared = operator.equals("Gt") || operator.equals("Lt");
        ObjectNode expression = Json.of("key", compared ? "size" : "disk", "operator", operator);
        if (compared) {
            expression.set("values", Json.array().add(random.nextInt(5) + ""));
        } else if (operator.endsWith("In")) {
            expression.set("values", Json.array().add("ssd").add("zzz"));
        }
        return Json.of("matchExpressions", List.of(expression));
    }

    private ObjectNode nodeAffinity() {
        ObjectNode affinity = Json.object();
        if (chance(60)) {
            affinity.set(
                    "requiredDuringSchedulingIgnoredDuringExecution",
                    Json.of("nodeSelectorTerms", List.of(term(), term())));
        }
        if (chance(60)) {
            affinity.set(
                    "preferredDuringSchedulingIgnoredDuringExecution",
                    Json.array()
                            .add(Json.of("weight", random.nextInt(1, 101), "preference", term()))
                            .add(Json.of("weight", random.nextInt(1, 101), "preference", term())));
        }
        return affinity;
    }

    private ObjectNode podTerm() {
        ObjectNode term =
                Json.of(
                        "topologyKey",
                        TOPOLOGIES.get(random.nextInt(2)),
                        "labelSelector",
                        Json.of("matchLabels", Json.of("app", pick("web", "db"))));
        switch (random.nextInt(4)) {
            case 0 -> term.set("namespaces", Json.array().add("other"));
            case 1 -> term.set("namespaceSelector", Json.object());
            case 2 ->
                    term.set(
                            "namespaceSelector",
                            Json.of("matchLabels", Json.of("team", pick("a", "b"))));
            default -> {
                // The pod's own.
            }
        }
        return term;
    }

    private ObjectNode podAffinity() {
        ObjectNode affinity = Json.object();
        if (chance(60)) {
            affinity.set(
                    "requiredDuringSchedulingIgnoredDuringExecution",
                    chance(70)
                            ? Json.array().add(podTerm())
                            : Json.array().add(podTerm()).add(podTerm()));
        }
        if (chance(60)) {
            affinity.set(
                    "preferredDuringSchedulingIgnoredDuringExecution",
                    Json.array()
                            .add(
                                    Json.of(
                                            "weight",
                                            random.nextInt(1, 101),
                                            "podAffinityTerm",
                                            podTerm())));
        }
        return affinity;
    }

    private ArrayNode spread() {
        ArrayNode constraints = Json.array();
        for (String key : TOPOLOGIES) {
            if (chance(70)) {
                ObjectNode one =
                        Json.of(
                                "maxSkew", random.nextInt(1, 3),
                                "topologyKey", key,
                                "whenUnsatisfiable", pick("DoNotSchedule", "ScheduleAnyway"),
                                "labelSelector",
                                        Json.of("matchLabels", Json.of("app", pick("web", "db"))));
                if (chance(25) && Json.text(one, "whenUnsatisfiable").equals("DoNotSchedule")) {
                    one.put("minDomains", random.nextInt(1, 5));
                }
                if (chance(25)) {
                    one.put("nodeAffinityPolicy", pick("Ignore", "Honor"));
                    one.put("nodeTaintsPolicy", pick("Ignore", "Honor"));
                }
                if (chance(25)) {
                    one.set("matchLabelKeys", Json.array().add("tier"));
                }
                constraints.add(one);
            }
        }
        return constraints;
    }
}
