package io.jarnetes.controllermanager.deployment;

import io.jarnetes.controllermanager.framework.Hashes;
import io.jarnetes.kubeclient.Json;
import io.jarnetes.kubeclient.KubeObject;
import io.jarnetes.kubeclient.OwnerReference;
import io.jarnetes.kubeclient.Resource;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/**
 * One step of a Deployment: what to write now, given what is there. Later steps follow when the
 * ReplicaSets report. The edits are also made on the copies that this object holds, so that the
 * status at the end counts with them.
 */
final class Rollout {

    private final KubeObject deployment;
    private final Bounds bounds;
    private final List<KubeObject> old = new ArrayList<>();
    private final List<Action> actions = new ArrayList<>();
    private final DeploymentStatus status;
    private @Nullable KubeObject current;

    private Rollout(KubeObject deployment, List<KubeObject> sets, Instant now) {
        this.deployment = deployment;
        this.bounds = Bounds.of(deployment);
        this.current = ReplicaSets.current(deployment, sets);
        for (KubeObject set : sets) {
            if (current == null || !set.uid().equals(current.uid())) {
                old.add(set);
            }
        }
        this.status = new DeploymentStatus(deployment, now);
    }

    /**
     * @param sets the ReplicaSets that the Deployment controls
     * @param oldPodsRunning whether pods of other templates are still there (Recreate waits)
     */
    static List<Action> step(
            KubeObject deployment, List<KubeObject> sets, boolean oldPodsRunning, Instant now) {
        Rollout rollout = new Rollout(deployment, sets, now);
        rollout.decide(oldPodsRunning);
        return rollout.actions;
    }

    private void decide(boolean oldPodsRunning) {
        if (deployment.deleting()) {
            status.counted(all(), current);
            finish();
            return;
        }
        status.pausedCondition();
        boolean paused = deployment.flag("spec", "paused");
        if (paused || resized()) {
            annotateCurrent();
            resize();
            if (paused) {
                cleanUp();
            }
            status.counted(all(), current);
        } else {
            if (Bounds.rolling(deployment)) {
                roll();
            } else {
                recreate(oldPodsRunning);
            }
            status.counted(all(), current);
            status.progress(all(), current);
        }
        finish();
    }

    private void finish() {
        ObjectNode edited = status.edited();
        if (edited != null) {
            actions.add(new Action.Status(edited));
        }
    }

    private List<KubeObject> all() {
        List<KubeObject> all = new ArrayList<>(old);
        if (current != null) {
            all.add(current);
        }
        return all;
    }

    /** Whether spec.replicas changed since the sets were last scaled. */
    private boolean resized() {
        for (KubeObject set : ReplicaSets.active(all())) {
            String desired = set.annotation(ReplicaSets.DESIRED);
            if (!desired.isEmpty() && !desired.equals(Integer.toString(bounds.replicas()))) {
                return true;
            }
        }
        return false;
    }

    private long nextRevision() {
        return old.stream().mapToLong(ReplicaSets::revision).max().orElse(0) + 1;
    }

    private void annotateCurrent() {
        KubeObject set = current;
        if (set == null) {
            return;
        }
        ObjectNode tree = set.copy();
        boolean changed = ReplicaSets.annotate(tree, deployment, nextRevision());
        int minReadySeconds = deployment.number(0, "spec", "minReadySeconds");
        if (set.number(0, "spec", "minReadySeconds") != minReadySeconds) {
            tree.withObjectProperty("spec").put("minReadySeconds", minReadySeconds);
            changed = true;
        }
        if (changed) {
            int size = ReplicaSets.size(set);
            actions.add(new Action.Update(tree, size, size));
            current = KubeObject.of(tree);
        }
        status.revision(Json.text(tree, "metadata", "annotations", ReplicaSets.REVISION));
        status.found(set.name());
    }

    private KubeObject currentOrNew() {
        annotateCurrent();
        KubeObject set = current;
        if (set != null) {
            return set;
        }
        long revision = nextRevision();
        ObjectNode tree = fresh();
        int size = initialSize();
        tree.withObjectProperty("spec").put("replicas", size);
        boolean unused = ReplicaSets.annotate(tree, deployment, revision);
        unused = ReplicaSets.annotateSize(tree, bounds);
        actions.add(new Action.Create(tree));
        set = KubeObject.of(tree);
        current = set;
        status.revision(Long.toString(revision));
        status.created(set.name());
        return set;
    }

