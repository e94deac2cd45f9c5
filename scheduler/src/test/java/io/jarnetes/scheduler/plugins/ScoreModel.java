package io.jarnetes.scheduler.plugins;

import io.jarnetes.kubeclient.Json;
import io.jarnetes.kubeclient.OwnerReference;
import io.jarnetes.kubeclient.Quantity;
import io.jarnetes.scheduler.framework.NodeInfo;
import io.jarnetes.scheduler.framework.PodInfo;
import io.jarnetes.scheduler.framework.Snapshot;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;

/** What scores are before they are stretched, written a second time: exactly, and slowly. */
final class ScoreModel {

    private static final double MEBIBYTE = 1024 * 1024;
    private static final String PREFERRED = "preferredDuringSchedulingIgnoredDuringExecution";

    private final PodInfo pod;
    private final Snapshot cluster;

    ScoreModel(PodInfo pod, Snapshot cluster) {
        this.pod = pod;
        this.cluster = cluster;
    }

    /** The score; NaN for a plugin that this says nothing about. */
    double raw(String plugin, NodeInfo node) {
        return switch (plugin) {
            case "TaintToleration" ->
                    -new FilterModel(pod, cluster).untolerated(node, List.of("PreferNoSchedule"));
            case "NodeAffinity" -> nodeAffinity(node);
            case "NodeResourcesFit" -> (free(node, "cpu") + free(node, "memory")) / 2;
            case "NodeResourcesBalancedAllocation" ->
                    75 + 50 * (unbalance(node, false) - unbalance(node, true));
            case "ImageLocality" -> images(node);
            case "InterPodAffinity" -> podAffinity(node);
            case "PodTopologySpread" -> spread(node);
            default -> Double.NaN;
        };
    }

    private double nodeAffinity(NodeInfo node) {
        double sum = 0;
        for (JsonNode one :
                Json.at(pod.pod().at("spec"), "affinity", "nodeAffinity").path(PREFERRED)) {
            if (FilterModel.matches(one.path("preference"), node)) {
                sum += one.path("weight").asInt();
            }
        }
        return sum;
    }

    private static double asked(PodInfo pod, String resource, double otherwise) {
        JsonNode requests =
                pod.pod().at("spec", "containers").path(0).path("resources").path("requests");
        return requests.has(resource)
                ? Quantity.milli(requests.path(resource)) / 1000.0
                : otherwise;
    }

    private double used(NodeInfo node, String resource, double otherwise) {
        return node.pods().stream().mapToDouble(one -> asked(one, resource, otherwise)).sum();
    }

    private static double allocatable(NodeInfo node, String resource) {
        return Quantity.milli(node.node().at("status", "allocatable", resource)) / 1000.0;
    }

    private double free(NodeInfo node, String resource) {
        double least = resource.equals("cpu") ? 0.1 : 200 * MEBIBYTE;
        double all = allocatable(node, resource);
        double used = used(node, resource, least) + asked(pod, resource, least);
        return used > all ? 0 : 100 * (all - used) / all;
    }

    private double unbalance(NodeInfo node, boolean with) {
        double[] shares = new double[2];
        List<String> names = List.of("cpu", "memory");
        for (int i = 0; i < 2; i++) {
            double used = used(node, names.get(i), 0) + (with ? asked(pod, names.get(i), 0) : 0);
            shares[i] = Math.min(1, used / allocatable(node, names.get(i)));
        }
        return Math.abs(shares[0] - shares[1]) / 2;
    }

    private double images(NodeInfo node) {
        String image = Json.text(pod.pod().at("spec", "containers").path(0), "image") + ":latest";
        double spread = 0;
        double size = 0;
        for (NodeInfo other : cluster.nodes()) {
            for (JsonNode one : other.node().at("status", "images")) {
                if (Json.list(one, "names").contains(image)) {
                    spread++;
                    size = other == node ? one.path("sizeBytes").asDouble() : size;
                }
            }
        }
        double counted = size * spread / cluster.nodes().size();
        return 100
                * (Math.clamp(counted, 23 * MEBIBYTE, 1000 * MEBIBYTE) - 23 * MEBIBYTE)
                / (977 * MEBIBYTE);
    }

    private record Wish(JsonNode constraint, String key, int maxSkew) {}

