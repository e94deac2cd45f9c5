package io.jarnetes.scheduler.plugins;

import io.jarnetes.scheduler.framework.FilterPlugin;
import io.jarnetes.scheduler.framework.Profile;
import io.jarnetes.scheduler.framework.ScorePlugin;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The default profile's plugins. */
public final class DefaultPlugins {

    public static final String SCHEDULER_NAME = "default-scheduler";

    private DefaultPlugins() {}

    /** The plugins that are here, in upstream's order. */
    private static List<FilterPlugin> filters() {
        return List.of(
                NodeFilters.nodeUnschedulable(),
                NodeFilters.nodeName(),
                NodeFilters.taintToleration(),
                new NodeAffinity(),
                NodeFilters.nodePorts(),
                NodeFilters.nodeResourcesFit(),
                new VolumeBinding(),
                new PodTopologySpread(),
                new InterPodAffinity());
    }

    private static List<Profile.Weighted> scores() {
        return List.of(
                weighted(new NodeScores.TaintTolerationScore("TaintToleration"), 3),
                weighted(new NodeAffinity(), 2),
                weighted(new NodeScores.LeastAllocated("NodeResourcesFit"), 1),
                weighted(new PodTopologySpread(), 2),
                weighted(new InterPodAffinity(), 2),
                weighted(new NodeScores.BalancedAllocation("NodeResourcesBalancedAllocation"), 1),
                weighted(new NodeScores.ImageLocality("ImageLocality"), 1));
    }

    private static Profile.Weighted weighted(ScorePlugin plugin, int weight) {
        return new Profile.Weighted(plugin, weight);
    }

    public static Profile profile() {
        return profile(SCHEDULER_NAME, Set.of(), Set.of(), Map.of(), 0);
    }

    /**
     * @param withoutFilters names of plugins that don't filter; {@code *} means all
     * @param withoutScores names of plugins that don't score; {@code *} means all
     * @param weights other weights by plugin
     */
    public static Profile profile(
            String schedulerName,
            Set<String> withoutFilters,
            Set<String> withoutScores,
            Map<String, Integer> weights,
            int percentageOfNodes) {
        List<FilterPlugin> filters = new ArrayList<>();
        for (FilterPlugin filter : filters()) {
            if (!withoutFilters.contains("*") && !withoutFilters.contains(filter.name())) {
                filters.add(filter);
            }
        }
        List<Profile.Weighted> scores = new ArrayList<>();
        for (Profile.Weighted score : scores()) {
            String name = score.plugin().name();
            Integer weight = weights.get(name);
            boolean off = withoutScores.contains("*") || withoutScores.contains(name);
            if (!off || weight != null) {
                scores.add(weight == null ? score : weighted(score.plugin(), weight));
            }
        }
        return new Profile(schedulerName, filters, scores, percentageOfNodes);
    }
}