    private int initialSize() {
        if (!Bounds.rolling(deployment)) {
            return bounds.replicas();
        }
        int room = bounds.most() - ReplicaSets.sizes(old);
        return Math.max(0, Math.min(room, bounds.replicas()));
    }

    /** The ReplicaSet of the Deployment's template; its name is made of the template's hash. */
    private ObjectNode fresh() {
        ObjectNode template = (ObjectNode) deployment.at("spec", "template").deepCopy();
        int collisions = deployment.number(0, "status", "collisionCount");
        String hash = Hashes.template(template, collisions);
        template.withObjectProperty("metadata")
                .withObjectProperty("labels")
                .put(ReplicaSets.HASH_LABEL, hash);
        ObjectNode selector =
                deployment.at("spec", "selector") instanceof ObjectNode object
                        ? object.deepCopy()
                        : Json.object();
        selector.withObjectProperty("matchLabels").put(ReplicaSets.HASH_LABEL, hash);
        ObjectNode metadata =
                Json.of(
                        "name", name(hash),
                        "namespace", deployment.namespace(),
                        "labels", Json.at(template, "metadata", "labels").deepCopy());
        metadata.withArrayProperty("ownerReferences")
                .add(OwnerReference.controllerOf(Resource.DEPLOYMENTS, deployment).tree());
        ObjectNode spec = Json.of("replicas", 0, "selector", selector, "template", template);
        int minReadySeconds = deployment.number(0, "spec", "minReadySeconds");
        if (minReadySeconds != 0) {
            spec.put("minReadySeconds", minReadySeconds);
        }
        return Json.of("metadata", metadata, "spec", spec);
    }

    private String name(String hash) {
        int room = 253 - 1 - hash.length();
        String name = deployment.name();
        return (name.length() > room ? name.substring(0, room) : name) + "-" + hash;
    }

    private void roll() {
        KubeObject set = currentOrNew();
        if (growCurrent(set) || shrinkOld()) {
            return;
        }
        if (status.complete()) {
            cleanUp();
        }
    }

    /** Brings the new set towards its size, as far as the surge allows. */
    private boolean growCurrent(KubeObject set) {
        int size = ReplicaSets.size(set);
        if (size >= bounds.replicas()) {
            return size > bounds.replicas() && scale(set, bounds.replicas(), false);
        }
        int room = bounds.most() - ReplicaSets.sizes(all());
        return room > 0 && scale(set, size + Math.min(room, bounds.replicas() - size), false);
    }

    /** Takes pods of old sets away: first those that aren't available anyway, then the others. */
    private boolean shrinkOld() {
        KubeObject set = current;
        List<KubeObject> active = ReplicaSets.active(old);
        if (active.isEmpty() || set == null) {
            return false;
        }
        int missingInNew = ReplicaSets.size(set) - ReplicaSets.available(set);
        int most = ReplicaSets.sizes(all()) - bounds.least() - missingInNew;
        if (most <= 0) {
            return false;
        }
        int unhealthy = 0;
        for (KubeObject victim : active.stream().sorted(ReplicaSets.BY_AGE).toList()) {
            int size = ReplicaSets.size(victim);
            int take = Math.min(most - unhealthy, size - ReplicaSets.available(victim));
            if (take > 0 && scale(victim, size - take, false)) {
                unhealthy += take;
            }
        }
        return shrinkHealthy() + unhealthy > 0;
    }

    private int shrinkHealthy() {
        // What a set was told to take away is not counted, though its status may not say so yet.
        int staying =
                all().stream()
                        .mapToInt(
                                set -> Math.min(ReplicaSets.size(set), ReplicaSets.available(set)))
                        .sum();
        int spare = staying - bounds.least();
        int taken = 0;
        for (KubeObject victim :
                ReplicaSets.active(old).stream().sorted(ReplicaSets.BY_AGE).toList()) {
            int size = ReplicaSets.size(victim);
            int take = Math.min(size, spare - taken);
            if (take > 0 && scale(victim, size - take, false)) {
                taken += take;
            }
        }
        return taken;
    }

    private void recreate(boolean oldPodsRunning) {
        annotateCurrent();
        boolean scaled = false;
        for (KubeObject set : ReplicaSets.active(List.copyOf(old))) {
            scaled |= scale(set, 0, false);
        }
        if (scaled || oldPodsRunning) {
            return;
        }
        KubeObject set = current == null ? currentOrNew() : current;
        boolean unused = scale(set, bounds.replicas(), false);
        if (status.complete()) {
            cleanUp();
        }
    }

