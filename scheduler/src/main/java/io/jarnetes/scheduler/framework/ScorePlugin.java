package io.jarnetes.scheduler.framework;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** Says how well the nodes that fit suit a pod. */
public interface ScorePlugin {

    /** The best score of a plugin, before its weight. */
    long MAX_SCORE = 100;

    String name();

    /**
     * Scores of the nodes, each 0 to {@link #MAX_SCORE}.
     *
     * @return null if the plugin has nothing to say about this pod
     */
    long @Nullable [] score(PodInfo pod, List<NodeInfo> nodes, Snapshot cluster);

    /**
     * Stretches scores so that the greatest is {@link #MAX_SCORE}.
     *
     * @param reverse whether few is good
     */
    static long[] normalized(long[] scores, boolean reverse) {
        long most = 0;
        for (long score : scores) {
            most = Math.max(most, score);
        }
        long[] normalized = new long[scores.length];
        for (int i = 0; i < scores.length; i++) {
            long share = most == 0 ? 0 : MAX_SCORE * scores[i] / most;
            normalized[i] = reverse ? MAX_SCORE - share : share;
        }
        return normalized;
    }
}
