package io.jarnetes.scheduler.plugins;

import io.jarnetes.scheduler.framework.FilterPlugin;
import io.jarnetes.scheduler.framework.NodeInfo;
import io.jarnetes.scheduler.framework.PodInfo;
import io.jarnetes.scheduler.framework.Resources;
import io.jarnetes.scheduler.framework.Snapshot;
import io.jarnetes.scheduler.framework.Toleration;
import io.jarnetes.scheduler.framework.Verdict;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/** The filters that are a sentence each. */
final class NodeFilters {

    private static final Toleration.Taint UNSCHEDULABLE =
            new Toleration.Taint("node.kubernetes.io/unschedulable", "", "NoSchedule");

    private NodeFilters() {}

    /** A filter from a function that prepares it. */
    private record Simple(
            String name, BiFunction<PodInfo, Snapshot, FilterPlugin.@Nullable NodeFilter> preparing)
            implements FilterPlugin {

        @Override
        public @Nullable NodeFilter prepare(PodInfo pod, Snapshot cluster) {
            return preparing.apply(pod, cluster);
        }
    }

    static FilterPlugin nodeUnschedulable() {
        return new Simple("NodeUnschedulable", (pod, cluster) -> node -> unschedulable(pod, node));
    }

    private static Verdict unschedulable(PodInfo pod, NodeInfo node) {
        boolean fits =
                !node.cordoned() || Toleration.anyTolerates(pod.tolerations(), UNSCHEDULABLE);
        return fits ? Verdict.FITS : Verdict.unresolvable("node(s) were unschedulable");
    }

    static FilterPlugin nodeName() {
        return new Simple(
                "NodeName",
                (pod, cluster) ->
                        pod.nodeName().isEmpty()
                                ? null
                                : node ->
                                        pod.nodeName().equals(node.name())
                                                ? Verdict.FITS
                                                : Verdict.unresolvable(
                                                        "node(s) didn't match the requested node"
                                                                + " name"));
    }

    static FilterPlugin taintToleration() {
        return new Simple("TaintToleration", (pod, cluster) -> node -> taints(pod, node));
    }

    private static Verdict taints(PodInfo pod, NodeInfo node) {
        for (Toleration.Taint taint : node.taints()) {
            if (taint.hard() && !Toleration.anyTolerates(pod.tolerations(), taint)) {
                return Verdict.unresolvable("node(s) had untolerated taint(s)");
            }
        }
        return Verdict.FITS;
    }

    static FilterPlugin nodePorts() {
        return new Simple(
                "NodePorts",
                (pod, cluster) ->
                        pod.ports().isEmpty()
                                ? null
                                : node ->
                                        node.portsFree(pod.ports())
                                                ? Verdict.FITS
                                                : Verdict.unschedulable(
                                                        "node(s) didn't have free ports for the"
                                                                + " requested pod ports"));
    }

    static FilterPlugin nodeResourcesFit() {
        return new Simple("NodeResourcesFit", (pod, cluster) -> node -> resources(pod, node));
    }

    /** Refused for good where even the empty node would be too small. */
    private static Verdict resources(PodInfo pod, NodeInfo node) {
        List<String> missing = new ArrayList<>();
        boolean tooSmall = false;
        long pods = node.allocatable().get(Resources.PODS);
        if (node.pods().size() + 1 > pods) {
            missing.add("Too many pods");
        }
        for (Map.Entry<String, Long> wanted : ordered(pod.requests())) {
            long all = node.allocatable().get(wanted.getKey());
            if (wanted.getValue() > all - node.requested().get(wanted.getKey())) {
                missing.add("Insufficient " + wanted.getKey());
                tooSmall |= wanted.getValue() > all;
            }
        }
        return new Verdict(missing, !tooSmall);
    }

    private static List<Map.Entry<String, Long>> ordered(Resources requests) {
        List<String> first = List.of(Resources.CPU, Resources.MEMORY, Resources.EPHEMERAL_STORAGE);
        List<Map.Entry<String, Long>> all = new ArrayList<>();
        for (String name : first) {
            if (requests.get(name) > 0) {
                all.add(Map.entry(name, requests.get(name)));
            }
        }
        requests.amounts().entrySet().stream()
                .filter(entry -> entry.getValue() > 0 && !first.contains(entry.getKey()))
                .sorted(Map.Entry.comparingByKey())
                .forEach(all::add);
        return all;
    }
}
