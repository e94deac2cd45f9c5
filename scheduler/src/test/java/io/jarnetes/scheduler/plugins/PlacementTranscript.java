package io.jarnetes.scheduler.plugins;

import io.jarnetes.kubeclient.Json;
import io.jarnetes.kubeclient.KubeObject;
import io.jarnetes.kubeclient.TestObjects;
import io.jarnetes.kubeclient.Transcripts;
import io.jarnetes.kubeclient.Transcripts.Command;
import io.jarnetes.scheduler.framework.FilterPlugin;
import io.jarnetes.scheduler.framework.NodeInfo;
import io.jarnetes.scheduler.framework.PodInfo;
import io.jarnetes.scheduler.framework.Profile;
import io.jarnetes.scheduler.framework.Snapshot;
import io.jarnetes.scheduler.framework.Verdict;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import tools.jackson.databind.node.ObjectNode;

/**
 * Nodes, pods on them, and questions about one more pod.
 *
 * <ul>
 *   <li>{@code cluster}: begins anew; {@code namespace other {labels}}
 *   <li>{@code node a {object}}: a node of 4 cores, 8 GiB and 10 pods, with more about it
 *   <li>{@code pod p a {object}}: a pod on a node, with more about it
 *   <li>{@code nominated p a {object}}: a pod without a node that one is kept for
 *   <li>{@code claim c {object}}, {@code volume v {object}}, {@code class k {object}}
 *   <li>{@code filter {object}}: what each filter says of each node about this pod
 *   <li>{@code score Plugin {object}}: the plugin's score of each node
 *   <li>{@code place {object}}: the node that is chosen, or the message of the event
 * </ul>
 */
final class PlacementTranscript implements Transcripts.Interpreter {

    private final Map<String, NodeInfo> nodes = new LinkedHashMap<>();
    private final Map<String, Map<String, String>> namespaces = new LinkedHashMap<>();
    private final Map<String, List<PodInfo>> nominated = new LinkedHashMap<>();
    private final Map<String, KubeObject> claims = new LinkedHashMap<>();
    private final Map<String, KubeObject> volumes = new LinkedHashMap<>();
    private final Map<String, KubeObject> classes = new LinkedHashMap<>();

    @Override
    public List<String> run(String line) {
        Command command = Command.of(line);
        String name = command.word(0);
        switch (command.verb()) {
            case "cluster" -> {
                nodes.clear();
                namespaces.clear();
                nominated.clear();
                claims.clear();
                volumes.clear();
                classes.clear();
                namespaces.put("ns", Map.of());
            }
            case "namespace" -> namespaces.put(name, Json.strings(command.body()));
            case "node" -> node(name, command.body());
            case "pod" ->
                    nodes.computeIfPresent(
                            command.word(1), (node, info) -> info.with(pod(name, command.body())));
            case "claim" -> claims.put("ns/" + name, stored("ns", name, CLAIM, command.body()));
            case "volume" -> volumes.put(name, stored("", name, VOLUME, command.body()));
            case "class" -> classes.put(name, stored("", name, "{}", command.body()));
            case "nominated" ->
                    nominated
                            .computeIfAbsent(command.word(1), node -> new ArrayList<>())
                            .add(pod(name, command.body()));
            case "filter" -> {
                return filter(pod("new", command.body()));
            }
            case "score" -> {
                return score(name, pod("new", command.body()));
            }
            case "place" -> {
                return place(pod("new", command.body()));
            }
            default -> throw command.unknown();
        }
        return List.of();
    }

    private Snapshot snapshot() {
        return new Snapshot(
                List.copyOf(nodes.values()),
                namespaces,
                new Snapshot.Volumes(claims, volumes, classes),
                List.of(),
                nominated);
    }

    private static final String CLAIM =
            "{'spec': {'accessModes': ['ReadWriteOnce'], 'storageClassName': 'late', 'resources':"
                    + " {'requests': {'storage': '1Gi'}}}}";
    private static final String VOLUME =
            "{'spec': {'accessModes': ['ReadWriteOnce'], 'storageClassName': 'late', 'capacity':"
                    + " {'storage': '1Gi'}}, 'status': {'phase': 'Available'}}";

    private static KubeObject stored(String namespace, String name, String base, ObjectNode more) {
        KubeObject named =
                TestObjects.with(
                        TestObjects.object(base),
                        "{'metadata': {'name': '%s', 'namespace': '%s', 'uid': 'uid-%s'}}"
                                .formatted(name, namespace, name));
        return TestObjects.merged(named, more);
    }

    private void node(String name, ObjectNode more) {
        KubeObject node =
                KubeObject.of(
                        Json.of(
                                "metadata",
                                Json.of(
                                        "name",
                                        name,
                                        "labels",
                                        Json.of("kubernetes.io/hostname", name)),
                                "status",
                                Json.of(
                                        "allocatable",
                                        Json.of("cpu", "4", "memory", "8Gi", "pods", "10"))));
        nodes.put(name, NodeInfo.of(TestObjects.merged(node, more), List.of()));
    }

    private static PodInfo pod(String name, ObjectNode more) {
        KubeObject pod = TestObjects.with(TestObjects.pod(name), "{'spec': {'nodeName': null}}");
        return PodInfo.of(TestObjects.merged(pod, more));
    }

    private List<String> filter(PodInfo pod) {
        List<String> out = new ArrayList<>();
        for (FilterPlugin plugin : DefaultPlugins.profile().filters()) {
            String refusal = plugin.refuse(pod, snapshot());
            if (refusal != null) {
                out.add(plugin.name() + ": " + refusal);
                continue;
            }
            FilterPlugin.NodeFilter filter = plugin.prepare(pod, snapshot());
            for (NodeInfo node : nodes.values()) {
                Verdict verdict = filter == null ? Verdict.FITS : filter.test(node);
                if (!verdict.fits()) {
                    out.add(
                            "%s: %s: %s%s"
                                    .formatted(
                                            node.name(),
                                            plugin.name(),
                                            String.join(", ", verdict.reasons()),
                                            verdict.resolvable() ? "" : " (for good)"));
                }
            }
        }
        return out.isEmpty() ? List.of("all fit") : out;
    }

    private List<String> score(String name, PodInfo pod) {
        for (Profile.Weighted weighted : DefaultPlugins.profile().scores()) {
            if (weighted.plugin().name().equals(name)) {
                long[] scores =
                        weighted.plugin().score(pod, List.copyOf(nodes.values()), snapshot());
                return List.of(
                        scores == null
                                ? "nothing to say"
                                : Arrays.toString(scores) + " x" + weighted.weight());
            }
        }
        throw new IllegalArgumentException("no such plugin: " + name);
    }

    private List<String> place(PodInfo pod) {
        Profile.Placement placement =
                DefaultPlugins.profile().place(pod, snapshot(), 0, new SplittableRandom(1));
        NodeInfo node = placement.node();
        return List.of(node == null ? placement.diagnosis().message(nodes.size()) : node.name());
    }
}
