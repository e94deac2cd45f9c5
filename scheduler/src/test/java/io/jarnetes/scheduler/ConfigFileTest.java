package io.jarnetes.scheduler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.Test;

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

    @Test
    void refusesOtherKinds() {
        assertThatThrownBy(() -> ConfigFile.parse("apiVersion: v1\nkind: Pod\n", "f.yaml"))
                .isInstanceOf(IOException.class)
                .hasMessageStartingWith("no kind \"Pod\" is registered for version \"v1\"");
    }
}
