package io.jarnetes.kubeclient;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.node.ObjectNode;

class EventCorrelatorTest {

    private final EventCorrelator correlator =
            new EventCorrelator(Clock.fixed(Instant.parse("2026-01-01T00:00:00Z"), ZoneOffset.UTC));

    private static ObjectNode about(String name) {
        return EventRecorder.reference(TestObjects.pod(name), "");
    }

    private EventCorrelator.Decision observe(String pod, String message) {
        return correlator.observe("me", about(pod), "Normal", "Reason", message);
    }

    @Test
    void equalEventsCountUp() {
        EventCorrelator.Decision first = observe("a", "hello");
        correlator.written(first, "a.1");
        assertThat(first.count()).isEqualTo(1);
        assertThat(observe("a", "hello"))
                .satisfies(again -> {
                    assertThat(again.count()).isEqualTo(2);
                    assertThat(again.name()).isEqualTo("a.1");
                });
        assertThat(observe("b", "hello").count()).isEqualTo(1);
        assertThat(observe("a", "other").count()).isEqualTo(1);
    }

    @Test
    void manyDifferentMessagesBecomeOne() {
        for (int i = 0; i < 9; i++) {
            assertThat(observe("a", "message " + i).message()).isEqualTo("message " + i);
        }
        assertThat(observe("a", "message 9").message())
                .isEqualTo("(combined from similar events): message 9");
        assertThat(observe("a", "message 10").count()).isEqualTo(2);
    }

    @Test
    void anObjectMayHave25AtOnce() {
        for (int i = 0; i < 25; i++) {
            assertThat(observe("a", "m").dropped()).isFalse();
        }
        assertThat(observe("a", "m").dropped()).isTrue();
        assertThat(observe("b", "m").dropped()).isFalse();
    }
}
