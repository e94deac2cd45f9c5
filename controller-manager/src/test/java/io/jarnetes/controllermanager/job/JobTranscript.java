package io.jarnetes.controllermanager.job;

import static io.jarnetes.kubeclient.TestObjects.merged;

import io.jarnetes.controllermanager.framework.FakePods;
import io.jarnetes.kubeclient.Json;
import io.jarnetes.kubeclient.KubeObject;
import io.jarnetes.kubeclient.Transcripts;
import io.jarnetes.kubeclient.Transcripts.Command;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * A Job and imaginary pods, which do what the plan says at once.
 *
 * <ul>
 *   <li>{@code job {spec}}: a Job with this spec
 *   <li>{@code set {object}}: lays this over the Job
 *   <li>{@code look}, {@code look unsettled}: asks the plan and does what it says
 *   <li>{@code pod p0 {object}}: lays this over a pod, or makes it
 *   <li>{@code run p0}, {@code succeed p0}, {@code fail p0 137}: what a kubelet reports
 *   <li>{@code delete p0}: somebody deletes a pod; {@code gone p0}: its kubelet lets it go
 *   <li>{@code wait 10}: seconds pass
 *   <li>{@code restart}: the controller forgets what it has not written
 * </ul>
 */
final class JobTranscript implements Transcripts.Interpreter {

    private final Map<String, KubeObject> pods = new TreeMap<>();
    private Instant now = Instant.parse("2026-01-01T00:00:00Z");
    private KubeObject job = KubeObject.of(Json.object());
    private PodBackoff backoff = PodBackoff.NONE;
    private int made;

    @Override
    public List<String> run(String line) {
        Command command = Command.of(line);
        String name = command.word(0);
        switch (command.verb()) {
            case "job" -> {
                job =
                        KubeObject.of(
                                Json.of(
                                        "kind",
                                        "Job",
                                        "metadata",
                                        Json.of("namespace", "ns", "name", "j", "uid", "j"),
                                        "spec",
                                        command.body()));
                pods.clear();
                backoff = PodBackoff.NONE;
                made = 0;
            }
            case "set" -> job = merged(job, command.body());
            case "look" -> {
                return look(!name.equals("unsettled"));
            }
            case "pod" -> edit(name, command.body());
            case "run" -> edit(name, FakePods.status("Running", "True", now));
            case "succeed" -> edit(name, ended("Succeeded", 0));
            case "fail" -> edit(name, ended("Failed", command.number(1, 1)));
            case "delete" -> deleted(name);
            case "gone" -> gone(name);
            case "wait" -> now = now.plusSeconds(command.number(0, 0));
            case "restart" -> backoff = PodBackoff.NONE;
            default -> throw command.unknown();
        }
        return List.of();
    }

    private ObjectNode ended(String phase, int code) {
        ObjectNode tree = FakePods.status(phase, "False", now);
        ObjectNode terminated = Json.of("exitCode", code, "finishedAt", KubeObject.time(now));
        tree.withObjectProperty("status")
                .withArrayProperty("containerStatuses")
                .add(Json.of("name", "c", "state", Json.of("terminated", terminated)));
        return tree;
    }

    private void edit(String name, ObjectNode with) {
        KubeObject before = pods.getOrDefault(name, fresh(name, JobPlan.NOT_COUNTED, null));
        pods.put(name, merged(before, with));
    }

    private KubeObject fresh(
            String name, int index, JobPlan.@org.jspecify.annotations.Nullable Creation creation) {
        ObjectNode annotations = Json.object();
        if (index >= 0 && creation != null) {
            annotations.put(JobPods.INDEX, Integer.toString(index));
            annotations.put(JobIndexes.FAILURES, Integer.toString(creation.failures()));
            annotations.put(JobIndexes.IGNORED, Integer.toString(creation.ignored()));
        }
        return KubeObject.of(
                Json.of(
                        "metadata",
                        Json.of(
                                "namespace",
                                "ns",
                                "name",
                                name,
                                "uid",
                                name,
                                "creationTimestamp",
                                KubeObject.time(now),
                                "annotations",
                                annotations,
                                "finalizers",
                                List.of(JobPods.FINALIZER)),
                        "status",
                        Json.of("phase", "Pending")));
    }

    private void deleted(String name) {
        KubeObject pod = pods.get(name);
        if (pod != null && !pod.deleting()) {
            edit(name, Json.of("metadata", Json.of("deletionTimestamp", KubeObject.time(now))));
        }
    }

