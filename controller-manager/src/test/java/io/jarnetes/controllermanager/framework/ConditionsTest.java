package io.jarnetes.controllermanager.framework;

import static org.assertj.core.api.Assertions.assertThat;

import io.jarnetes.kubeclient.Json;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.node.ObjectNode;

class ConditionsTest {

    private static final Instant ONE = Instant.parse("2026-01-01T00:00:01Z");
    private static final Instant TWO = Instant.parse("2026-01-01T00:00:02Z");

    @Test
    void theTransitionTimeMovesWithTheStatusOnly() {
        ObjectNode status = Json.object();
        assertThat(Conditions.set(status, "Ready", "False", "A", "", ONE)).isTrue();
        assertThat(Conditions.set(status, "Ready", "False", "A", "", TWO)).isFalse();
        assertThat(Conditions.set(status, "Ready", "False", "B", "m", TWO)).isTrue();
        assertThat(Json.text(Conditions.find(status, "Ready"), "lastTransitionTime"))
                .isEqualTo(ONE.toString());
        assertThat(Conditions.set(status, "Ready", "True", "C", "", TWO)).isTrue();
        assertThat(Json.text(Conditions.find(status, "Ready"), "lastTransitionTime"))
                .isEqualTo(TWO.toString());
        assertThat(status.path("conditions")).hasSize(1);
    }

    @Test
    void theListGoesWithItsLastElement() {
        ObjectNode status = Json.object();
        Conditions.set(status, "Ready", "True", "", "", ONE);
        assertThat(Conditions.remove(status, "Other")).isFalse();
        assertThat(Conditions.remove(status, "Ready")).isTrue();
        assertThat(status.has("conditions")).isFalse();
    }
}
