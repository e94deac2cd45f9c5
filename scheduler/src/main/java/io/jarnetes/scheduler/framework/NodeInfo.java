package io.jarnetes.scheduler.framework;

import io.jarnetes.kubeclient.Json;
import io.jarnetes.kubeclient.KubeObject;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/**
 * A node with the pods on it, counted. Immutable: a change gives another one.
 *
 * @param requested what its pods ask for together
 * @param assumed the same with {@link PodInfo#assumed}
 * @param images sizes in bytes by image name
 */
public record NodeInfo(
        KubeObject node,
        Map<String, String> labels,
        Resources allocatable,
        List<Toleration.Taint> taints,
        Map<String, Long> images,
        List<PodInfo> pods,
        Resources requested,
        Resources assumed) {

    public static NodeInfo of(KubeObject node, List<PodInfo> pods) {
        Resources requested = Resources.NONE;
        Resources assumed = Resources.NONE;
        for (PodInfo pod : pods) {
            requested = requested.plus(pod.requests());
            assumed = assumed.plus(pod.assumed());
        }
        return new NodeInfo(
                node,
                node.labels(),
                Resources.of(node.at("status", "allocatable")),
                Toleration.Taint.of(node.at("spec", "taints")),
                images(node),
                List.copyOf(pods),
                requested,
                assumed);
    }

    private static Map<String, Long> images(KubeObject node) {
        JsonNode list = node.at("status", "images");
        if (list.isEmpty()) {
            return Map.of();
        }
        Map<String, Long> images = new HashMap<>();
        for (JsonNode image : list) {
            long size = image.path("sizeBytes").asLong(0);
            Json.list(image, "names").forEach(name -> images.put(name, size));
        }
        return Map.copyOf(images);
    }

    /** The same pods on the node as it is now. */
    public NodeInfo withNode(KubeObject now) {
        return of(now, pods);
    }

    public NodeInfo with(PodInfo pod) {
        List<PodInfo> all = new ArrayList<>(pods);
        all.add(pod);
        return new NodeInfo(
                node,
                labels,
                allocatable,
                taints,
                images,
                List.copyOf(all),
                requested.plus(pod.requests()),
                assumed.plus(pod.assumed()));
    }

    public NodeInfo without(String podUid) {
        List<PodInfo> left = pods.stream().filter(pod -> !pod.uid().equals(podUid)).toList();
        if (left.size() == pods.size()) {
            return this;
        }
        Resources fewer = requested;
        Resources fewerAssumed = assumed;
        for (PodInfo pod : pods) {
            if (pod.uid().equals(podUid)) {
                fewer = fewer.minus(pod.requests());
                fewerAssumed = fewerAssumed.minus(pod.assumed());
            }
        }
        return new NodeInfo(node, labels, allocatable, taints, images, left, fewer, fewerAssumed);
    }

    public String name() {
        return node.name();
    }

    /** spec.unschedulable: cordoned. */
    public boolean cordoned() {
        return node.flag("spec", "unschedulable");
    }

    /** Whether a pod's host ports are all free. */
    public boolean portsFree(List<PodInfo.HostPort> wanted) {
        for (PodInfo pod : pods) {
            for (PodInfo.HostPort taken : pod.ports()) {
                for (PodInfo.HostPort port : wanted) {
                    if (port.conflicts(taken)) {
                        return false;
                    }
                }
            }
        }
        return true;
    }
}
