package io.jarnetes.controllermanager.statefulset;

import io.jarnetes.controllermanager.framework.FakePods;
import io.jarnetes.controllermanager.framework.Revisions;
import io.jarnetes.kubeclient.Json;
import io.jarnetes.kubeclient.KubeObject;
import io.jarnetes.kubeclient.TestObjects;
import io.jarnetes.kubeclient.Transcripts;
import io.jarnetes.kubeclient.Transcripts.Command;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.node.ObjectNode;

/**
 * A StatefulSet {@code db} and its imaginary pods.
 *
 * <ul>
 *   <li>{@code set {spec}}: a set with this spec, at revision {@code v1}
 *   <li>{@code edit {spec}}: lays this over its spec
 *   <li>{@code update v2}: a new template
 *   <li>{@code look}: asks the plan and does what it says
 *   <li>{@code settle}: looks and makes pods ready and deleted ones gone, until nothing changes
 *   <li>{@code ready 0}, and the other states of {@link FakePods}, by ordinal
 *   <li>{@code pods}: what there is
 *   <li>{@code wait 10}: seconds pass
 * </ul>
 */
final class StatefulTranscript implements Transcripts.Interpreter {

    private final FakePods pods = new FakePods();
    private Instant now = Instant.parse("2026-01-01T00:00:00Z");
    private KubeObject set = KubeObject.of(Json.object());
    private String revision = "v1";

    @Override
    public List<String> run(String line) {
        Command command = Command.of(line);
        switch (command.verb()) {
            case "set" -> {
                set =
                        KubeObject.of(
                                Json.of(
                                        "metadata",
                                        Json.of(
                                                "namespace", "ns",
                                                "name", "db",
                                                "uid", "s",
                                                "generation", 1),
                                        "spec",
                                        command.body()));
                pods.clear();
                revision = "v1";
            }
            case "edit" -> set = TestObjects.merged(set, Json.of("spec", command.body()));
            case "delete-set" ->
                    set =
                            TestObjects.merged(
                                    set,
                                    Json.of(
                                            "metadata",
                                            Json.of("deletionTimestamp", KubeObject.time(now))));
            case "update" -> revision = command.word(0);
            case "wait" -> now = now.plusSeconds(command.number(0, 0));
            case "look" -> {
                return look();
            }
            case "settle" -> {
                return settle();
            }
            case "pods" -> {
                return pods.all().stream().map(StatefulTranscript::describe).toList();
            }
            default -> {
                if (!pods.state("db-" + command.word(0), command.verb(), now)) {
                    throw command.unknown();
                }
            }
        }
        return List.of();
    }

    private static String describe(KubeObject pod) {
        return pod.name()
                + " "
                + pod.label(Revisions.HASH_LABEL)
                + " "
                + pod.text("status", "phase")
                + (pod.deleting() ? " deleted" : "");
    }

    private String current() {
        String current = set.text("status", "currentRevision");
        return current.isEmpty() ? revision : current;
    }

    private List<String> look() {
        StatefulPlan.Decision decision =
                new StatefulPlan(set, pods.all(), current(), revision, 0, now).decide();
        List<String> out = new ArrayList<>();
        for (StatefulPlan.Creation creation : decision.create()) {
            String of = creation.current() ? current() : revision;
            String name = "db-" + creation.ordinal();
            pods.make(name, now, Map.of(Revisions.HASH_LABEL, of));
            out.add("create " + name + " of " + of);
        }
        out.addAll(FakePods.line("delete", decision.delete()));
        decision.delete().forEach(pod -> pods.state(pod.name(), "deleted", now));
        ObjectNode status = decision.status();
        if (!Json.same(status, set.at("status"))) {
            out.add(
                    FakePods.numbers(
                            status,
                            "replicas",
                            "readyReplicas",
                            "availableReplicas",
                            "currentReplicas",
                            "updatedReplicas",
                            "currentRevision",
                            "updateRevision"));
        }
        ObjectNode tree = set.copy();
        tree.set("status", status);
        set = KubeObject.of(tree);
        return out.isEmpty() ? List.of("nothing") : out;
    }

    /** Only what is made and deleted. */
    private List<String> settle() {
        List<String> out = new ArrayList<>();
        for (List<String> lines = look(); !lines.equals(List.of("nothing")); lines = look()) {
            lines.stream().filter(line -> !line.startsWith("status")).forEach(out::add);
            for (KubeObject pod : pods.all()) {
                pods.state(pod.name(), pod.deleting() ? "gone" : "ready", now);
            }
        }
        return out;
    }
}
