package io.jarnetes.node;

import io.jarnetes.kubeclient.Json;
import io.jarnetes.kubeclient.KubeObject;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** One entry of status.containerStatuses. Identifiers are hashes of what they identify. */
final class ContainerStatus {

    private ContainerStatus() {}

    /** Without a state yet. */
    static ObjectNode of(KubeObject pod, JsonNode container, Instant now) {
        String name = Json.text(container, "name");
        String image = Json.text(container, "image");
        ObjectNode status =
                Json.of(
                        "name",
                        name,
                        "image",
                        image,
                        "imageID",
                        repository(image) + "@sha256:" + hash(image),
                        "containerID",
                        "simulated://" + hash(pod.uid() + "/" + name + "/" + now),
                        "restartCount",
                        0,
                        "lastState",
                        Json.object());
        JsonNode resources = container.path("resources");
        if (!resources.isEmpty()) {
            status.set("resources", resources.deepCopy());
            if (!resources.path("requests").isEmpty()) {
                status.set("allocatedResources", resources.path("requests").deepCopy());
            }
        }
        return status;
    }

    /** The image without its tag: the last colon, unless it belongs to the registry's port. */
    private static String repository(String image) {
        int colon = image.lastIndexOf(':');
        return colon > image.lastIndexOf('/') ? image.substring(0, colon) : image;
    }

    /**
     * @param before the status of the same container before
     * @param lastExit its exit code, if it ended and starts again
     */
    static void run(ObjectNode status, JsonNode before, @Nullable Integer lastExit, Instant now) {
        int restarts = Json.number(0, before, "restartCount");
        if (lastExit != null) {
            restarts++;
            status.set("lastState", Json.of("terminated", terminated(before, lastExit, now)));
        }
        status.put("restartCount", restarts);
        status.put("ready", true);
        status.put("started", true);
        status.set("state", Json.of("running", Json.of("startedAt", KubeObject.time(now))));
    }

    static void end(ObjectNode status, JsonNode before, int code, Instant now) {
        String id = Json.text(before, "containerID");
        if (!id.isEmpty()) {
            status.put("containerID", id);
        }
        status.put("restartCount", Json.number(0, before, "restartCount"));
        if (before.path("lastState") instanceof ObjectNode last) {
            status.set("lastState", last.deepCopy());
        }
        status.put("ready", false);
        status.put("started", false);
        ObjectNode terminated = terminated(before, code, now);
        terminated.put("containerID", Json.text(status, "containerID"));
        status.set("state", Json.of("terminated", terminated));
    }

    private static ObjectNode terminated(JsonNode before, int code, Instant now) {
        String started = Json.text(before, "state", "running", "startedAt");
        return Json.of(
                "exitCode",
                code,
                "reason",
                code == 0 ? "Completed" : "Error",
                "startedAt",
                started.isEmpty() ? KubeObject.time(now) : started,
                "finishedAt",
                KubeObject.time(now),
                "containerID",
                Json.text(before, "containerID"));
    }

    private static String hash(String text) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            return HexFormat.of().formatHex(digest.digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
