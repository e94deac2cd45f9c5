package io.jarnetes.controllermanager.statefulset;

import io.jarnetes.controllermanager.framework.Pods;
import io.jarnetes.controllermanager.framework.Revisions;
import io.jarnetes.kubeclient.Json;
import io.jarnetes.kubeclient.KubeObject;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/** What a StatefulSet does next: ordinals to make, pods to delete; and its status. */
final class StatefulPlan {

    /**
     * One pod to make.
     *
     * @param current whether it gets the current revision's template, not the update's
     */
    record Creation(int ordinal, boolean current) {}

    /**
     * What to do now, in this order; the rest follows when that is done.
     *
     * @param repair pods whose claims and labels are to be looked at
     * @param excess pods that are too many, whose claims are to be looked at
     */
    record Decision(
            List<Creation> create,
            List<KubeObject> repair,
            List<KubeObject> excess,
            List<KubeObject> delete,
            ObjectNode status) {}

    private final KubeObject set;
    private final Instant now;
    private final String currentName;
    private final String updateName;
    private final int collisions;
    private final TreeMap<Integer, KubeObject> pods = new TreeMap<>();
    private final List<Creation> create = new ArrayList<>();
    private final List<KubeObject> repair = new ArrayList<>();
    private final List<KubeObject> excess = new ArrayList<>();
    private final List<KubeObject> delete = new ArrayList<>();

    /** Pods of the current revision that an update takes away now. */
    private int leaving;

    /**
     * @param owned the pods of the set
     * @param currentName of the revision that pods had before an update
     * @param updateName of the template's revision
     */
    StatefulPlan(
            KubeObject set,
            List<KubeObject> owned,
            String currentName,
            String updateName,
            int collisions,
            Instant now) {
        this.set = set;
        this.now = now;
        this.currentName = currentName;
        this.updateName = updateName;
        this.collisions = collisions;
        for (KubeObject pod : owned) {
            int ordinal = ordinal(set, pod.name());
            if (ordinal >= 0) {
                pods.put(ordinal, pod);
            }
        }
    }

    /** -1 for a name that is not of the set. */
    static int ordinal(KubeObject set, String name) {
        String prefix = set.name() + "-";
        if (!name.startsWith(prefix)) {
            return -1;
        }
        String number = name.substring(prefix.length());
        return number.matches("0|[1-9]\\d{0,8}") ? Integer.parseInt(number) : -1;
    }

    private int start() {
        return set.number(0, "spec", "ordinals", "start");
    }

    private int end() {
        return start() + set.number(1, "spec", "replicas");
    }

    private boolean ordered() {
        return !set.text("spec", "podManagementPolicy").equals("Parallel");
    }

    private int partition() {
        return set.number(0, "spec", "updateStrategy", "rollingUpdate", "partition");
    }

    private boolean rolling() {
        return !set.text("spec", "updateStrategy", "type").equals("OnDelete");
    }

    boolean wanted(int ordinal) {
        return ordinal >= start() && ordinal < end();
    }

    Decision decide() {
        if (!set.deleting() && fill() && condemn() && rolling()) {
            update();
        }
        return new Decision(create, repair, excess, delete, status());
    }

    private boolean available(KubeObject pod) {
        return Pods.available(pod, set.number(0, "spec", "minReadySeconds"), now);
    }

    private boolean healthy(@Nullable KubeObject pod) {
        return pod != null && !pod.deleting() && available(pod);
    }

    /**
     * Makes what is missing, from the lowest ordinal on.
     *
     * @return whether to go on with the next concern; one after the other, only when all is well
     */
    private boolean fill() {
        for (int i = start(); i < end(); i++) {
            KubeObject pod = pods.get(i);
            if (pod == null) {
                create.add(new Creation(i, currentFor(i)));
            } else if (!Pods.finished(pod)) {
                repair.add(pod);
            } else if (!pod.deleting()) {
                delete.add(pod);
            }
            boolean well = healthy(pod) && pod != null && !Pods.finished(pod);
            if (ordered() && !well) {
                return false;
            }
        }
        return true;
    }

    /** Below the partition pods keep the old template, also new ones. */
    private boolean currentFor(int ordinal) {
        return !currentName.equals(updateName) && rolling() && ordinal < start() + partition();
    }

    /** Deletes what is too much, from the highest ordinal down. */
    private boolean condemn() {
        for (Map.Entry<Integer, KubeObject> entry : pods.descendingMap().entrySet()) {
            if (!wanted(entry.getKey())) {
                excess.add(entry.getValue());
            }
        }
        // Of several that are unwell the lowest goes first: the others may wait for it.
        KubeObject unwell = null;
        for (KubeObject pod : excess) {
            unwell = healthy(pod) ? unwell : pod;
        }
        for (KubeObject pod : excess) {
            if (!pod.deleting()) {
                if (ordered() && !available(pod) && pod != unwell) {
                    return false;
                }
                delete.add(pod);
            }
            if (ordered()) {
                return false;
            }
        }
        return true;
    }

    /** Deletes one pod of an old template, from the highest ordinal down to the partition. */
    private void update() {
        for (int i = end() - 1; i >= start() + partition(); i--) {
            KubeObject pod = pods.get(i);
            if (pod != null
                    && !pod.deleting()
                    && !pod.label(Revisions.HASH_LABEL).equals(updateName)) {
                if (!delete.contains(pod)) {
                    delete.add(pod);
                }
                leaving++;
                return;
            }
            if (!healthy(pod)) {
                return;
            }
        }
    }

    private ObjectNode status() {
        ObjectNode status =
                set.at("status") instanceof ObjectNode there ? there.deepCopy() : Json.object();
        int ready = 0;
        int available = 0;
        int current = -leaving;
        int updated = 0;
        for (KubeObject pod : pods.values()) {
            if (Pods.phase(pod).equals("Running") && Pods.ready(pod)) {
                ready++;
                available += available(pod) ? 1 : 0;
            }
            if (!pod.deleting()) {
                String revision = pod.label(Revisions.HASH_LABEL);
                current += revision.equals(currentName) ? 1 : 0;
                updated += revision.equals(updateName) ? 1 : 0;
            }
        }
        int wanted = end() - start();
        boolean complete =
                updated == wanted && ready == wanted && pods.size() == wanted && rolling();
        status.put("observedGeneration", set.generation());
        status.put("replicas", pods.size());
        put(status, "readyReplicas", ready);
        status.put("availableReplicas", available);
        put(status, "updatedReplicas", updated);
        put(status, "currentReplicas", complete ? updated : Math.max(0, current));
        status.put("updateRevision", updateName);
        status.put("currentRevision", complete ? updateName : currentName);
        status.put("collisionCount", collisions);
        return status;
    }

    private static void put(ObjectNode status, String field, int value) {
        if (value == 0) {
            status.remove(field);
        } else {
            status.put(field, value);
        }
    }
}
