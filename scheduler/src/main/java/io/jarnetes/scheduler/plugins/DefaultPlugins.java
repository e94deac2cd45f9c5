package io.jarnetes.scheduler.plugins;

import io.jarnetes.scheduler.framework.FilterPlugin;
import io.jarnetes.scheduler.framework.Profile;
import io.jarnetes.scheduler.framework.Resources;
import io.jarnetes.scheduler.framework.ScorePlugin;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The default profile's plugins. */
public final class DefaultPlugins {

    public static final String SCHEDULER_NAME = "default-scheduler";

    /**
     * The arguments of plugins.
     *
     * @param most whether NodeResourcesFit fills nodes instead of sparing them
     * @param resources what it looks at, with their weights
     * @param hardPodAffinityWeight of InterPodAffinity
     */
    public record Arguments(
            boolean most, Map<String, Integer> resources, int hardPodAffinityWeight) {

        public static final Arguments DEFAULT =
                new Arguments(false, Map.of(Resources.CPU, 1, Resources.MEMORY, 1), 1);

        public Arguments {
            resources = Map.copyOf(resources);
        }
    }

    private DefaultPlugins() {}

    /** The plugins that are here, in upstream's order. */
    private static List<FilterPlugin> filters(Arguments arguments) {
        return List.of(
                NodeFilters.nodeUnschedulable(),
                NodeFilters.nodeName(),
                NodeFilters.taintToleration(),
                new NodeAffinity(),
                NodeFilters.nodePorts(),
                NodeFilters.nodeResourcesFit(),
                new VolumeBinding(),
                new PodTopologySpread(),
                new InterPodAffinity(arguments.hardPodAffinityWeight()));
    }

    private static List<Profile.Weighted> scores(Arguments arguments) {
        return List.of(
                weighted(new NodeScores.TaintTolerationScore("TaintToleration"), 3),
                weighted(new NodeAffinity(), 2),
                weighted(
                        new NodeScores.Allocated(
                                "NodeResourcesFit", arguments.most(), arguments.resources()),
                        1),
                weighted(new PodTopologySpread(), 2),
                weighted(new InterPodAffinity(arguments.hardPodAffinityWeight()), 2),
                weighted(new NodeScores.BalancedAllocation("NodeResourcesBalancedAllocation"), 1),
                weighted(new NodeScores.ImageLocality("ImageLocality"), 1));
    }

    private static Profile.Weighted weighted(ScorePlugin plugin, int weight) {
        return new Profile.Weighted(plugin, weight);
    }

    public static Profile profile() {
        return profile(SCHEDULER_NAME, Set.of(), Set.of(), Map.of(), Arguments.DEFAULT, 0);
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
            Arguments arguments,
            int percentageOfNodes) {
        List<FilterPlugin> filters = new ArrayList<>();
        for (FilterPlugin filter : filters(arguments)) {
            if (!withoutFilters.contains("*") && !withoutFilters.contains(filter.name())) {
                filters.add(filter);
            }
        }
        List<Profile.Weighted> scores = new ArrayList<>();
        for (Profile.Weighted score : scores(arguments)) {
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
