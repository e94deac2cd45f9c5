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
import tools.jackson.databind.node.ObjectNode;

/** What a StatefulSet does next: ordinals to make, pods to delete; and its status. */
final class StatefulPlan {

    /**
     * One pod to make.
     *
     * @param current whether it gets the current revision's template, not the update's
     */
    record Creation(int ordinal, boolean current) {}

    /** What to do now; the rest follows when that is done. */
    record Decision(List<Creation> create, List<KubeObject> delete, ObjectNode status) {}

    private final KubeObject set;
    private final Instant now;
    private final String currentHash;
    private final String updateHash;
    private final TreeMap<Integer, KubeObject> pods = new TreeMap<>();
    private final List<Creation> create = new ArrayList<>();
    private final List<KubeObject> delete = new ArrayList<>();

    /**
     * @param owned the pods of the set
     * @param currentHash of the revision that pods had before an update
     * @param updateHash of the template's revision
     */
    StatefulPlan(
            KubeObject set,
            List<KubeObject> owned,
            String currentHash,
            String updateHash,
            Instant now) {
        this.set = set;
        this.now = now;
        this.currentHash = currentHash;
        this.updateHash = updateHash;
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

    Decision decide() {
        if (!set.deleting() && fill() && condemn() && rolling()) {
            update();
        }
        return new Decision(create, delete, status());
    }

    private boolean healthy(KubeObject pod) {
        return !pod.deleting()
                && Pods.available(pod, set.number(0, "spec", "minReadySeconds"), now);
    }

    /**
     * Makes what is missing, from the lowest ordinal on.
     *
     * @return whether to go on with the next concern
     */
    private boolean fill() {
        for (int i = start(); i < end(); i++) {
            KubeObject pod = pods.get(i);
            if (pod == null) {
                create.add(new Creation(i, currentFor(i)));
            } else if (Pods.finished(pod) && !pod.deleting()) {
                delete.add(pod);
            } else if (healthy(pod)) {
                continue;
            }
            if (ordered()) {
                return false;
            }
        }
        return create.isEmpty() && delete.isEmpty();
    }

    /**
     * Below the partition, and while no update is under way above it, pods keep the old template.
     */
    private boolean currentFor(int ordinal) {
        if (currentHash.equals(updateHash)) {
            return false;
        }
        if (rolling() && partition() > 0) {
            return ordinal < start() + partition();
        }
        return ordinal < start() + set.number(0, "status", "currentReplicas");
    }

    /** Deletes what is too much, from the highest ordinal down. */
    private boolean condemn() {
        List<KubeObject> excess = new ArrayList<>();
        for (Map.Entry<Integer, KubeObject> entry : pods.descendingMap().entrySet()) {
            if (entry.getKey() >= end() || entry.getKey() < start()) {
                excess.add(entry.getValue());
            }
        }
        for (KubeObject pod : excess) {
            if (!pod.deleting()) {
                delete.add(pod);
            }
            if (ordered()) {
                return false;
            }
        }
        return excess.isEmpty();
    }

    /** Deletes one pod of an old template, from the highest ordinal down to the partition. */
    private void update() {
        for (int i = end() - 1; i >= start() + partition(); i--) {
            KubeObject pod = pods.get(i);
            if (pod == null) {
                return;
            }
            if (!pod.label(Revisions.HASH_LABEL).equals(updateHash)) {
                if (!pod.deleting()) {
                    delete.add(pod);
                }
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
        int replicas = 0;
        int ready = 0;
        int available = 0;
        int current = 0;
        int updated = 0;
        for (KubeObject pod : pods.values()) {
            replicas++;
            ready += Pods.ready(pod) ? 1 : 0;
            available += Pods.available(pod, set.number(0, "spec", "minReadySeconds"), now) ? 1 : 0;
            if (!pod.deleting()) {
                String hash = pod.label(Revisions.HASH_LABEL);
                current += hash.equals(currentHash) ? 1 : 0;
                updated += hash.equals(updateHash) ? 1 : 0;
            }
        }
        status.put("observedGeneration", set.generation());
        status.put("replicas", replicas);
        put(status, "readyReplicas", ready);
        status.put("availableReplicas", available);
        put(status, "updatedReplicas", updated);
        status.put("updateRevision", updateHash);
        boolean complete = updated == replicas && ready == replicas && replicas == end() - start();
        if (complete && rolling() && partition() == 0) {
            current = updated;
            status.put("currentRevision", updateHash);
        } else {
            status.put("currentRevision", currentHash);
        }
        put(status, "currentReplicas", current);
        if (!status.has("collisionCount")) {
            status.put("collisionCount", 0);
        }
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
