package io.jarnetes.controllermanager.garbage;

import io.jarnetes.kubeclient.KubeObject;
import io.jarnetes.kubeclient.OwnerReference;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Who owns whom, by UID. An owner that no informer has shown yet stands in it as a virtual node,
 * until it is seen or proves to be absent. Thread-safe: every call is one step.
 */
final class Graph {

    static final String ORPHAN = "orphan";
    static final String FOREGROUND = "foregroundDeletion";

    /**
     * One object.
     *
     * @param virtual known from an owner reference only
     * @param beingDeleted whether it has a deletionTimestamp
     * @param waiting whether it waits for its dependents to go (foreground)
     */
    record Node(
            String apiVersion,
            String kind,
            String namespace,
            String name,
            String uid,
            List<OwnerReference> owners,
            boolean virtual,
            boolean beingDeleted,
            boolean waiting) {

        Node {
            owners = List.copyOf(owners);
        }

        String key() {
            return KubeObject.key(namespace, name);
        }
    }

    /**
     * What a change asks for.
     *
     * @param check UIDs that may have to be deleted, or that wait for dependents
     * @param orphan UIDs whose dependents are to be set free
     */
    record Work(Set<String> check, Set<String> orphan) {

        static Work none() {
            return new Work(new LinkedHashSet<>(), new LinkedHashSet<>());
        }
    }

    private final Map<String, Node> nodes = new HashMap<>();
    private final Map<String, Set<String>> dependents = new HashMap<>();

    /** An object as it is now. */
    synchronized Work observe(KubeObject object) {
        Work work = Work.none();
        Node before = nodes.get(object.uid());
        Node now = node(object);
        nodes.put(now.uid(), now);
        link(before, now, work);
        boolean knownWaiting = before != null && before.waiting();
        if (now.beingDeleted() && object.finalizers().contains(ORPHAN)) {
            work.orphan().add(now.uid());
        }
        if (now.waiting() && !knownWaiting) {
            work.check().addAll(dependents.getOrDefault(now.uid(), Set.of()));
            work.check().add(now.uid());
        }
        return work;
    }

    private static Node node(KubeObject object) {
        return new Node(
                object.apiVersion(),
                object.kind(),
                object.namespace(),
                object.name(),
                object.uid(),
                object.owners(),
                false,
                object.deleting(),
                object.deleting() && object.finalizers().contains(FOREGROUND));
    }

    private void link(@Nullable Node before, Node now, Work work) {
        List<OwnerReference> former = before == null ? List.of() : before.owners();
        for (OwnerReference owner : former) {
            if (!now.owners().contains(owner)) {
                unlink(owner.uid(), now.uid());
                // An owner that waits for its dependents waits for one less.
                if (nodes.containsKey(owner.uid())) {
                    work.check().add(owner.uid());
                }
            }
        }
        for (OwnerReference owner : now.owners()) {
            Node known = nodes.get(owner.uid());
            dependents.computeIfAbsent(owner.uid(), uid -> new LinkedHashSet<>()).add(now.uid());
            if (known == null) {
                nodes.put(owner.uid(), virtual(owner, now.namespace()));
                work.check().add(owner.uid());
            } else if (!former.contains(owner) && known.waiting()) {
                work.check().add(now.uid());
            }
        }
    }

    private static Node virtual(OwnerReference owner, String namespace) {
        return new Node(
                owner.apiVersion(),
                owner.kind(),
                namespace,
                owner.name(),
                owner.uid(),
                List.of(),
                true,
                false,
                false);
    }

    private void unlink(String owner, String dependent) {
        Set<String> all = dependents.get(owner);
        if (all != null) {
            all.remove(dependent);
            if (all.isEmpty()) {
                dependents.remove(owner);
            }
        }
    }

    /** An object that is gone: its dependents may have to follow, its owners wait for one less. */
    synchronized Work forget(String uid) {
        Work work = Work.none();
        Node gone = nodes.remove(uid);
        work.check().addAll(dependents.getOrDefault(uid, Set.of()));
        if (gone != null) {
            for (OwnerReference owner : gone.owners()) {
                unlink(owner.uid(), uid);
                Node waiting = nodes.get(owner.uid());
                if (waiting != null && waiting.waiting()) {
                    work.check().add(owner.uid());
                }
            }
        }
        return work;
    }

    synchronized Optional<Node> get(String uid) {
        return Optional.ofNullable(nodes.get(uid));
    }

    synchronized List<Node> dependents(String uid) {
        List<Node> all = new ArrayList<>();
        for (String dependent : dependents.getOrDefault(uid, Set.of())) {
            Node node = nodes.get(dependent);
            if (node != null) {
                all.add(node);
            }
        }
        return all;
    }

    /** Dependents without which the owner does not go: their references say so. */
    synchronized List<Node> blocking(String uid) {
        List<Node> blocking = new ArrayList<>();
        for (Node dependent : dependents(uid)) {
            for (OwnerReference owner : dependent.owners()) {
                if (owner.uid().equals(uid) && owner.blockOwnerDeletion()) {
                    blocking.add(dependent);
                }
            }
        }
        return blocking;
    }
}