    /** Its containers have stopped; it stays while it has finalizers. */
    private void gone(String name) {
        edit(name, ended("Failed", 143));
        KubeObject pod = pods.get(name);
        if (pod != null && pod.finalizers().isEmpty()) {
            pods.remove(name);
        }
    }

    private void released(String name) {
        edit(name, Json.of("metadata", Json.of("finalizers", List.of())));
        KubeObject pod = pods.get(name);
        String phase = pod == null ? "" : pod.text("status", "phase");
        if (pod != null
                && pod.deleting()
                && (phase.equals("Succeeded") || phase.equals("Failed"))) {
            pods.remove(name);
        }
    }

    private List<String> look(boolean settled) {
        if (JobPlan.finished(job)) {
            return List.of("is over");
        }
        JobPlan.Decision decision =
                JobPlan.decide(job, List.copyOf(pods.values()), settled, backoff, now);
        List<String> out = new ArrayList<>();
        names(out, "delete", decision.delete());
        names(out, "release", decision.release());
        names(out, "drop", decision.drop());
        decision.delete().forEach(pod -> deleted(pod.name()));
        decision.release().forEach(pod -> released(pod.name()));
        for (KubeObject pod : decision.drop()) {
            released(pod.name());
            deleted(pod.name());
        }
        for (JobPlan.Creation creation : decision.create()) {
            String name = "p" + made++;
            pods.put(name, fresh(name, creation.index(), creation));
            out.add("create " + name + describe(creation));
        }
        Duration again = decision.again();
        if (again != null) {
            out.add("again in " + again.toSeconds() + "s");
        }
        decision.events()
                .forEach(event ->
                        out.add(
                                "event %s %s: %s"
                                        .formatted(
                                                event.warning() ? "Warning" : "Normal",
                                                event.reason(),
                                                event.message())));
        out.addAll(differences(decision.status()));
        ObjectNode tree = job.copy();
        tree.set("status", decision.status());
        job = KubeObject.of(tree);
        backoff = decision.backoff();
        return out.isEmpty() ? List.of("nothing") : out;
    }

    private static void names(List<String> out, String what, List<KubeObject> pods) {
        if (!pods.isEmpty()) {
            out.add(what + " " + String.join(" ", pods.stream().map(KubeObject::name).toList()));
        }
    }

    private static String describe(JobPlan.Creation creation) {
        if (creation.index() < 0) {
            return "";
        }
        String counts =
                creation.failures() == JobPlan.NOT_COUNTED
                        ? ""
                        : " after " + creation.failures() + " failures";
        return " of index "
                + creation.index()
                + counts
                + (creation.ignored() > 0 ? ", " + creation.ignored() + " ignored" : "");
    }

    /** Numbers in one line; conditions that are new or changed, one each. */
    private List<String> differences(ObjectNode status) {
        List<String> out = new ArrayList<>();
        if (!Json.same(status, job.at("status"))) {
            StringBuilder line = new StringBuilder("status");
            for (String field :
                    List.of(
                            "active",
                            "ready",
                            "terminating",
                            "succeeded",
                            "failed",
                            "completedIndexes",
                            "failedIndexes")) {
                String value = Json.text(status, field);
                boolean number = status.path(field).isNumber();
                if (!value.isEmpty() && !(number && value.equals("0"))) {
                    line.append(" ").append(field).append("=").append(value);
                }
            }
            for (String list : List.of("succeeded", "failed")) {
                List<String> uids = Json.list(status, "uncountedTerminatedPods", list);
                if (!uids.isEmpty()) {
                    line.append(" uncounted ").append(list).append("=").append(uids);
                }
            }
            out.add(line.toString());
        }
        for (JsonNode condition : status.path("conditions")) {
            if (!Json.same(condition, job.condition(Json.text(condition, "type")))) {
                out.add(
                        "condition %s=%s %s: %s"
                                .formatted(
                                        Json.text(condition, "type"),
                                        Json.text(condition, "status"),
                                        Json.text(condition, "reason"),
                                        Json.text(condition, "message")));
            }
        }
        for (String time : List.of("startTime", "completionTime")) {
            if (!Json.text(status, time).equals(job.text("status", time))) {
                out.add(time + " " + Json.text(status, time));
            }
        }
        return out;
    }
}
