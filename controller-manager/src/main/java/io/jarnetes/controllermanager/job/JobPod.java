package io.jarnetes.controllermanager.job;

import io.jarnetes.controllermanager.framework.Pods;
import io.jarnetes.kubeclient.Json;
import io.jarnetes.kubeclient.KubeObject;
import io.jarnetes.kubeclient.OwnerReference;
import io.jarnetes.kubeclient.Resource;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** The pod of a Job: its finalizer, and its index in all the places where programs look for it. */
final class JobPod {

    /** The API server adds five characters to make 63. */
    private static final int LONGEST_PREFIX = 58;

    private static final String VARIABLE = "JOB_COMPLETION_INDEX";

    private JobPod() {}

    static ObjectNode of(KubeObject job, JobPlan.Creation creation) {
        ObjectNode pod =
                Pods.fromTemplate(
                        job.at("spec", "template"),
                        job.name(),
                        OwnerReference.controllerOf(Resource.JOBS, job));
        ObjectNode metadata = pod.withObjectProperty("metadata");
        ArrayNode finalizers = metadata.withArrayProperty("finalizers");
        if (!Json.list(finalizers).contains(JobPods.FINALIZER)) {
            finalizers.add(JobPods.FINALIZER);
        }
        if (creation.index() == JobPods.NO_INDEX) {
            return pod;
        }
        String index = Integer.toString(creation.index());
        metadata.put("generateName", prefix(job.name(), "-" + index + "-"));
        metadata.withObjectProperty("labels").put(JobPods.INDEX, index);
        ObjectNode annotations = metadata.withObjectProperty("annotations");
        annotations.put(JobPods.INDEX, index);
        if (creation.failures() != JobPlan.NOT_COUNTED) {
            annotations.put(JobIndexes.FAILURES, Integer.toString(creation.failures()));
            if (creation.ignored() > 0) {
                annotations.put(JobIndexes.IGNORED, Integer.toString(creation.ignored()));
            }
        }
        ObjectNode spec = pod.withObjectProperty("spec");
        spec.put("hostname", job.name() + "-" + index);
        for (String field : List.of("initContainers", "containers")) {
            spec.path(field).forEach(container -> variable((ObjectNode) container));
        }
        return pod;
    }

    private static String prefix(String name, String end) {
        int room = LONGEST_PREFIX - end.length();
        return (name.length() > room ? name.substring(0, room) : name) + end;
    }

    private static void variable(ObjectNode container) {
        for (JsonNode there : container.path("env")) {
            if (Json.text(there, "name").equals(VARIABLE)) {
                return;
            }
        }
        String path = "metadata.labels['" + JobPods.INDEX + "']";
        container
                .withArrayProperty("env")
                .add(
                        Json.of(
                                "name",
                                VARIABLE,
                                "valueFrom",
                                Json.of("fieldRef", Json.of("fieldPath", path))));
    }
}
