package io.jarnetes.controllermanager.quota;

import static io.jarnetes.kubeclient.TestObjects.object;
import static io.jarnetes.kubeclient.TestObjects.pod;
import static io.jarnetes.kubeclient.TestObjects.with;
import static org.assertj.core.api.Assertions.assertThat;

import io.jarnetes.kubeclient.KubeObject;
import java.util.List;
import org.junit.jupiter.api.Test;

class UsageTest {

    private static final KubeObject POD =
            with(
                    pod("a"),
                    "{'spec': {'initContainers': [{'resources': {'requests': {'cpu': '2'}}}],"
                            + " 'containers': [{'resources': {'requests': {'cpu': '500m'}, 'limits':"
                            + " {'memory': '1Gi'}}}, {'resources': {'requests': {'cpu': '1'}}}]}}");

    @Test
    void podsCountWhatTheyAskForAtMost() {
        assertThat(Usage.pods("requests.cpu", List.of(POD))).isEqualByComparingTo("2");
        assertThat(Usage.pods("limits.memory", List.of(POD, pod("b"))))
                .isEqualByComparingTo("1073741824");
        KubeObject done = with(POD, "{'status': {'phase': 'Succeeded'}}");
        assertThat(Usage.pods("pods", List.of(POD, done))).isEqualByComparingTo("1");
    }

    @Test
    void scopesSelectPods() {
        KubeObject quota = object("{'spec': {'scopes': ['NotTerminating', 'BestEffort']}}");
        KubeObject bestEffort = with(pod("a"), "{'status': {'qosClass': 'BestEffort'}}");
        assertThat(Usage.inScope(quota, bestEffort)).isTrue();
        assertThat(Usage.inScope(quota, with(bestEffort, "{'spec': {'activeDeadlineSeconds': 5}}")))
                .isFalse();
        assertThat(Usage.inScope(quota, pod("b"))).isFalse();
    }

    @Test
    void servicesAndClaimsCountByKind() {
        KubeObject service =
                object(
                        "{'spec': {'type': 'NodePort', 'ports': [{'nodePort': 1}, {'nodePort': 2}]}}");
        assertThat(Usage.services("services.nodeports", List.of(service)))
                .isEqualByComparingTo("2");
        assertThat(Usage.services("services", List.of(service))).isEqualByComparingTo("1");
        KubeObject claim =
                object(
                        "{'spec': {'storageClassName': 'fast', 'resources': {'requests':"
                                + " {'storage': '2Gi'}}}}");
        assertThat(Usage.claims("requests.storage", List.of(claim)))
                .isEqualByComparingTo("2147483648");
        assertThat(
                        Usage.claims(
                                "slow.storageclass.storage.k8s.io/requests.storage",
                                List.of(claim)))
                .isEqualByComparingTo("0");
    }
}
