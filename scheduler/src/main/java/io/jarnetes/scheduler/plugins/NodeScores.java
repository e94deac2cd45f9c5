package io.jarnetes.scheduler.plugins;

import io.jarnetes.kubeclient.Json;
import io.jarnetes.scheduler.framework.NodeInfo;
import io.jarnetes.scheduler.framework.PodInfo;
import io.jarnetes.scheduler.framework.Resources;
import io.jarnetes.scheduler.framework.ScorePlugin;
import io.jarnetes.scheduler.framework.Snapshot;
import io.jarnetes.scheduler.framework.Toleration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** The scores that look at one node at a time. */
final class NodeScores {

    private static final long MEBIBYTE = 1024 * 1024;
    private static final long SMALLEST_IMAGE_BYTES = 23 * MEBIBYTE;
    private static final long LARGEST_IMAGE_BYTES = 1000 * MEBIBYTE;
    private static final List<String> SCORED = List.of(Resources.CPU, Resources.MEMORY);

    private NodeScores() {}

    /** A score of one node; null from {@link #applies} leaves the pod to the others. */
    private interface PerNode extends ScorePlugin {

        long one(PodInfo pod, NodeInfo node, Snapshot cluster);

        default boolean applies(PodInfo pod) {
            return true;
        }

        /** Of the raw scores of all nodes. */
        default long[] finish(long[] raw) {
            return raw;
        }

        @Override
        default long @Nullable [] score(PodInfo pod, List<NodeInfo> nodes, Snapshot cluster) {
            if (!applies(pod)) {
                return null;
            }
            long[] raw = new long[nodes.size()];
            for (int i = 0; i < raw.length; i++) {
                raw[i] = one(pod, nodes.get(i), cluster);
            }
            return finish(raw);
        }
    }

    /** Few soft taints that the pod doesn't tolerate. */
    record TaintTolerationScore(String name) implements PerNode {

        @Override
        public long one(PodInfo pod, NodeInfo node, Snapshot cluster) {
            return node.taints().stream()
                    .filter(taint -> taint.effect().equals("PreferNoSchedule"))
                    .filter(taint -> !Toleration.anyTolerates(pod.tolerations(), taint))
                    .count();
        }

        @Override
        public long[] finish(long[] raw) {
            return ScorePlugin.normalized(raw, true);
        }
    }

    /**
     * The mean of the free shares of resources, or of the used ones where nodes are to be filled.
     *
     * @param weights how much each resource counts
     */
    record Allocated(String name, boolean most, Map<String, Integer> weights) implements PerNode {

        @Override
        public long one(PodInfo pod, NodeInfo node, Snapshot cluster) {
            long sum = 0;
            long counted = 0;
            for (Map.Entry<String, Integer> entry : weights.entrySet()) {
                String resource = entry.getKey();
                boolean assumed = SCORED.contains(resource);
                long asked = (assumed ? pod.assumed() : pod.requests()).get(resource);
                long all = node.allocatable().get(resource);
                if (all == 0 || !assumed && asked == 0) {
                    continue;
                }
                long used = (assumed ? node.assumed() : node.requested()).get(resource) + asked;
                long over = most ? MAX_SCORE : 0;
                long share = (most ? used : all - used) * MAX_SCORE / all;
                sum += (used > all ? over : share) * entry.getValue();
                counted += entry.getValue();
            }
            return counted == 0 ? 0 : sum / counted;
        }
    }

    /** cpu and memory used to like shares, compared with before the pod. */
    record BalancedAllocation(String name) implements PerNode {

        @Override
        public boolean applies(PodInfo pod) {
            return SCORED.stream().anyMatch(resource -> pod.requests().get(resource) > 0);
        }

        @Override
        public long one(PodInfo pod, NodeInfo node, Snapshot cluster) {
            long with = balance(node, node.requested().plus(pod.requests()));
            long without = balance(node, node.requested());
            return MAX_SCORE / 2 + (MAX_SCORE / 2 + with - without) / 2;
        }

        private static long balance(NodeInfo node, Resources used) {
            double[] shares = new double[SCORED.size()];
            int counted = 0;
            for (String resource : SCORED) {
                long all = node.allocatable().get(resource);
                if (all > 0) {
                    shares[counted++] = Math.min(1, (double) used.get(resource) / all);
                }
            }
            // With two values the standard deviation is half their distance.
            double deviation = counted == 2 ? Math.abs(shares[0] - shares[1]) / 2 : 0;
            return (long) ((1 - deviation) * MAX_SCORE);
        }
    }

    /** Large images that are there already and not on every node. */
    record ImageLocality(String name) implements PerNode {

        @Override
        public long one(PodInfo pod, NodeInfo node, Snapshot cluster) {
            if (node.images().isEmpty()) {
                return 0;
            }
            long sum = 0;
            int containers = 0;
            for (String field : List.of("initContainers", "containers")) {
                for (JsonNode container : pod.spec().path(field)) {
                    containers++;
                    String image = normalized(Json.text(container, "image"));
                    long size = node.images().getOrDefault(image, 0L);
                    if (size > 0) {
                        long having =
                                cluster.nodes().stream()
                                        .filter(other -> other.images().containsKey(image))
                                        .count();
                        sum += size * having / cluster.nodes().size();
                    }
                }
            }
            long most = LARGEST_IMAGE_BYTES * containers;
            long counted = Math.clamp(sum, SMALLEST_IMAGE_BYTES, most);
            return MAX_SCORE * (counted - SMALLEST_IMAGE_BYTES) / (most - SMALLEST_IMAGE_BYTES);
        }

        /** Without a tag or digest {@code latest} is meant. */
        private static String normalized(String image) {
            return image.lastIndexOf(':') <= image.lastIndexOf('/') ? image + ":latest" : image;
        }
    }
}