    /** Few pods are good; NaN for a node without a label that is asked for. */
    private double spread(NodeInfo node) {
        List<Wish> wishes = wishes();
        boolean defaults = pod.pod().at("spec", "topologySpreadConstraints").isEmpty();
        double sum = 0;
        for (Wish wish : wishes) {
            String here = node.node().labels().get(wish.key());
            if (here == null && !defaults) {
                return Double.NaN;
            }
            if (here != null) {
                double count =
                        cluster.nodes().stream()
                                .filter(other -> counts(wish, wishes, node, other, defaults))
                                .mapToLong(other -> counted(wish, other))
                                .sum();
                sum += count * Math.log(domains(wish, wishes, defaults) + 2) + wish.maxSkew() - 1;
            }
        }
        return -Math.round(sum);
    }

    private List<Wish> wishes() {
        List<Wish> wishes = new ArrayList<>();
        JsonNode own = pod.pod().at("spec", "topologySpreadConstraints");
        for (JsonNode one : own) {
            if (Json.text(one, "whenUnsatisfiable").equals("ScheduleAnyway")) {
                wishes.add(
                        new Wish(
                                one,
                                Json.text(one, "topologyKey"),
                                Json.number(1, one, "maxSkew")));
            }
        }
        if (own.isEmpty() && pod.pod().controller() != null) {
            wishes.add(new Wish(Json.object(), "kubernetes.io/hostname", 3));
            wishes.add(new Wish(Json.object(), "topology.kubernetes.io/zone", 5));
        }
        return wishes;
    }

    /** Whether pods on another node count for this one; of a host only its own. */
    private boolean counts(
            Wish wish, List<Wish> all, NodeInfo node, NodeInfo other, boolean defaults) {
        if (wish.key().equals("kubernetes.io/hostname")) {
            return other == node;
        }
        String value = node.node().labels().get(wish.key());
        return value != null
                && value.equals(other.node().labels().get(wish.key()))
                && (defaults || labelled(other, all) && eligible(wish, other));
    }

    private static boolean labelled(NodeInfo node, List<Wish> wishes) {
        return wishes.stream().allMatch(wish -> node.node().labels().containsKey(wish.key()));
    }

    private boolean eligible(Wish wish, NodeInfo node) {
        return new FilterModel(pod, cluster).eligible(wish.constraint(), node);
    }

    private long counted(Wish wish, NodeInfo node) {
        OwnerReference controller = pod.pod().controller();
        FilterModel model = new FilterModel(pod, cluster);
        return node.pods().stream()
                .filter(one ->
                        wish.constraint().isEmpty() && controller != null
                                ? !one.pod().deleting() && one.pod().controlledBy(controller.uid())
                                : model.counted(wish.constraint(), one))
                .count();
    }

    private double domains(Wish wish, List<Wish> all, boolean defaults) {
        List<NodeInfo> nodes =
                cluster.nodes().stream().filter(node -> defaults || labelled(node, all)).toList();
        return wish.key().equals("kubernetes.io/hostname")
                ? nodes.size()
                : nodes.stream()
                        .map(node -> node.node().labels().getOrDefault(wish.key(), ""))
                        .distinct()
                        .count();
    }

    private double podAffinity(NodeInfo node) {
        double sum = 0;
        for (NodeInfo other : cluster.nodes()) {
            for (PodInfo one : other.pods()) {
                sum += wishes(pod, one, node, other) + wishes(one, pod, node, other);
                for (JsonNode term : FilterModel.required(one, "podAffinity")) {
                    sum += met(term, one, pod, node, other) ? 1 : 0;
                }
            }
        }
        return sum;
    }

    /** What the wishes of one pod about another one are worth if they were on these nodes. */
    private double wishes(PodInfo of, PodInfo about, NodeInfo node, NodeInfo other) {
        double sum = 0;
        for (String kind : List.of("podAffinity", "podAntiAffinity")) {
            for (JsonNode one : Json.at(of.pod().at("spec"), "affinity", kind).path(PREFERRED)) {
                if (met(one.path("podAffinityTerm"), of, about, node, other)) {
                    int weight = one.path("weight").asInt();
                    sum += kind.equals("podAffinity") ? weight : -weight;
                }
            }
        }
        return sum;
    }

    private boolean met(JsonNode term, PodInfo of, PodInfo about, NodeInfo node, NodeInfo other) {
        return new FilterModel(pod, cluster).means(term, of, about)
                && FilterModel.near(term, node, other);
    }
}
