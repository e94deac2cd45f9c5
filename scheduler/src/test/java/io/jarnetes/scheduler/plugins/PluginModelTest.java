package io.jarnetes.scheduler.plugins;

import static org.assertj.core.api.Assertions.assertThat;

import io.jarnetes.scheduler.framework.FilterPlugin;
import io.jarnetes.scheduler.framework.NodeInfo;
import io.jarnetes.scheduler.framework.PodInfo;
import io.jarnetes.scheduler.framework.Profile;
import io.jarnetes.scheduler.framework.Snapshot;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Every filter and score against a second, simple one, over clusters from seeds. */
class PluginModelTest {

    private static final int CLUSTERS = 1500;

    /** These are rounded more than once on the way, which may cost a point or two. */
    private static final Set<String> ROUNDED =
            Set.of("NodeResourcesFit", "NodeResourcesBalancedAllocation");

    @Test
    void filtersSayWhatTheSimpleOnesSay() {
        Map<String, Set<Boolean>> seen = new TreeMap<>();
        for (long seed = 0; seed < CLUSTERS; seed++) {
            RandomCluster source = new RandomCluster(seed);
            Snapshot cluster = source.cluster();
            PodInfo pod = source.pod("new");
            FilterModel model = new FilterModel(pod, cluster);
            for (FilterPlugin plugin : DefaultPlugins.profile().filters()) {
                FilterPlugin.NodeFilter filter = plugin.prepare(pod, cluster);
                for (NodeInfo node : cluster.nodes()) {
                    boolean fits = filter == null || filter.test(node).fits();
                    Boolean wanted = model.fits(node).get(plugin.name());
                    if (wanted != null) {
                        seen.computeIfAbsent(plugin.name(), one -> new HashSet<>()).add(wanted);
                        assertThat(fits)
                                .as(
                                        "seed %d: %s of %s about %s",
                                        seed, plugin.name(), node.node(), pod.pod())
                                .isEqualTo(wanted);
                    }
                }
            }
        }
        assertThat(seen)
                .as("each filter takes some and refuses some")
                .hasSize(7)
                .allSatisfy((plugin, answers) -> assertThat(answers).hasSize(2));
    }

    /** Which of two nodes is better. */
    @Test
    void scoresOrderNodesAsTheSimpleOnesDo() {
        Map<String, Integer> compared = new TreeMap<>();
        for (long seed = 0; seed < CLUSTERS; seed++) {
            RandomCluster source = new RandomCluster(seed);
            Snapshot cluster = source.cluster();
            PodInfo pod = source.pod("new");
            ScoreModel model = new ScoreModel(pod, cluster);
            for (Profile.Weighted weighted : DefaultPlugins.profile().scores()) {
                String name = weighted.plugin().name();
                List<NodeInfo> nodes = cluster.nodes();
                double margin = ROUNDED.contains(name) ? 2 : 1e-9;
                long[] scores = weighted.plugin().score(pod, nodes, cluster);
                for (int i = 0; i < nodes.size(); i++) {
                    for (int j = 0; j < nodes.size(); j++) {
                        double one = model.raw(name, nodes.get(i));
                        double other = model.raw(name, nodes.get(j));
                        if (scores == null) {
                            boolean silent = name.equals("NodeResourcesBalancedAllocation");
                            assertThat(silent || Double.isNaN(one) || one == other)
                                    .as("seed %d: %s has something to say", seed, name)
                                    .isTrue();
                        } else if (one > other + margin) {
                            compared.merge(name, 1, Integer::sum);
                            assertThat(scores[i])
                                    .as("seed %d: %s: %s, %s", seed, name, one, other)
                                    .isGreaterThanOrEqualTo(scores[j]);
                        } else if (one == other && margin < 1) {
                            assertThat(scores[i])
                                    .as("seed %d: %s: both %s", seed, name, one)
                                    .isEqualTo(scores[j]);
                        }
                    }
                }
            }
        }
        assertThat(compared)
                .hasSize(7)
                .allSatisfy((plugin, times) -> assertThat(times).isPositive());
    }
}
