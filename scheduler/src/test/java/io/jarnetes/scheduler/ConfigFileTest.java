package io.jarnetes.scheduler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import io.jarnetes.kubeclient.KubeObject;
import io.jarnetes.kubeclient.TestObjects;
import io.jarnetes.scheduler.framework.NodeInfo;
import io.jarnetes.scheduler.framework.PodInfo;
import io.jarnetes.scheduler.framework.Snapshot;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConfigFileTest {

    @Test
    void readsWhatTheWorkshopHas() throws IOException {
        ConfigFile file =
                ConfigFile.parse(
                        """
                        apiVersion: kubescheduler.config.k8s.io/v1
                        kind: KubeSchedulerConfiguration
                        clientConnection:
                          kubeconfig: "/var/lib/kubernetes/kube-scheduler.kubeconfig"
                        leaderElection:
                          leaderElect: true
                        podMaxBackoffSeconds: 20
                        profiles:
                        - schedulerName: mine
                          plugins:
                            score:
                              disabled: [{name: "*"}]
                              enabled: [{name: NodeResourcesFit, weight: 5}]
                            filter:
                              disabled: [{name: NodePorts}]
                        """,
                        "f");
        assertThat(file.kubeconfig()).isEqualTo("/var/lib/kubernetes/kube-scheduler.kubeconfig");
        assertThat(file.leaderElection()).containsEntry("leaderElect", "true");
        assertThat(file.lastBackoff()).isEqualTo(Duration.ofSeconds(20));
        assertThat(file.profiles())
                .singleElement()
                .satisfies(profile -> {
                    assertThat(profile.schedulerName()).isEqualTo("mine");
                    assertThat(profile.scores()).hasSize(1);
                    assertThat(profile.scores().getFirst().weight()).isEqualTo(5);
                    assertThat(profile.filters())
                            .noneMatch(filter -> filter.name().equals("NodePorts"));
                });
    }

    /** One node is half full; the argument says whether that is good. */
    @ParameterizedTest
    @CsvSource({
        "LeastAllocated, cpu, empty",
        "MostAllocated, cpu, half",
        "MostAllocated, memory, half",
        "MostAllocated, example.com/gpu, half"
    })
    void nodesAreSparedOrFilled(String type, String resource, String chosen) throws IOException {
        ConfigFile file =
                ConfigFile.parse(
                        """
                        apiVersion: kubescheduler.config.k8s.io/v1
                        kind: KubeSchedulerConfiguration
                        profiles:
                        - schedulerName: a
                          plugins: {score: {disabled: [{name: "*"}], enabled: [{name: NodeResourcesFit, weight: 1}]}}
                          pluginConfig:
                          - name: NodeResourcesFit
                            args: {scoringStrategy: {type: %s, resources: [{name: %s, weight: 3}]}}
                        """
                                .formatted(type, resource),
                        "f");
        KubeObject node =
                TestObjects.object(
                        "{'metadata': {'name': 'half'}, 'status': {'allocatable': {'cpu': '4',"
                                + " 'memory': '4Gi', 'example.com/gpu': '4', 'pods': '9'}}}");
        String asks =
                "{'spec': {'nodeName': null, 'containers': [{'name': 'c', 'resources': {'requests':"
                        + " {'cpu': '1', 'memory': '1Gi', 'example.com/gpu': '1'}}}]}}";
        PodInfo there = PodInfo.of(TestObjects.with(TestObjects.pod("p"), asks));
        Snapshot cluster =
                new Snapshot(
                        List.of(
                                NodeInfo.of(node, List.of(there)),
                                NodeInfo.of(
                                        TestObjects.with(node, "{'metadata': {'name': 'empty'}}"),
                                        List.of())),
                        Map.of());
        PodInfo pod = PodInfo.of(TestObjects.with(TestObjects.pod("new"), asks));
        NodeInfo found =
                file.profiles().getFirst().place(pod, cluster, 0, new SplittableRandom(1)).node();
        assertThat(Objects.requireNonNull(found).name()).isEqualTo(chosen);
    }

    private record Case(String name, String text, String wanted) {}

    private static Stream<Case> cases() throws IOException {
        String all = Files.readString(Path.of("src/test/testdata/config.txt"));
        return Stream.of(all.split("(?m)^=== "))
                .skip(1)
                .map(one -> {
                    int text = one.indexOf('\n') + 1;
                    int wanted = one.indexOf("---\n");
                    return new Case(
                            one.substring(0, text - 1),
                            one.substring(text, wanted),
                            one.substring(wanted + 4).strip());
                });
    }

    /** What kube-scheduler 1.36.2 says of each file. */
    @TestFactory
    Stream<DynamicTest> filesAreTakenOrRefusedAsUpstreamDoes() throws IOException {
        return cases().map(one ->
                dynamicTest(
                        one.name(), () -> assertThat(said(one.text())).isEqualTo(one.wanted())));
    }

    private static String said(String text) {
        try {
            return ConfigFile.parse(text, "f").profiles().isEmpty() ? "nothing" : "taken";
        } catch (IOException e) {
            return Objects.requireNonNull(e.getMessage()).strip();
        }
    }
}
