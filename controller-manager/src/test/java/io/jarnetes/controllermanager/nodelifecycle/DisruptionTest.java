package io.jarnetes.controllermanager.nodelifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import io.jarnetes.controllermanager.nodelifecycle.Disruption.ZoneState;
import io.jarnetes.kubeclient.KubeObject;
import io.jarnetes.kubeclient.TestObjects;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DisruptionTest {

    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

    private final Disruption disruption = new Disruption();

    private static KubeObject node(String name, String zone, boolean ready, String labels) {
        return TestObjects.object(
                ("{'metadata': {'name': '%s', 'labels': {'topology.kubernetes.io/zone': '%s'%s}},"
                                + " 'status': {'conditions': [{'type': 'Ready', 'status': '%s'}]}}")
                        .formatted(name, zone, labels, ready ? "True" : "Unknown"));
    }

    private static List<KubeObject> nodes(String zone, int ready, int silent) {
        List<KubeObject> nodes = new ArrayList<>();
        for (int i = 0; i < ready + silent; i++) {
            nodes.add(node(zone + i, zone, i < ready, ""));
        }
        return nodes;
    }

    private static List<KubeObject> both(List<KubeObject> one, List<KubeObject> other) {
        List<KubeObject> all = new ArrayList<>(one);
        all.addAll(other);
        return all;
    }

    /** Three not ready and 55 % of a zone make it disturbed; all of it, disturbed wholly. */
    @ParameterizedTest
    @CsvSource({
        "3, 0, NORMAL",
        "1, 2, NORMAL",
        "3, 3, NORMAL",
        "2, 3, PARTIAL_DISRUPTION",
        "9, 11, PARTIAL_DISRUPTION",
        "10, 11, NORMAL",
        "0, 1, FULL_DISRUPTION",
        "0, 9, FULL_DISRUPTION"
    })
    void aZoneIsAsItsNodesAre(int ready, int silent, ZoneState state) {
        disruption.observe(both(nodes("a", ready, silent), nodes("b", 1, 0)));
        assertThat(disruption.state(" a")).isEqualTo(state);
        assertThat(disruption.state(" b")).isEqualTo(ZoneState.NORMAL);
        assertThat(disruption.everywhere()).isFalse();
    }

    @Test
    void oneNodeInTenSecondsPerZone() {
        disruption.observe(both(nodes("a", 3, 2), nodes("b", 3, 1)));
        assertThat(disruption.ask(" a", NOW)).isZero();
        assertThat(disruption.ask(" a", NOW.plusSeconds(4))).isEqualTo(Duration.ofSeconds(6));
        assertThat(disruption.ask(" b", NOW.plusSeconds(4))).isZero();
        assertThat(disruption.ask(" a", NOW.plusSeconds(10))).isZero();
    }

    @Test
    void aSmallDisturbedZoneIsLeftAlone() {
        disruption.observe(nodes("a", 2, 48));
        assertThat(disruption.state(" a")).isEqualTo(ZoneState.PARTIAL_DISRUPTION);
        assertThat(disruption.ask(" a", NOW)).isPositive();
        assertThat(disruption.ask(" a", NOW.plusSeconds(10_000))).isPositive();
    }

    @Test
    void aLargeDisturbedZoneGoesSlowly() {
        disruption.observe(nodes("a", 2, 49));
        assertThat(disruption.ask(" a", NOW)).isZero();
        assertThat(disruption.ask(" a", NOW.plusSeconds(40))).isEqualTo(Duration.ofSeconds(60));
        assertThat(disruption.ask(" a", NOW.plusSeconds(100))).isZero();
    }

    @Test
    void aZoneThatIsWhollySilentIsEmptiedAtTheUsualPace() {
        disruption.observe(both(nodes("a", 0, 4), nodes("b", 2, 0)));
        assertThat(disruption.ask(" a", NOW)).isZero();
        assertThat(disruption.ask(" a", NOW.plusSeconds(10))).isZero();
    }

    @Test
    void withNoNodeReadyAtAllNobodyIsEvicted() {
        disruption.observe(both(nodes("a", 0, 2), nodes("b", 0, 1)));
        assertThat(disruption.everywhere()).isTrue();
        assertThat(disruption.ask(" a", NOW)).isPositive();
        assertThat(disruption.observe(both(nodes("a", 0, 2), nodes("b", 0, 1)))).isFalse();
        assertThat(disruption.observe(both(nodes("a", 1, 1), nodes("b", 0, 1)))).isTrue();
        assertThat(disruption.everywhere()).isFalse();
        assertThat(disruption.ask(" a", NOW)).isZero();
        assertThat(disruption.observe(nodes("a", 1, 1))).isFalse();
    }

    @Test
    void someNodesMayBeLeftOut() {
        List<KubeObject> nodes = new ArrayList<>(nodes("a", 0, 2));
        nodes.add(node("x", "a", true, ", 'node.kubernetes.io/exclude-disruption': ''"));
        disruption.observe(nodes);
        assertThat(disruption.everywhere()).isTrue();
        disruption.observe(List.of());
        assertThat(disruption.everywhere()).isFalse();
    }
}
