package io.jarnetes.controllermanager.disruption;

import static io.jarnetes.kubeclient.TestObjects.object;
import static io.jarnetes.kubeclient.TestObjects.pod;
import static io.jarnetes.kubeclient.TestObjects.with;
import static org.assertj.core.api.Assertions.assertThat;

import io.jarnetes.kubeclient.Json;
import io.jarnetes.kubeclient.KubeObject;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BudgetStatusTest {

    private static final Instant NOW = Instant.parse("2026-01-01T00:00:30Z");
    private static final List<KubeObject> PODS =
            List.of(pod("a"), pod("b"), pod("c"), with(pod("d"), "{'status': {'conditions': []}}"));

    private static int allowed(String spec, @Nullable Integer scale) {
        KubeObject budget = object("{'metadata': {'generation': 1}, 'spec': {%s}}".formatted(spec));
        return Json.number(
                -1,
                BudgetStatus.of(budget, BudgetStatus.count(budget, PODS, scale, NOW), NOW),
                "disruptionsAllowed");
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '~',
            value = {
                "'minAvailable': 2, 1",
                "'minAvailable': 3, 0",
                "'minAvailable': '50%', 1",
                "'maxUnavailable': 1, 0",
                "'maxUnavailable': 2, 1",
                "'maxUnavailable': '50%', 1"
            })
    void threeOfFourAreHealthy(String spec, int allowed) {
        assertThat(allowed(spec, 4)).isEqualTo(allowed);
    }

    @Test
    void anEvictionThatIsUnderWayCounts() {
        KubeObject budget =
                object(
                        "{'spec': {'minAvailable': 2}, 'status': {'disruptedPods': {'a':"
                                + " '2026-01-01T00:00:00Z', 'b': '2025-12-31T00:00:00Z'}}}");
        BudgetStatus.Counts counts = BudgetStatus.count(budget, PODS, null, NOW);
        assertThat(counts.healthy()).isEqualTo(2);
        assertThat(counts.disrupted().properties()).hasSize(1);
        assertThat(counts.recheck()).isPresent();
    }
}
