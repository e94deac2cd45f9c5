package io.jarnetes.apiserver.server.bootstrap;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.api.Test;

class IdentityTest {

    @Test
    void theNameIsUpstreams() {
        assertThat(Identity.name("vm")).isEqualTo("apiserver-wlv32tlttr4jl3gtroqexyxapa");
    }

    @Test
    void timesHaveMicroseconds() {
        assertThat(Identity.microTime(Instant.parse("2026-01-02T03:04:05.5Z")))
                .isEqualTo("2026-01-02T03:04:05.500000Z");
    }
}
