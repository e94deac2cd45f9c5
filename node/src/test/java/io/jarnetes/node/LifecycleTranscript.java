package io.jarnetes.node;

import io.jarnetes.kubeclient.Json;
import io.jarnetes.kubeclient.KubeObject;
import io.jarnetes.kubeclient.TestObjects;
import io.jarnetes.kubeclient.Transcripts;
import io.jarnetes.kubeclient.Transcripts.Command;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * One pod on a simulated node, step by step.
 *
 * <ul>
 *   <li>{@code pod {object}}: a bound pod with one container, with more about it; begins anew
 *   <li>{@code change {object}}: what somebody else writes
 *   <li>{@code delete 30}: it is deleted, with so many seconds of grace
 *   <li>{@code step 1.5}: the node looks at it this many seconds after its beginning
 * </ul>
 *
 * A step prints the phase, conditions that aren't True with their reasons, the state of each
 * container, and what is to follow.
 */
final class LifecycleTranscript implements Transcripts.Interpreter {

    private static final Instant BEGIN = Instant.parse("2026-01-01T00:00:00Z");
    private static final PodLifecycle.Host HOST =
            new PodLifecycle.Host("192.168.49.3", "10.200.0.2");

    private KubeObject pod = KubeObject.of(Json.object());
    private @Nullable Instant deletionSeen;
    private boolean deleted;

    @Override
    public List<String> run(String line) {
        Command command = Command.of(line);
        switch (command.verb()) {
            case "pod" -> {
                deleted = false;
                deletionSeen = null;
                KubeObject plain = TestObjects.with(TestObjects.pod("p"), "{'status': null}");
                pod = TestObjects.merged(plain, command.body());
            }
            case "change" -> pod = TestObjects.merged(pod, command.body());
            case "delete" -> {
                deleted = true;
                pod =
                        TestObjects.merged(
                                pod,
                                Json.of(
                                        "metadata",
                                        Json.of(
                                                "deletionTimestamp",
                                                KubeObject.time(BEGIN),
                                                "deletionGracePeriodSeconds",
                                                command.number(0, 30))));
            }
            case "step" -> {
                return step(Double.parseDouble(command.word(0)));
            }
            default -> throw command.unknown();
        }
        return List.of();
    }

    private List<String> step(double seconds) {
        Instant now = BEGIN.plusMillis(Math.round(seconds * 1000));
        if (deleted && deletionSeen == null) {
            deletionSeen = now;
        }
        PodLifecycle.Step step = PodLifecycle.step(pod, HOST, deletionSeen, now);
        List<String> out = new ArrayList<>();
        ObjectNode status = step.status();
        if (status == null) {
            out.add("nothing to write");
        } else {
            ObjectNode tree = pod.copy();
            tree.set("status", status);
            pod = KubeObject.of(tree);
            String reason = pod.text("status", "reason");
            out.add(
                    pod.text("status", "phase")
                            + (reason.isEmpty() ? "" : " " + reason)
                            + " "
                            + pod.text("status", "podIP"));
            conditions(out);
            containers(out, "initContainerStatuses");
            containers(out, "containerStatuses");
        }
        if (step.started()) {
            out.add("containers start");
        }
        if (step.remove()) {
            out.add("goes for good");
        }
        Duration again = step.again();
        if (again != null) {
            out.add("looks again in " + again.toMillis() + " ms");
        }
        return out;
    }

    private void conditions(List<String> out) {
        for (JsonNode condition : pod.at("status", "conditions")) {
            String reason = Json.text(condition, "reason");
            if (!Json.text(condition, "status").equals("True")) {
                out.add(
                        "%s %s%s since %s"
                                .formatted(
                                        Json.text(condition, "type"),
                                        Json.text(condition, "status"),
                                        reason.isEmpty() ? "" : " " + reason,
                                        second(Json.text(condition, "lastTransitionTime"))));
            }
        }
    }

    private static String second(String time) {
        return Duration.between(BEGIN, Instant.parse(time)).toSeconds() + " s";
    }

    private void containers(List<String> out, String field) {
        for (JsonNode status : pod.at("status", field)) {
            StringBuilder line = new StringBuilder(Json.text(status, "name")).append(':');
            for (var state : status.path("state").properties()) {
                JsonNode value = state.getValue();
                line.append(' ').append(state.getKey());
                if (value.has("exitCode")) {
                    line.append(' ').append(Json.text(value, "exitCode"));
                    line.append(' ').append(Json.text(value, "reason"));
                    line.append(" at ").append(second(Json.text(value, "finishedAt")));
                } else {
                    line.append(" since ").append(second(Json.text(value, "startedAt")));
                }
            }
            line.append(Json.flag(status, "ready") ? ", ready" : ", not ready");
            int restarts = Json.number(0, status, "restartCount");
            if (restarts > 0) {
                line.append(", restarted ").append(restarts);
                line.append(", ended before with ");
                line.append(Json.text(status, "lastState", "terminated", "exitCode"));
            }
            out.add(line.toString());
        }
    }
}
