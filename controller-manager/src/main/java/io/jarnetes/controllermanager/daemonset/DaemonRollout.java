package io.jarnetes.controllermanager.daemonset;

import io.jarnetes.kubeclient.KubeObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * One step of a rolling update. Without a surge old pods are deleted while few enough are
 * unavailable; with one, new pods are made beside old ones that serve until the new ones do.
 */
final class DaemonRollout {

    /** The pods of a node: at most one of each, else {@code clear} is false. */
    private record Here(@Nullable KubeObject fresh, @Nullable KubeObject old, boolean clear) {}

    private final DaemonPods pods;
    private final Map<String, NodeFit.Verdict> fit;
    private final Map<String, Here> byNode = new TreeMap<>();
    private final List<String> create = new ArrayList<>();
    private final List<KubeObject> delete = new ArrayList<>();
    private int desired;

    DaemonRollout(
            DaemonPods pods,
            Map<String, List<KubeObject>> byNode,
            Map<String, NodeFit.Verdict> fit) {
        this.pods = pods;
        this.fit = fit;
        byNode.forEach((node, here) -> this.byNode.put(node, here(here)));
        fit.forEach((node, verdict) -> {
            if (verdict.run()) {
                desired++;
                this.byNode.putIfAbsent(node, new Here(null, null, true));
            }
        });
    }

    private Here here(List<KubeObject> all) {
        KubeObject fresh = null;
        KubeObject old = null;
        for (KubeObject pod : all) {
            if (pod.deleting()) {
                continue;
            }
            boolean updated = pods.updated(pod);
            if ((updated ? fresh : old) != null) {
                return new Here(null, null, false);
            }
            fresh = updated ? pod : fresh;
            old = updated ? old : pod;
        }
        return new Here(fresh, old, true);
    }

    List<String> create() {
        return create;
    }

    List<KubeObject> delete() {
        return delete;
    }

    void decide() {
        int surge = pods.maxSurge(desired);
        if (surge == 0) {
            replace(pods.maxUnavailable(desired));
        } else {
            surge(surge);
        }
    }

    private void replace(int most) {
        int unavailable = 0;
        List<KubeObject> candidates = new ArrayList<>();
        for (Here here : byNode.values()) {
            KubeObject fresh = here.fresh();
            KubeObject old = here.old();
            if ((fresh == null) == (old == null)) {
                // None, both, or too many: that is being seen to.
                unavailable++;
            } else if (fresh != null) {
                unavailable += pods.available(fresh) ? 0 : 1;
            } else if (old != null && !pods.available(old)) {
                delete.add(old);
                unavailable++;
            } else if (old != null) {
                candidates.add(old);
            }
        }
        int room = Math.clamp(most - unavailable, 0, candidates.size());
        delete.addAll(candidates.subList(0, room));
    }

    private void surge(int most) {
        int surging = 0;
        int available = 0;
        List<String> candidates = new ArrayList<>();
        List<KubeObject> elsewhere = new ArrayList<>();
        for (Map.Entry<String, Here> entry : byNode.entrySet()) {
            KubeObject fresh = entry.getValue().fresh();
            KubeObject old = entry.getValue().old();
            if (!entry.getValue().clear()) {
                surging++;
                continue;
            }
            KubeObject serving = old == null ? fresh : old;
            available += serving != null && pods.available(serving) ? 1 : 0;
            if (old == null) {
                continue;
            }
            NodeFit.Verdict verdict = fit.get(entry.getKey());
            boolean run = verdict != null && verdict.run();
            if (fresh != null) {
                if (pods.available(fresh)) {
                    delete.add(old);
                } else {
                    surging++;
                }
            } else if (!pods.available(old)) {
                if (run) {
                    create.add(entry.getKey());
                } else {
                    delete.add(old);
                }
            } else if (run) {
                candidates.add(entry.getKey());
            } else {
                elsewhere.add(old);
            }
        }
        // Pods of nodes that are no longer meant go when enough others serve.
        delete.addAll(elsewhere.subList(0, Math.clamp(available - desired, 0, elsewhere.size())));
        create.addAll(candidates.subList(0, Math.clamp(most - surging, 0, candidates.size())));
    }
}