    /** Follows a changed spec.replicas, in proportion where several sets have pods. */
    private void resize() {
        List<KubeObject> active = ReplicaSets.active(all());
        if (active.size() <= 1) {
            KubeObject only = active.isEmpty() ? latest() : active.getFirst();
            if (only != null) {
                // Also where only the annotation is old: else it would be resized for ever.
                boolean unused = scale(only, bounds.replicas(), true);
            }
            return;
        }
        if (saturated()) {
            for (KubeObject set : ReplicaSets.active(List.copyOf(old))) {
                boolean unused = scale(set, 0, false);
            }
            return;
        }
        if (Bounds.rolling(deployment)) {
            proportionally(active);
        }
    }

    private @Nullable KubeObject latest() {
        if (current != null) {
            return current;
        }
        return old.stream().max(ReplicaSets.BY_AGE).orElse(null);
    }

    private boolean saturated() {
        KubeObject set = current;
        return set != null
                && ReplicaSets.size(set) == bounds.replicas()
                && set.annotation(ReplicaSets.DESIRED).equals(Integer.toString(bounds.replicas()))
                && ReplicaSets.available(set) == bounds.replicas();
    }

    private void proportionally(List<KubeObject> active) {
        int allowed = bounds.replicas() > 0 ? bounds.most() : 0;
        int add = allowed - ReplicaSets.sizes(active);
        Comparator<KubeObject> age = add > 0 ? ReplicaSets.BY_AGE.reversed() : ReplicaSets.BY_AGE;
        List<KubeObject> sorted =
                active.stream()
                        .sorted(
                                Comparator.comparingInt((KubeObject s) -> -ReplicaSets.size(s))
                                        .thenComparing(age))
                        .toList();
        int[] sizes = new int[sorted.size()];
        int added = 0;
        for (int i = 0; i < sizes.length; i++) {
            int share = share(sorted.get(i), add, added);
            sizes[i] = ReplicaSets.size(sorted.get(i)) + share;
            added += share;
        }
        // What rounding left over goes to the largest.
        sizes[0] = Math.max(0, sizes[0] + add - added);
        for (int i = 0; i < sizes.length; i++) {
            boolean unused = scale(sorted.get(i), sizes[i], true);
        }
    }

    private int share(KubeObject set, int add, int added) {
        int size = ReplicaSets.size(set);
        if (add == 0 || add == added) {
            return 0;
        }
        int wanted;
        if (bounds.replicas() == 0) {
            wanted = -size;
        } else {
            long before = ReplicaSets.revision(set.annotation(ReplicaSets.MAXIMUM));
            if (before == 0) {
                before = deployment.number(0, "status", "replicas");
            }
            wanted =
                    before == 0
                            ? 0
                            : (int) Math.round((double) size * bounds.most() / before) - size;
        }
        int room = add - added;
        return add > 0 ? Math.min(wanted, room) : Math.max(wanted, room);
    }

    /**
     * @param force also when only the annotations are out of date
     * @return whether the size changes
     */
    private boolean scale(KubeObject set, int size, boolean force) {
        int before = ReplicaSets.size(set);
        if (before == size && !force) {
            return false;
        }
        ObjectNode tree = set.copy();
        boolean annotated = ReplicaSets.annotateSize(tree, bounds);
        if (before == size && !annotated) {
            return false;
        }
        tree.withObjectProperty("spec").put("replicas", size);
        actions.add(new Action.Update(tree, before, size));
        replace(set, KubeObject.of(tree));
        return before != size;
    }

    private void replace(KubeObject before, KubeObject after) {
        if (current != null && current.name().equals(before.name())) {
            current = after;
            return;
        }
        old.replaceAll(set -> set.name().equals(before.name()) ? after : set);
    }

    /** Deletes the oldest empty sets past spec.revisionHistoryLimit. */
    private void cleanUp() {
        if (!deployment.present("spec", "revisionHistoryLimit")) {
            return;
        }
        List<KubeObject> alive =
                old.stream()
                        .filter(set -> !set.deleting())
                        .sorted(
                                Comparator.comparingLong((KubeObject s) -> ReplicaSets.revision(s))
                                        .thenComparing(ReplicaSets.BY_AGE))
                        .toList();
        int excess = alive.size() - deployment.number(10, "spec", "revisionHistoryLimit");
        for (int i = 0; i < excess; i++) {
            KubeObject set = alive.get(i);
            if (ReplicaSets.size(set) == 0
                    && set.number(0, "status", "replicas") == 0
                    && set.generation() <= set.at("status", "observedGeneration").asLong(0)) {
                actions.add(new Action.Delete(set));
            }
        }
    }
}
