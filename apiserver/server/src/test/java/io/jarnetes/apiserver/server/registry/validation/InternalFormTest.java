package io.jarnetes.apiserver.server.registry.validation;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Against what upstream's apiserver printed. */
class InternalFormTest {

    @Test
    void showsEveryFieldOfItsType() {
        assertThat(InternalForm.of("PodDisruptionBudgetSpec", json("{'minAvailable':1}")))
                .hasToString(
                        "{\"MinAvailable\":1,\"Selector\":null,\"MaxUnavailable\":null,"
                                + "\"UnhealthyPodEvictionPolicy\":null}");
        assertThat(InternalForm.of("StatefulSetUpdateStrategy", json("{'type':'X'}")))
                .hasToString("{\"Type\":\"X\",\"RollingUpdate\":null}");
    }

    @Test
    void keepsWhatIsSaidOfTheHostWithTheSecurityContext() {
        JsonNode shown = InternalForm.of("PodSpec", json("{'hostNetwork':true}"));
        assertThat(shown.at("/SecurityContext/HostNetwork").asBoolean()).isTrue();
        assertThat(shown.at("/SecurityContext/HostPID").asBoolean(true)).isFalse();
    }

    @Test
    void showsWhatDiffers() {
        String diff =
                InternalForm.diff(
                        "PersistentVolumeSource",
                        json("{'hostPath':{'path':'/x','type':''}}"),
                        json("{'hostPath':{'path':'/y','type':''}}"));
        assertThat(diff)
                .isEqualTo(
                        """
                        @@ -2,7 +2,7 @@
                          "GCEPersistentDisk": null,
                          "AWSElasticBlockStore": null,
                          "HostPath": {
                        -  "Path": "/x",
                        +  "Path": "/y",
                           "Type": ""
                          },
                          "Glusterfs": null,
                        """);
    }

    @Test
    void showsLinesThatComeAndGo() {
        List<String> old = numbers(1, 30);
        List<String> now = new ArrayList<>(old);
        now.remove("5");
        now.add(now.indexOf("20") + 1, "new");
        assertThat(UnifiedDiff.of(old, now))
                .isEqualTo(
                        """
                        @@ -2,7 +2,6 @@
                         2
                         3
                         4
                        -5
                         6
                         7
                         8
                        @@ -18,6 +17,7 @@
                         18
                         19
                         20
                        +new
                         21
                         22
                         23
                        """);
        assertThat(UnifiedDiff.of(old, old)).isEmpty();
    }

    private static List<String> numbers(int from, int to) {
        List<String> lines = new ArrayList<>();
        for (int i = from; i <= to; i++) {
            lines.add(Integer.toString(i));
        }
        return lines;
    }

    private static JsonNode json(String text) {
        return JsonMapper.shared().readTree(text.replace('\'', '"'));
    }
}
