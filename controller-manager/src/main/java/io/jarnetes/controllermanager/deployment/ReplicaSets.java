package io.jarnetes.controllermanager.deployment;

import io.jarnetes.kubeclient.Json;
import io.jarnetes.kubeclient.KubeObject;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Questions about the ReplicaSets of a Deployment, and their annotations. */
final class ReplicaSets {

    static final String HASH_LABEL = "pod-template-hash";
    static final String REVISION = "deployment.kubernetes.io/revision";
    static final String HISTORY = "deployment.kubernetes.io/revision-history";
    static final String DESIRED = "deployment.kubernetes.io/desired-replicas";
    static final String MAXIMUM = "deployment.kubernetes.io/max-replicas";

    /** So that the history annotation stays small. */
    private static final int HISTORY_CHARS = 2000;

    private static final Set<String> NOT_COPIED =
            Set.of(
                    "kubectl.kubernetes.io/last-applied-configuration",
                    REVISION,
                    HISTORY,
                    DESIRED,
                    MAXIMUM,
                    "deprecated.deployment.rollback.to");

    static final Comparator<KubeObject> BY_AGE =
            Comparator.comparing(KubeObject::creationTimestamp).thenComparing(KubeObject::name);

    private ReplicaSets() {}

    static int size(KubeObject set) {
        return set.number(1, "spec", "replicas");
    }

    static int available(KubeObject set) {
        return set.number(0, "status", "availableReplicas");
    }

    static int sizes(List<KubeObject> sets) {
        return sets.stream().mapToInt(ReplicaSets::size).sum();
    }

    /** The sum of a status field. */
    static int sum(List<KubeObject> sets, String field) {
        return sets.stream().mapToInt(set -> set.number(0, "status", field)).sum();
    }

    static List<KubeObject> active(List<KubeObject> sets) {
        return sets.stream().filter(set -> size(set) > 0).toList();
    }

    /** The oldest set with the Deployment's template; the hash label does not count. */
    static @Nullable KubeObject current(KubeObject deployment, List<KubeObject> sets) {
        JsonNode wanted = withoutHash(deployment.at("spec", "template"));
        return sets.stream()
                .sorted(BY_AGE)
                .filter(set -> Json.same(wanted, withoutHash(set.at("spec", "template"))))
                .findFirst()
                .orElse(null);
    }

    static boolean sameTemplate(KubeObject deployment, KubeObject set) {
        return Json.same(
                withoutHash(deployment.at("spec", "template")),
                withoutHash(set.at("spec", "template")));
    }

    /** creationTimestamp: null and empty maps say nothing. */
    private static JsonNode withoutHash(JsonNode template) {
        JsonNode copy = template.deepCopy();
        if (copy.path("metadata") instanceof ObjectNode metadata) {
            metadata.remove("creationTimestamp");
            if (metadata.path("labels") instanceof ObjectNode labels) {
                labels.remove(HASH_LABEL);
            }
            metadata.removeIf(JsonNode::isEmpty);
            if (metadata.isEmpty() && copy instanceof ObjectNode object) {
                object.remove("metadata");
            }
        }
        return copy;
    }

    static long revision(KubeObject set) {
        return revision(set.annotation(REVISION));
    }

    static long revision(String text) {
        try {
            return text.isEmpty() ? 0 : Long.parseLong(text);
        } catch (NumberFormatException e) {
            return 0;
        }
    }

    /**
     * Brings the annotations of the current set up to date: what the Deployment carries, and the
     * revision, where the one before goes to the history.
     *
     * @param tree edited
     * @return whether anything changed
     */
    static boolean annotate(ObjectNode tree, KubeObject deployment, long revision) {
        ObjectNode annotations =
                tree.withObjectProperty("metadata").withObjectProperty("annotations");
        boolean changed = false;
        for (Map.Entry<String, String> entry : deployment.annotations().entrySet()) {
            if (!NOT_COPIED.contains(entry.getKey())
                    && !Json.text(annotations, entry.getKey()).equals(entry.getValue())) {
                annotations.put(entry.getKey(), entry.getValue());
                changed = true;
            }
        }
        String before = Json.text(annotations, REVISION);
        if (revision(before) >= revision) {
            return changed;
        }
        annotations.put(REVISION, Long.toString(revision));
        if (!before.isEmpty()) {
            String history = Json.text(annotations, HISTORY);
            annotations.put(HISTORY, appended(history, before));
        }
        return true;
    }

    private static String appended(String history, String revision) {
        String all = history.isEmpty() ? revision : history + "," + revision;
        while (all.length() > HISTORY_CHARS) {
            all = all.substring(all.indexOf(',') + 1);
        }
        return all;
    }

    /** Writes down for which size of the Deployment the set was last scaled. */
    static boolean annotateSize(ObjectNode tree, Bounds bounds) {
        ObjectNode annotations =
                tree.withObjectProperty("metadata").withObjectProperty("annotations");
        String desired = Integer.toString(bounds.replicas());
        String most = Integer.toString(bounds.most());
        boolean changed =
                !Json.text(annotations, DESIRED).equals(desired)
                        || !Json.text(annotations, MAXIMUM).equals(most);
        annotations.put(DESIRED, desired).put(MAXIMUM, most);
        return changed;
    }
}
