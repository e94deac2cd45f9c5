package io.jarnetes.controllermanager.daemonset;

import io.jarnetes.controllermanager.framework.FakePods;
import io.jarnetes.controllermanager.framework.Revisions;
import io.jarnetes.kubeclient.Json;
import io.jarnetes.kubeclient.KubeObject;
import io.jarnetes.kubeclient.ManualClock;
import io.jarnetes.kubeclient.TestObjects;
import io.jarnetes.kubeclient.Transcripts;
import io.jarnetes.kubeclient.Transcripts.Command;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import tools.jackson.databind.node.ObjectNode;

/**
 * A DaemonSet, nodes, and imaginary pods {@code p0}, {@code p1}, and so on.
 *
 * <ul>
 *   <li>{@code set {spec}}: a set with this spec, of template {@code v1}, without nodes and pods
 *   <li>{@code node a {object}}: a node, or more about it; {@code no-node a}: it is gone
 *   <li>{@code update v2}: a new template
 *   <li>{@code pod a v1}: another pod on a node
 *   <li>{@code look}: asks the plan and does what it says
 *   <li>{@code ready p0}, and the other states of {@link FakePods}; {@code bound p0}: it is placed
 *   <li>{@code wait 10}: seconds pass
 * </ul>
 */
final class DaemonTranscript implements Transcripts.Interpreter {

    private final FakePods pods = new FakePods();
    private final Map<String, KubeObject> nodes = new TreeMap<>();
    private ManualClock clock = new ManualClock(Instant.parse("2026-01-01T00:00:00Z"));
    private FailedBackoff backoff = new FailedBackoff(clock);
    private KubeObject set = KubeObject.of(Json.object());
    private String hash = "v1";
    private int made;

    @Override
    public List<String> run(String line) {
        Command command = Command.of(line);
        String name = command.word(0);
        switch (command.verb()) {
            case "set" -> begin(command.body());
            case "node" ->
                    nodes.put(
                            name,
                            TestObjects.merged(
                                    nodes.getOrDefault(
                                            name,
                                            KubeObject.of(
                                                    Json.of("metadata", Json.of("name", name)))),
                                    command.body()));
            case "no-node" -> nodes.remove(name);
            case "update" -> hash = name;
            case "pod" -> make(name, command.word(1));
            case "bound" -> {
                KubeObject pod = pods.get(name);
                String node = pod == null ? "" : DaemonPlan.node(pod);
                pods.edit(name, Json.of("spec", Json.of("nodeName", node)));
            }
            case "wait" -> clock.advance(Duration.ofSeconds(command.number(0, 0)));
            case "look" -> {
                return look();
            }
            default -> {
                if (!pods.state(name, command.verb(), clock.instant())) {
                    throw command.unknown();
                }
            }
        }
        return List.of();
    }

    private void begin(ObjectNode spec) {
        if (!spec.has("template")) {
            spec.set("template", Json.of("spec", Json.object()));
        }
        set =
                KubeObject.of(
                        Json.of(
                                "metadata",
                                Json.of(
                                        "namespace", "ns",
                                        "name", "agent",
                                        "uid", "s",
                                        "generation", 1),
                                "spec",
                                spec));
        pods.clear();
        nodes.clear();
        clock = new ManualClock(Instant.parse("2026-01-01T00:00:00Z"));
        backoff = new FailedBackoff(clock);
        hash = "v1";
        made = 0;
    }

    private String make(String node, String of) {
        String name = "p" + made++;
        pods.make(name, clock.instant(), Map.of(Revisions.HASH_LABEL, of));
        ObjectNode spec = Json.object();
        NodeFit.pin(spec, node);
        pods.edit(name, Json.of("spec", spec));
        return name;
    }

    private List<String> look() {
        DaemonPlan.Decision decision =
                new DaemonPlan(
                                set,
                                pods.all(),
                                hash,
                                clock.instant(),
                                node -> backoff.left("s", node))
                        .decide(List.copyOf(nodes.values()));
        List<String> out = new ArrayList<>();
        decision.events()
                .forEach(event ->
                        out.add(
                                "event %s %s: %s"
                                        .formatted(
                                                event.warning() ? "Warning" : "Normal",
                                                event.reason(),
                                                event.message())));
        decision.failed().forEach(node -> backoff.failed("s", node));
        out.addAll(FakePods.line("delete", decision.delete()));
        decision.delete().forEach(pod -> pods.state(pod.name(), "deleted", clock.instant()));
        decision.create().forEach(node -> out.add("create " + make(node, hash) + " on " + node));
        Duration again = decision.again();
        if (again != null) {
            out.add("again in " + again.toSeconds() + "s");
        }
        ObjectNode status = decision.status();
        if (!Json.same(status, set.at("status"))) {
            out.add(
                    FakePods.numbers(
                            status,
                            "desiredNumberScheduled",
                            "currentNumberScheduled",
                            "numberMisscheduled",
                            "numberReady",
                            "numberAvailable",
                            "numberUnavailable",
                            "updatedNumberScheduled"));
        }
        ObjectNode tree = set.copy();
        tree.set("status", status);
        set = KubeObject.of(tree);
        return out.isEmpty() ? List.of("nothing") : out;
    }
}
