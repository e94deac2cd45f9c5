package io.jarnetes.controllermanager.framework;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jarnetes.kubeclient.ApiException;
import io.jarnetes.kubeclient.Json;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class SlowStartTest {

    @Test
    void doesAllOfThem() {
        AtomicInteger done = new AtomicInteger();
        SlowStart.run(10, done::incrementAndGet);
        assertThat(done).hasValue(10);
    }

    @Test
    void stopsAfterTheBatchThatFailed() {
        AtomicInteger tried = new AtomicInteger();
        Runnable third =
                () -> {
                    if (tried.incrementAndGet() == 3) {
                        throw ApiException.of(403, Json.of("message", "quota"));
                    }
                };
        assertThatThrownBy(() -> SlowStart.run(100, third)).hasMessage("quota");
        assertThat(tried).hasValue(3);
    }
}
