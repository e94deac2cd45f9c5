package io.jarnetes.controllermanager.namespace;

import io.jarnetes.controllermanager.framework.Conditions;
import io.jarnetes.kubeclient.ApiException;
import io.jarnetes.kubeclient.KubeObject;
import io.jarnetes.kubeclient.Resource;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import tools.jackson.databind.node.ObjectNode;

/** What is left in a namespace that is being emptied, and the five conditions that say so. */
final class Contents {

    private final List<String> discoveryFailures = new ArrayList<>();
    private final List<String> deletionFailures = new ArrayList<>();
    private final Map<String, Integer> instances = new TreeMap<>();
    private final Map<String, Integer> finalizers = new TreeMap<>();

    void discovered(List<String> failures) {
        discoveryFailures.addAll(failures);
    }

    void failed(ApiException failure) {
        deletionFailures.add(String.valueOf(failure.getMessage()));
    }

    /**
     * @param items what was still there after the deletion
     */
    void left(Resource resource, List<KubeObject> items) {
        if (items.isEmpty()) {
            return;
        }
        // Upstream writes the group after a dot, and the dot also where there is no group.
        instances.put(resource.plural() + "." + resource.group(), items.size());
        for (KubeObject item : items) {
            item.finalizers().forEach(finalizer -> finalizers.merge(finalizer, 1, Integer::sum));
        }
    }

    boolean remaining() {
        return !instances.isEmpty();
    }

    boolean done() {
        return discoveryFailures.isEmpty() && deletionFailures.isEmpty() && instances.isEmpty();
    }

    /** Sets the conditions on a status tree. */
    void conditions(ObjectNode status, Instant now) {
        condition(
                status,
                "NamespaceDeletionDiscoveryFailure",
                "DiscoveryFailed",
                discoveryFailures.isEmpty()
                        ? ""
                        : "Discovery failed for some groups, "
                                + discoveryFailures.size()
                                + " failing: unable to retrieve the complete list of server APIs: "
                                + String.join(", ", discoveryFailures),
                "ResourcesDiscovered",
                "All resources successfully discovered",
                now);
        condition(
                status,
                "NamespaceDeletionGroupVersionParsingFailure",
                "GroupVersionParsingFailed",
                "",
                "ParsedGroupVersions",
                "All legacy kube types successfully parsed",
                now);
        condition(
                status,
                "NamespaceDeletionContentFailure",
                "ContentDeletionFailed",
                deletionFailures.isEmpty()
                        ? ""
                        : "Failed to delete all resource types, "
                                + deletionFailures.size()
                                + " remaining: "
                                + String.join(", ", deletionFailures),
                "ContentDeleted",
                "All content successfully deleted, may be waiting on finalization",
                now);
        condition(
                status,
                "NamespaceContentRemaining",
                "SomeResourcesRemain",
                joined("Some resources are remaining: ", instances, " has ", " resource instances"),
                "ContentRemoved",
                "All content successfully removed",
                now);
        condition(
                status,
                "NamespaceFinalizersRemaining",
                "SomeFinalizersRemain",
                joined(
                        "Some content in the namespace has finalizers remaining: ",
                        finalizers,
                        " in ",
                        " resource instances"),
                "ContentHasNoFinalizers",
                "All content-preserving finalizers finished",
                now);
    }

    private static String joined(
            String start, Map<String, Integer> counts, String between, String end) {
        if (counts.isEmpty()) {
            return "";
        }
        List<String> parts = new ArrayList<>();
        counts.forEach((name, count) -> parts.add(name + between + count + end));
        return start + String.join(", ", parts);
    }

    private static void condition(
            ObjectNode status,
            String type,
            String badReason,
            String problem,
            String goodReason,
            String goodMessage,
            Instant now) {
        if (problem.isEmpty()) {
            Conditions.set(status, type, "False", goodReason, goodMessage, now);
        } else {
            Conditions.set(status, type, "True", badReason, problem, now);
        }
    }
}
