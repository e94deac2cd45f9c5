package io.jarnetes.controllermanager.framework;

import io.jarnetes.kubeclient.Json;
import io.jarnetes.kubeclient.KubeObject;
import io.jarnetes.kubeclient.TestObjects;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/**
 * Imaginary pods by name, for transcripts. {@code state} knows {@code pending}, {@code ready},
 * {@code unready}, {@code failed}, {@code succeeded}, {@code deleted} and {@code gone}.
 */
public final class FakePods {

    private final Map<String, KubeObject> pods = new TreeMap<>();

    public List<KubeObject> all() {
        return List.copyOf(pods.values());
    }

    public void clear() {
        pods.clear();
    }

    public @Nullable KubeObject get(String name) {
        return pods.get(name);
    }

    /** A pod that waits; with labels. */
    public void make(String name, Instant now, Map<String, String> labels) {
        pods.put(
                name,
                KubeObject.of(
                        Json.of(
                                "apiVersion",
                                "v1",
                                "kind",
                                "Pod",
                                "metadata",
                                Json.of(
                                        "namespace",
                                        "ns",
                                        "name",
                                        name,
                                        "uid",
                                        "uid-" + name,
                                        "creationTimestamp",
                                        KubeObject.time(now),
                                        "labels",
                                        labels),
                                "spec",
                                Json.object(),
                                "status",
                                Json.of("phase", "Pending"))));
    }

    public void edit(String name, ObjectNode patch) {
        KubeObject pod = pods.get(name);
        if (pod != null) {
            pods.put(name, TestObjects.merged(pod, patch));
        }
    }

    public void edit(Predicate<KubeObject> which, ObjectNode patch) {
        all().stream().filter(which).forEach(pod -> edit(pod.name(), patch));
    }

    /**
     * @return false if there is no such state
     */
    public boolean state(String name, String state, Instant now) {
        switch (state) {
            case "pending" -> edit(name, status("Pending", "False", now));
            case "ready" -> edit(name, status("Running", "True", now));
            case "unready" -> edit(name, status("Running", "False", now));
            case "failed" -> edit(name, status("Failed", "False", now));
            case "succeeded" -> edit(name, status("Succeeded", "False", now));
            case "deleted" ->
                    edit(
                            name,
                            Json.of(
                                    "metadata",
                                    Json.of("deletionTimestamp", KubeObject.time(now))));
            case "gone" -> pods.remove(name);
            default -> {
                return false;
            }
        }
        return true;
    }

    /** A pod's status: its phase, and whether it is ready since now. */
    public static ObjectNode status(String phase, String ready, Instant now) {
        return Json.of(
                "status",
                Json.of(
                        "phase",
                        phase,
                        "conditions",
                        List.of(
                                Json.of(
                                        "type",
                                        "Ready",
                                        "status",
                                        ready,
                                        "lastTransitionTime",
                                        KubeObject.time(now)))));
    }

    /** {@code name name}, or nothing of none. */
    public static List<String> line(String what, List<KubeObject> pods) {
        return pods.isEmpty()
                ? List.of()
                : List.of(
                        what
                                + " "
                                + String.join(" ", pods.stream().map(KubeObject::name).toList()));
    }

    /** The numbers of a status that are not 0, in one line. */
    public static String numbers(ObjectNode status, String... fields) {
        StringBuilder line = new StringBuilder("status");
        for (String field : fields) {
            String value = Json.text(status, field);
            if (!value.isEmpty() && !value.equals("0")) {
                line.append(" ").append(field).append("=").append(value);
            }
        }
        return line.toString();
    }
}
