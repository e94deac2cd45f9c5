package io.jarnetes.scheduler.plugins;

import io.jarnetes.kubeclient.Json;
import io.jarnetes.kubeclient.Quantity;
import io.jarnetes.scheduler.framework.NodeInfo;
import io.jarnetes.scheduler.framework.PodInfo;
import io.jarnetes.scheduler.framework.Snapshot;
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
