package io.jarnetes.scheduler.framework;

import org.jspecify.annotations.Nullable;

/** Says which nodes fit a pod. */
public interface FilterPlugin {

    /** Looks at one node. */
    @FunctionalInterface
    interface NodeFilter {
        Verdict test(NodeInfo node);
    }

    /** Upstream's name. */
    String name();

    /**
     * Whether no node at all can take the pod, whatever it is like.
     *
     * @return why; null if nodes are to be asked
     */
    default @Nullable String refuse(PodInfo pod, Snapshot cluster) {
        return null;
    }

    /**
     * Looks at the pod and the whole cluster once, before the nodes are asked one by one.
     *
     * @return null if every node fits
     */
    @Nullable NodeFilter prepare(PodInfo pod, Snapshot cluster);
}
