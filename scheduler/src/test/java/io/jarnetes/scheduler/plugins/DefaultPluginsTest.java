package io.jarnetes.scheduler.plugins;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class DefaultPluginsTest {

    private final Cluster cluster = new Cluster().node("n1", "{}").node("n2", "{}");

    private static String cpu(String amount) {
        return "{'spec': {'containers': [{'name': 'c', 'resources': {'requests': {'cpu': '%s'}}}]}}"
                .formatted(amount);
    }

    @Test
    void theEmptierNodeIsChosen() {
        cluster.pod("a", "n1", cpu("3"));
        assertThat(cluster.placed(cpu("500m"))).isEqualTo("n2");
    }

    @Test
    void reasonsAreCounted() {
        cluster.node("n3", "{'spec': {'unschedulable': true}}");
        assertThat(cluster.placed(cpu("5")))
                .isEqualTo(
                        "0/3 nodes are available: 1 node(s) were unschedulable, 2 Insufficient"
                                + " cpu.");
    }

    @Test
    void aClaimThatIsNotThereIsTheWholeReason() {
        assertThat(
                        cluster.placed(
                                "{'spec': {'volumes': [{'name': 'v', 'persistentVolumeClaim':"
                                        + " {'claimName': 'nope'}}], 'containers': []}}"))
                .isEqualTo("0/2 nodes are available: persistentvolumeclaim \"nope\" not found.");
    }

    @Test
    void initContainersAndSidecarsCount() {
        String init =
                "{'spec': {'initContainers': [{'name': 'side', 'restartPolicy': 'Always',"
                        + " 'resources': {'requests': {'cpu': '2'}}}, {'name': 'i', 'resources':"
                        + " {'requests': {'cpu': '3'}}}]}}";
        assertThat(cluster.fitting(init)).isEmpty();
    }

    @Test
    void taintsKeepPodsAwayThatDoNotTolerateThem() {
        cluster.node(
                "n3", "{'spec': {'taints': [{'key': 'k', 'value': 'v', 'effect': 'NoSchedule'}]}}");
        assertThat(cluster.fitting("{}")).containsExactly("n1", "n2");
        assertThat(
                        cluster.fitting(
                                "{'spec': {'tolerations': [{'key': 'k', 'operator': 'Equal',"
                                        + " 'value': 'v'}]}}"))
                .contains("n3");
        assertThat(cluster.fitting("{'spec': {'tolerations': [{'operator': 'Exists'}]}}"))
                .contains("n3");
    }

    @Test
    void softTaintsOnlyCountInTheScore() {
        cluster.pod("a", "n2", cpu("1"));
        Cluster tainted =
                new Cluster()
                        .node(
                                "n1",
                                "{'spec': {'taints': [{'key': 'k', 'effect':"
                                        + " 'PreferNoSchedule'}]}}")
                        .node("n2", "{}");
        assertThat(tainted.placed("{}")).isEqualTo("n2");
        assertThat(cluster.placed("{}")).isEqualTo("n1");
    }

    @Test
    void selectorsAndAffinityDecide() {
        cluster.node("ssd", "{'metadata': {'labels': {'disk': 'ssd'}}}");
        assertThat(cluster.fitting("{'spec': {'nodeSelector': {'disk': 'ssd'}}}"))
                .containsExactly("ssd");
        String required =
                "{'spec': {'affinity': {'nodeAffinity':"
                        + " {'requiredDuringSchedulingIgnoredDuringExecution':"
                        + " {'nodeSelectorTerms': [{'matchFields': [{'key': 'metadata.name',"
                        + " 'operator': 'In', 'values': ['n2']}]}]}}}}}";
        assertThat(cluster.fitting(required)).containsExactly("n2");
        String preferred =
                "{'spec': {'affinity': {'nodeAffinity':"
                        + " {'preferredDuringSchedulingIgnoredDuringExecution': [{'weight': 10,"
                        + " 'preference': {'matchExpressions': [{'key': 'disk', 'operator':"
                        + " 'Exists'}]}}]}}}}";
        assertThat(cluster.placed(preferred)).isEqualTo("ssd");
    }

    @Test
    void hostPortsConflictByAddressAndProtocol() {
        String port =
                "{'spec': {'containers': [{'name': 'c', 'ports': [{'hostPort': 80, 'protocol':"
                        + " '%s', 'hostIP': '%s'}]}]}}";
        cluster.pod("a", "n1", port.formatted("TCP", "127.0.0.1"));
        assertThat(cluster.fitting(port.formatted("TCP", ""))).containsExactly("n2");
        assertThat(cluster.fitting(port.formatted("TCP", "10.0.0.1"))).contains("n1");
        assertThat(cluster.fitting(port.formatted("UDP", ""))).contains("n1");
    }

    @Test
    void tooManyPods() {
        for (int i = 0; i < 10; i++) {
            cluster.pod("p" + i, "n1", "{}");
        }
        assertThat(cluster.fitting("{}")).containsExactly("n2");
    }

    private static final String APP = "{'metadata': {'labels': {'app': 'web'}}}";

    @Test
    void hardSpreadConstraintsLimitTheSkew() {
        cluster.pod("a", "n1", APP);
        String spread =
                "{'metadata': {'labels': {'app': 'web'}}, 'spec': {'topologySpreadConstraints':"
                        + " [{'maxSkew': 1, 'topologyKey': 'kubernetes.io/hostname',"
                        + " 'whenUnsatisfiable': 'DoNotSchedule', 'labelSelector': {'matchLabels':"
                        + " {'app': 'web'}}}]}}";
        assertThat(cluster.fitting(spread)).containsExactly("n2");
    }

    @Test
    void podsOfOneControllerSpreadSoftly() {
        String owned =
                "{'metadata': {'ownerReferences': [{'kind': 'ReplicaSet', 'uid': 'rs',"
                        + " 'controller': true}]}}";
        cluster.pod("a", "n1", owned).pod("b", "n1", owned).pod("other", "n2", "{}");
        cluster.pod("another", "n2", "{}");
        assertThat(cluster.placed(owned)).isEqualTo("n2");
    }

    private static String podAffinity(String kind) {
        return ("{'metadata': {'labels': {'app': 'other'}}, 'spec': {'affinity': {'%s':"
                        + " {'requiredDuringSchedulingIgnoredDuringExecution': [{'topologyKey':"
                        + " 'kubernetes.io/hostname', 'labelSelector': {'matchLabels': {'app':"
                        + " 'web'}}}]}}}}")
                .formatted(kind);
    }

    @Test
    void podsGoToOrAvoidOthers() {
        cluster.pod("a", "n1", APP);
        assertThat(cluster.fitting(podAffinity("podAffinity"))).containsExactly("n1");
        assertThat(cluster.fitting(podAffinity("podAntiAffinity"))).containsExactly("n2");
    }

    @Test
    void podsThatRunKeepOthersAway() {
        cluster.pod("a", "n1", podAffinity("podAntiAffinity"));
        assertThat(cluster.fitting(APP)).containsExactly("n2");
    }

    @Test
    void theFirstOfAGroupNeedsNobodyToJoin() {
        String self = podAffinity("podAffinity").replace("'app': 'other'", "'app': 'web'");
        assertThat(cluster.fitting(self)).containsExactly("n1", "n2");
        assertThat(cluster.fitting(podAffinity("podAffinity"))).isEmpty();
    }

    @Test
    void aPodWhoseClaimIsNotThereSaysSo() {
        assertThat(
                        new Cluster()
                                .node("n1", "{}")
                                .node("n2", "{}")
                                .placed(
                                        "{'spec': {'volumes': [{'name': 'd',"
                                                + " 'persistentVolumeClaim': {'claimName':"
                                                + " 'data'}}]}}"))
                .isEqualTo("0/2 nodes are available: persistentvolumeclaim \"data\" not found.");
    }
}
